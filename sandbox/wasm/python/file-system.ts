/**
 * What a Python program sees of files: the standard library and its own sources, read-only; the standard streams under
 * `/dev`; for validators also the files they were given and one writable directory in memory. Nothing of the host.
 */
import { ERRNO, SystemCallError } from "./errno.ts";
import type { PackedFile } from "./standard-library.ts";

/** Open files at once, beyond the three standard streams. */
const OPEN_FILES_MAX = 64;

export type Node =
  | { readonly type: "file"; readonly inode: number; data: Uint8Array; size: number; readonly writable: boolean }
  | {
      readonly type: "directory";
      readonly inode: number;
      readonly entries: Map<string, Node>;
      readonly writable: boolean;
    }
  | { readonly type: "device"; readonly inode: number; readonly device: Device };

export type Device = "stdin" | "stdout" | "stderr" | "null" | "random";

export interface OpenFile {
  readonly node: Node;
  readonly path: string;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly append: boolean;
  position: number;
}

export const OPEN = {
  ACCESS: 3,
  WRITE: 1,
  READ_WRITE: 2,
  CREATE: 0o100,
  EXCLUSIVE: 0o200,
  TRUNCATE: 0o1000,
  APPEND: 0o2000,
  DIRECTORY: 0o200000,
} as const;

export interface FileSystemLimits {
  /** Bytes in writable files, in sum; 0 where nothing may be written. */
  readonly writtenBytesMax: number;
}

export type FileNode = Node & { readonly type: "file" };
export type DirectoryNode = Node & { readonly type: "directory" };

/** Inodes of mounted trees; those of a run start far above. */
const RUN_INODE_FIRST = 1_000_000;

function packedNode(file: PackedFile, inode: number): FileNode {
  let data: Uint8Array | undefined;
  return {
    type: "file",
    inode,
    size: file.size,
    writable: false,
    get data() {
      return (data ??= file.unpack());
    },
  };
}

/** An immutable tree, shared by all runs: the standard library. Paths are relative. */
export function readOnlyTree(files: ReadonlyMap<string, PackedFile>): DirectoryNode {
  let inodes = 1;
  const directory = (): DirectoryNode => ({ type: "directory", inode: ++inodes, entries: new Map(), writable: false });
  const root = directory();
  for (const path of [...files.keys()].sort()) {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let parent = root;
    for (const part of parts) {
      const child = parent.entries.get(part);
      const next = child?.type === "directory" ? child : directory();
      parent.entries.set(part, next);
      parent = next;
    }
    const file = files.get(path);
    if (file !== undefined) parent.entries.set(name, packedNode(file, ++inodes));
  }
  return root;
}

export class FileSystem {
  readonly #root: DirectoryNode;
  readonly #open: (OpenFile | undefined)[] = [];
  readonly #limits: FileSystemLimits;
  #inodeNext = RUN_INODE_FIRST;
  #writtenBytes = 0;
  cwd = "/";

