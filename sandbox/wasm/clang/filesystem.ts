/**
 * The compiler's file system: a tree in memory. The read-only part (headers, libraries) is built once and shared by all
 * compiles; each compile gets its own root with writable directories beside it. No path leads to the host.
 */

/** Times and ids in the tree are constants, so that nothing a tool writes depends on when or where it ran. */
export interface FileNode {
  readonly type: "file";
  readonly inode: number;
  readonly writable: boolean;
  /** Capacity; only the first `size` bytes count. */
  bytes: Uint8Array;
  size: number;
}

export interface DirectoryNode {
  readonly type: "directory";
  readonly inode: number;
  readonly writable: boolean;
  readonly entries: Map<string, Node>;
}

export type Node = FileNode | DirectoryNode;

/** Inodes identify files to clang (`#pragma once`, headers by identity): unique within one tree, the same in every process. */
let nextSharedInode = 2;
/** Of files made during one run; far above the shared ones. */
const FIRST_PRIVATE_INODE = 0x1000_0000;

export function sharedFile(bytes: Uint8Array): FileNode {
  return { type: "file", inode: nextSharedInode++, writable: false, bytes, size: bytes.length };
}

export function sharedDirectory(): DirectoryNode {
  return { type: "directory", inode: nextSharedInode++, writable: false, entries: new Map() };
}

/** Puts a file into a shared tree, making the directories on its way. `path` is relative, with plain segments only. */
export function addSharedFile(root: DirectoryNode, path: string, bytes: Uint8Array): void {
  const segments = path.split("/");
  const name = segments.pop() as string;
  let directory = root;
  for (const segment of segments) {
    const next = directory.entries.get(segment);
    if (next?.type === "file") throw new RangeError(`${segment} in ${path} is a file`);
    if (next !== undefined) {
      directory = next;
      continue;
    }
    const made = sharedDirectory();
    directory.entries.set(segment, made);
    directory = made;
  }
  directory.entries.set(name, sharedFile(bytes));
}

/** One run's own root. What a tool writes is bounded in sum by `writtenBytesMax`; beyond it writes fail (ENOSPC). */
export class RunFiles {
  readonly root: DirectoryNode;
  readonly #writtenBytesMax: number;
  #writtenBytes = 0;
  #nextInode = FIRST_PRIVATE_INODE;

  constructor(shared: Readonly<Record<string, DirectoryNode>>, writtenBytesMax: number) {
    this.#writtenBytesMax = writtenBytesMax;
    this.root = { type: "directory", inode: 1, writable: false, entries: new Map(Object.entries(shared)) };
  }

  directory(name: string, writable: boolean): DirectoryNode {
    const directory: DirectoryNode = { type: "directory", inode: this.#nextInode++, writable, entries: new Map() };
    this.root.entries.set(name, directory);
    return directory;
  }

  /** An input of this run: read-only to the tool. */
  addFile(directory: DirectoryNode, name: string, bytes: Uint8Array): void {
    directory.entries.set(name, {
      type: "file",
      inode: this.#nextInode++,
      writable: false,
      bytes,
      size: bytes.length,
    });
  }

  createFile(directory: DirectoryNode, name: string): FileNode {
    const file: FileNode = {
      type: "file",
      inode: this.#nextInode++,
      writable: true,
      bytes: new Uint8Array(0),
      size: 0,
    };
    directory.entries.set(name, file);
    return file;
  }

  /** False when the run's write bound is reached: nothing is written then. */
  write(file: FileNode, offset: number, data: Uint8Array): boolean {
    const end = offset + data.length;
    const isNew = offset >= file.size;
    if (end > file.size && !this.resize(file, end)) return false;
    // New bytes are zero already, and those of large static arrays in an object stay untouched by the host's memory.
    if (!isNew || !isZero(data)) file.bytes.set(data, offset);
    return true;
  }

  resize(file: FileNode, size: number): boolean {
    const growth = size - file.size;
    if (this.#writtenBytes + growth > this.#writtenBytesMax) return false;
    if (size > file.bytes.length) {
      // Grows in place, so that untouched pages are never copied.
      const buffer = file.bytes.buffer as ArrayBuffer;
      const capacity = Math.min(Math.max(size, file.bytes.length * 2, 65_536), this.#writtenBytesMax);
      if (buffer.resizable) buffer.resize(capacity);
      else file.bytes = new Uint8Array(new ArrayBuffer(capacity, { maxByteLength: this.#writtenBytesMax }));
    } else if (growth < 0) {
      file.bytes.fill(0, size, file.size);
    }
    file.size = size;
    this.#writtenBytes += growth;
    return true;
  }
}

const ZEROS = Buffer.alloc(4096);

function isZero(data: Uint8Array): boolean {
  for (let at = 0; at < data.length; at += ZEROS.length) {
    const length = Math.min(ZEROS.length, data.length - at);
    if (ZEROS.compare(data, at, at + length, 0, length) !== 0) return false;
  }
  return true;
}

/** The bytes of a file somewhere below `root`, or undefined. */
export function fileAt(root: DirectoryNode, path: string): Uint8Array | undefined {
  let node: Node | undefined = root;
  for (const segment of path.split("/")) {
    if (segment === "") continue;
    if (node?.type !== "directory") return undefined;
    node = node.entries.get(segment);
  }
  return node?.type === "file" ? node.bytes.subarray(0, node.size) : undefined;
}