  /** @param stdin the whole input, which can then be rewound as a file can; undefined for a pipe. */
  constructor(limits: FileSystemLimits, stdin: Uint8Array | undefined) {
    this.#limits = limits;
    this.#root = this.#directory(false);
    const devices: readonly (readonly [string, Device])[] = [
      ["/dev/stdin", "stdin"],
      ["/dev/stdout", "stdout"],
      ["/dev/stderr", "stderr"],
      ["/dev/null", "null"],
      ["/dev/urandom", "random"],
    ];
    for (const [path, device] of devices) this.#place(path, { type: "device", inode: this.#inode(), device });
    if (stdin !== undefined) this.addFile("/dev/stdin", stdin);
    for (const [fd, device] of (["stdin", "stdout", "stderr"] as const).entries()) {
      const path = `/dev/${device}`;
      this.#open.push({
        node: this.find(path),
        path,
        readable: fd === 0,
        writable: fd !== 0,
        append: false,
        position: 0,
      });
    }
  }

  addFile(path: string, data: Uint8Array): void {
    this.#place(path, { type: "file", inode: this.#inode(), data, size: data.length, writable: false });
  }

  /** A file of an earlier run, in a directory that is writable. */
  restoreFile(path: string, bytes: Uint8Array): void {
    this.#place(path, { type: "file", inode: this.#inode(), data: bytes.slice(), size: bytes.length, writable: true });
    this.#writtenBytes += bytes.length + ENTRY_BYTES;
  }

  mount(path: string, tree: DirectoryNode): void {
    this.#place(path, tree);
  }

  addDirectory(path: string, options: { readonly writable: boolean }): void {
    this.#place(path, this.#directory(options.writable));
  }

  /** All regular files below a directory, by absolute path, in order of path; none without a directory. */
  filesBelow(directory: string | undefined): Readonly<Record<string, Uint8Array>> {
    if (directory === undefined) return {};
    const files: [string, Uint8Array][] = [];
    const visit = (node: Node, path: string): void => {
      if (node.type === "file") files.push([path, node.data.slice(0, node.size)]);
      if (node.type === "directory") for (const [name, child] of node.entries) visit(child, `${path}/${name}`);
    };
    visit(this.find(directory), normalize(directory, "/"));
    return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @throws SystemCallError NOENT, NOTDIR */
  find(path: string): Node {
    let node: Node = this.#root;
    for (const part of normalize(path, this.cwd).split("/")) {
      if (part === "") continue;
      if (node.type !== "directory") throw new SystemCallError(ERRNO.NOTDIR);
      const child = node.entries.get(part);
      if (child === undefined) throw new SystemCallError(ERRNO.NOENT);
      node = child;
    }
    return node;
  }

  /** @throws SystemCallError */
  open(path: string, flags: number): number {
    const absolute = normalize(path, this.cwd);
    const access = flags & OPEN.ACCESS;
    const writes = access === OPEN.WRITE || access === OPEN.READ_WRITE;
    const node = this.#findOrCreate(absolute, flags);
    if (node.type === "directory" && writes) throw new SystemCallError(ERRNO.ISDIR);
    if (node.type !== "directory" && (flags & OPEN.DIRECTORY) !== 0) throw new SystemCallError(ERRNO.NOTDIR);
    if (node.type === "file" && writes && !node.writable) throw new SystemCallError(ERRNO.ROFS);
    if (node.type === "file" && writes && (flags & OPEN.TRUNCATE) !== 0) this.truncate(node, 0);
    return this.#add({
      node,
      path: absolute,
      readable: access !== OPEN.WRITE,
      writable: writes,
      append: (flags & OPEN.APPEND) !== 0,
      position: 0,
    });
  }

  /** @throws SystemCallError BADF */
  at(fd: number): OpenFile {
    const file = this.#open[fd];
    if (file === undefined) throw new SystemCallError(ERRNO.BADF);
    return file;
  }

  /** Both numbers name the same open file afterwards, as `dup` wants. */
  duplicate(fd: number, lowest: number, exact: boolean): number {
    const file = this.at(fd);
    if (exact && lowest >= 0 && lowest < OPEN_FILES_MAX) {
      this.#open[lowest] = file;
      return lowest;
    }
    return this.#add(file, Math.max(0, lowest));
  }

  close(fd: number): void {
    this.at(fd);
    this.#open[fd] = undefined;
  }

  /** @throws SystemCallError NOSPC beyond the bound */
  write(node: FileNode, bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (end > node.size) {
      this.#reserve(end - node.size);
      if (end > node.data.length) {
        const grown = new Uint8Array(Math.max(end, Math.min(node.data.length * 2, this.#limits.writtenBytesMax)));
        grown.set(node.data.subarray(0, node.size));
        node.data = grown;
      }
      node.size = end;
    }
    node.data.set(bytes, position);
  }

  truncate(node: FileNode, size: number): void {
    if (!node.writable) throw new SystemCallError(ERRNO.ROFS);
    if (size > node.size) {
      this.#reserve(size - node.size);
      const grown = new Uint8Array(size);
      grown.set(node.data.subarray(0, node.size));
      node.data = grown;
    } else {
      this.#writtenBytes -= node.size - size;
      node.data.fill(0, size);
    }
    node.size = size;
  }

  createDirectory(path: string): void {
    const { parent, name } = this.#parentOf(path);
    if (parent.entries.has(name)) throw new SystemCallError(ERRNO.EXIST);
    if (!parent.writable) throw new SystemCallError(ERRNO.ROFS);
    this.#reserve(ENTRY_BYTES);
    parent.entries.set(name, this.#directory(true));
  }

  remove(path: string): void {
    const { parent, name } = this.#parentOf(path);
    const node = parent.entries.get(name);
    if (node === undefined) throw new SystemCallError(ERRNO.NOENT);
    if (!parent.writable) throw new SystemCallError(ERRNO.ROFS);
    if (node.type === "directory") throw new SystemCallError(ERRNO.ISDIR);
    parent.entries.delete(name);
  }

  #findOrCreate(absolute: string, flags: number): Node {
    const { parent, name } = absolute === "/" ? { parent: this.#root, name: "" } : this.#parentOf(absolute);
    if (name === "") return this.#root;
    const node = parent.entries.get(name);
    if (node !== undefined) {
      const exclusive = OPEN.CREATE | OPEN.EXCLUSIVE;
      if ((flags & exclusive) === exclusive) throw new SystemCallError(ERRNO.EXIST);
      return node;
    }
    if ((flags & OPEN.CREATE) === 0) throw new SystemCallError(ERRNO.NOENT);
    if (!parent.writable) throw new SystemCallError(ERRNO.ROFS);
    this.#reserve(ENTRY_BYTES);
    const created: Node = { type: "file", inode: this.#inode(), data: new Uint8Array(0), size: 0, writable: true };
    parent.entries.set(name, created);
    return created;
  }

  #parentOf(path: string): { parent: DirectoryNode; name: string } {
    const absolute = normalize(path, this.cwd);
    const slash = absolute.lastIndexOf("/");
    const parent = this.find(absolute.slice(0, slash) || "/");
    if (parent.type !== "directory") throw new SystemCallError(ERRNO.NOTDIR);
    return { parent, name: absolute.slice(slash + 1) };
  }

  #place(path: string, node: Node): void {
    const parts = normalize(path, "/").split("/").slice(1);
    const name = parts.pop() ?? "";
    let parent: Node = this.#root;
    for (const part of parts) {
      if (parent.type !== "directory") throw new TypeError(`not a directory above ${path}`);
      const child: Node = parent.entries.get(part) ?? this.#directory(false);
      parent.entries.set(part, child);
      parent = child;
    }
    if (parent.type !== "directory") throw new TypeError(`not a directory above ${path}`);
    parent.entries.set(name, node);
  }

  #add(file: OpenFile, lowest = 0): number {
    for (let fd = lowest; fd < OPEN_FILES_MAX; fd += 1) {
      if (this.#open[fd] === undefined) {
        this.#open[fd] = file;
        return fd;
      }
    }
    throw new SystemCallError(ERRNO.MFILE);
  }

  #reserve(bytes: number): void {
    if (this.#writtenBytes + bytes > this.#limits.writtenBytesMax) throw new SystemCallError(ERRNO.NOSPC);
    this.#writtenBytes += bytes;
  }

  #directory(writable: boolean): DirectoryNode {
    return { type: "directory", inode: this.#inode(), entries: new Map(), writable };
  }

  #inode(): number {
    this.#inodeNext += 1;
    return this.#inodeNext;
  }
}

/** What a new file or directory counts for, so that many empty ones are bounded as well. */
const ENTRY_BYTES = 256;

/** An absolute path without `.`, `..` and empty parts; `..` of the root is the root. */
export function normalize(path: string, base: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
