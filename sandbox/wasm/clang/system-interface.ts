/**
 * What the compiler can ask of its host: the preview-1 functions that the LLVM module imports, over a tree in memory.
 * There is no environment, no real time, no true randomness and no host path, so a tool's output is a function of its
 * arguments and files.
 */
import type { DirectoryNode, FileNode, Node, RunFiles } from "./filesystem.ts";

/** Preview-1 error numbers (wasi-libc `__errno_values.h`). */
const SUCCESS = 0;
const BADF = 8;
const EXIST = 20;
const INVAL = 28;
const ISDIR = 31;
const NOENT = 44;
const NOSPC = 51;
const NOSYS = 52;
const NOTDIR = 54;
const NOTEMPTY = 55;
const ROFS = 69;
const SPIPE = 70;

const TYPE_CHARACTER_DEVICE = 2;
const TYPE_DIRECTORY = 3;
const TYPE_FILE = 4;

const OFLAG_CREATE = 1;
const OFLAG_DIRECTORY = 2;
const OFLAG_EXCLUSIVE = 4;
const OFLAG_TRUNCATE = 8;
const FDFLAG_APPEND = 1;
const RIGHT_WRITE = 64n;

/** The only preopened directory: the root of the run's tree. */
const ROOT_FD = 3;
/** Clang keeps few files open; an include bomb must not make this table large. */
const OPEN_FILES_MAX = 1024;
const ALL_RIGHTS = 0x3fffffffn;

interface OpenFile {
  readonly node: Node;
  readonly append: boolean;
  position: number;
}

/** The tool called `exit`. */
export class ToolExit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

export interface SystemInterface {
  readonly imports: Readonly<Record<string, (...args: never[]) => number>>;
  /** Standard error and output in order, cut at the bound. */
  log(): Uint8Array;
}

/**
 * @param memory asked for at each call: the module's memory grows.
 * @param logBytesMax what is written beyond it is dropped.
 */
export function systemInterface(
  args: readonly string[],
  files: RunFiles,
  memory: () => ArrayBuffer,
  logBytesMax: number,
): SystemInterface {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const argBytes = args.map((arg) => encoder.encode(`${arg}\0`));
  const open = new Map<number, OpenFile>();
  open.set(ROOT_FD, { node: files.root, append: false, position: 0 });
  let nextFd = ROOT_FD + 1;
  const log = new Uint8Array(logBytesMax);
  let logLength = 0;
  // SplitMix-like constant sequence: names of temporary files, hash seeds.
  let random = 0x9e3779b9;

  const view = () => new DataView(memory());
  const bytes = (pointer: number, length: number) => new Uint8Array(memory(), pointer, length);

  /** The node at a path, its parent and its last segment; `..` at the root stays there. */
  function resolve(pointer: number, length: number): { parent: DirectoryNode; name: string; node?: Node } | number {
    const trail: DirectoryNode[] = [files.root];
    let node: Node | undefined = files.root;
    let parent = files.root;
    let name = ".";
    for (const segment of decoder.decode(bytes(pointer, length)).split("/")) {
      if (segment === "" || segment === ".") continue;
      if (node === undefined) return NOENT;
      if (node.type !== "directory") return NOTDIR;
      if (segment === "..") {
        if (trail.length > 1) trail.pop();
        node = trail.at(-1) as DirectoryNode;
        parent = trail.at(-2) ?? files.root;
        name = ".";
        continue;
      }
      parent = node;
      name = segment;
      node = node.entries.get(segment);
      if (node?.type === "directory") trail.push(node);
    }
    return node === undefined ? { parent, name } : { parent, name, node };
  }

  function writeFilestat(pointer: number, node: Node): void {
    const out = view();
    out.setBigUint64(pointer, 1n, true);
    out.setBigUint64(pointer + 8, BigInt(node.inode), true);
    out.setBigUint64(pointer + 16, BigInt(node.type === "directory" ? TYPE_DIRECTORY : TYPE_FILE), true);
    out.setBigUint64(pointer + 24, 1n, true);
    out.setBigUint64(pointer + 32, BigInt(node.type === "file" ? node.size : 0), true);
    for (const time of [40, 48, 56]) out.setBigUint64(pointer + time, 0n, true);
  }

  function readInto(file: FileNode, position: number, iovs: number, count: number): number {
    const table = view();
    let done = 0;
    for (let i = 0; i < count; i++) {
      const pointer = table.getUint32(iovs + i * 8, true);
      const length = table.getUint32(iovs + i * 8 + 4, true);
      const from = Math.min(position + done, file.size);
      const chunk = file.bytes.subarray(from, Math.min(from + length, file.size));
      bytes(pointer, length).set(chunk);
      done += chunk.length;
      if (chunk.length < length) break;
    }
    return done;
  }

  function writeFrom(iovs: number, count: number, sink: (chunk: Uint8Array) => boolean): number | undefined {
    const table = view();
    let done = 0;
    for (let i = 0; i < count; i++) {
      const chunk = bytes(table.getUint32(iovs + i * 8, true), table.getUint32(iovs + i * 8 + 4, true));
      if (!sink(chunk)) return undefined;
      done += chunk.length;
    }
    return done;
  }

  function toLog(chunk: Uint8Array): boolean {
    const kept = chunk.subarray(0, logBytesMax - logLength);
    log.set(kept, logLength);
    logLength += kept.length;
    return true;
  }

  function removeEntry(pointer: number, length: number, type: Node["type"]): number {
    const found = resolve(pointer, length);
    if (typeof found === "number") return found;
    if (found.node === undefined) return NOENT;
    if (!found.parent.writable) return ROFS;
    if (found.node.type !== type) return type === "file" ? ISDIR : NOTDIR;
    if (found.node.type === "directory" && found.node.entries.size > 0) return NOTEMPTY;
    found.parent.entries.delete(found.name);
    return SUCCESS;
  }

  const imports = {
    args_sizes_get(countPointer: number, sizePointer: number): number {
      view().setUint32(countPointer, argBytes.length, true);
      view().setUint32(
        sizePointer,
        argBytes.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return SUCCESS;
    },
    args_get(pointers: number, buffer: number): number {
      let at = buffer;
      argBytes.forEach((arg, i) => {
        view().setUint32(pointers + i * 4, at, true);
        bytes(at, arg.length).set(arg);
        at += arg.length;
      });
      return SUCCESS;
    },
    environ_sizes_get(countPointer: number, sizePointer: number): number {
      view().setUint32(countPointer, 0, true);
      view().setUint32(sizePointer, 0, true);
      return SUCCESS;
    },
    environ_get: (): number => SUCCESS,
    clock_time_get(_id: number, _precision: bigint, pointer: number): number {
      view().setBigUint64(pointer, 0n, true);
      return SUCCESS;
    },
    fd_close(fd: number): number {
      return fd > ROOT_FD && open.delete(fd) ? SUCCESS : BADF;
    },
    fd_fdstat_get(fd: number, pointer: number): number {
      const file = open.get(fd);
      if (file === undefined && fd > 2) return BADF;
      const type =
        file === undefined ? TYPE_CHARACTER_DEVICE : file.node.type === "directory" ? TYPE_DIRECTORY : TYPE_FILE;
      const out = view();
      out.setUint8(pointer, type);
      out.setUint16(pointer + 2, file?.append ? FDFLAG_APPEND : 0, true);
      out.setBigUint64(pointer + 8, ALL_RIGHTS, true);
      out.setBigUint64(pointer + 16, ALL_RIGHTS, true);
      return SUCCESS;
    },
    fd_filestat_get(fd: number, pointer: number): number {
      const file = open.get(fd);
      if (file !== undefined) {
        writeFilestat(pointer, file.node);
        return SUCCESS;
      }
      if (fd > 2) return BADF;
      bytes(pointer, 64).fill(0);
      view().setUint8(pointer + 16, TYPE_CHARACTER_DEVICE);
      return SUCCESS;
    },
    fd_filestat_set_size(fd: number, size: bigint): number {
      const file = open.get(fd);
      if (file?.node.type !== "file" || !file.node.writable) return BADF;
      return files.resize(file.node, Number(size)) ? SUCCESS : NOSPC;
    },
    fd_filestat_set_times: (): number => SUCCESS,
    fd_prestat_get(fd: number, pointer: number): number {
      if (fd !== ROOT_FD) return BADF;
      view().setUint32(pointer, 0, true);
      view().setUint32(pointer + 4, 1, true);
      return SUCCESS;
    },
    fd_prestat_dir_name(fd: number, pointer: number): number {
      if (fd !== ROOT_FD) return BADF;
      bytes(pointer, 1)[0] = 0x2f;
      return SUCCESS;
    },
    fd_read(fd: number, iovs: number, count: number, donePointer: number): number {
      const file = open.get(fd);
      if (file === undefined && fd !== 0) return BADF;
      if (file?.node.type === "directory") return ISDIR;
      let done = 0;
      if (file?.node.type === "file") {
        done = readInto(file.node, file.position, iovs, count);
        file.position += done;
      }
      view().setUint32(donePointer, done, true);
      return SUCCESS;
    },
    fd_pread(fd: number, iovs: number, count: number, offset: bigint, donePointer: number): number {
      const file = open.get(fd);
      if (file?.node.type !== "file") return BADF;
      view().setUint32(donePointer, readInto(file.node, Number(offset), iovs, count), true);
      return SUCCESS;
    },
    fd_write(fd: number, iovs: number, count: number, donePointer: number): number {
      const file = open.get(fd);
      let done: number | undefined;
      if (file?.node.type === "file" && file.node.writable) {
        const { node } = file;
        done = writeFrom(iovs, count, (chunk) => {
          if (file.append) file.position = node.size;
          if (!files.write(node, file.position, chunk)) return false;
          file.position += chunk.length;
          return true;
        });
      } else if (fd === 1 || fd === 2) {
        done = writeFrom(iovs, count, toLog);
      } else {
        return BADF;
      }
      if (done === undefined) return NOSPC;
      view().setUint32(donePointer, done, true);
      return SUCCESS;
    },
    fd_seek(fd: number, offset: bigint, whence: number, pointer: number): number {
      const file = open.get(fd);
      if (file === undefined) return fd <= 2 ? SPIPE : BADF;
      if (file.node.type !== "file") return BADF;
      const base = whence === 0 ? 0 : whence === 1 ? file.position : file.node.size;
      const position = base + Number(offset);
      if (position < 0) return INVAL;
      file.position = position;
      view().setBigUint64(pointer, BigInt(position), true);
      return SUCCESS;
    },
    fd_readdir(fd: number, buffer: number, length: number, cookie: bigint, donePointer: number): number {
      const file = open.get(fd);
      if (file?.node.type !== "directory") return BADF;
      let done = 0;
      let index = 0;
      for (const [name, node] of file.node.entries) {
        if (index++ < Number(cookie)) continue;
        const nameBytes = encoder.encode(name);
        const entry = new Uint8Array(24 + nameBytes.length);
        const out = new DataView(entry.buffer);
        out.setBigUint64(0, BigInt(index), true);
        out.setBigUint64(8, BigInt(node.inode), true);
        out.setUint32(16, nameBytes.length, true);
        out.setUint8(20, node.type === "directory" ? TYPE_DIRECTORY : TYPE_FILE);
        entry.set(nameBytes, 24);
        const kept = entry.subarray(0, length - done);
        bytes(buffer + done, kept.length).set(kept);
        done += kept.length;
        if (done === length) break;
      }
      view().setUint32(donePointer, done, true);
      return SUCCESS;
    },
    path_open(
      _dirFd: number,
      _dirFlags: number,
      path: number,
      pathLength: number,
      oflags: number,
      rights: bigint,
      _inheriting: bigint,
      fdFlags: number,
      fdPointer: number,
    ): number {
      if (open.size >= OPEN_FILES_MAX) return NOSPC;
      const found = resolve(path, pathLength);
      if (typeof found === "number") return found;
      let { node } = found;
      if (node === undefined) {
        if ((oflags & OFLAG_CREATE) === 0) return NOENT;
        if (!found.parent.writable) return ROFS;
        node = files.createFile(found.parent, found.name);
      } else {
        if ((oflags & OFLAG_EXCLUSIVE) !== 0) return EXIST;
        if ((oflags & OFLAG_DIRECTORY) !== 0 && node.type !== "directory") return NOTDIR;
        if (node.type === "file" && !node.writable && (rights & RIGHT_WRITE) !== 0n) return ROFS;
        if ((oflags & OFLAG_TRUNCATE) !== 0) {
          if (node.type !== "file" || !node.writable) return ROFS;
          files.resize(node, 0);
        }
      }
      const fd = nextFd++;
      open.set(fd, { node, append: (fdFlags & FDFLAG_APPEND) !== 0, position: 0 });
      view().setUint32(fdPointer, fd, true);
      return SUCCESS;
    },
    path_filestat_get(_dirFd: number, _flags: number, path: number, length: number, pointer: number): number {
      const found = resolve(path, length);
      if (typeof found === "number") return found;
      if (found.node === undefined) return NOENT;
      writeFilestat(pointer, found.node);
      return SUCCESS;
    },
    path_rename(
      _dirFd: number,
      from: number,
      fromLength: number,
      _newDirFd: number,
      to: number,
      toLength: number,
    ): number {
      const source = resolve(from, fromLength);
      if (typeof source === "number") return source;
      const target = resolve(to, toLength);
      if (typeof target === "number") return target;
      if (source.node?.type !== "file") return NOENT;
      if (!source.parent.writable || !target.parent.writable) return ROFS;
      if (target.node?.type === "directory") return ISDIR;
      source.parent.entries.delete(source.name);
      target.parent.entries.set(target.name, source.node);
      return SUCCESS;
    },
    path_unlink_file: (_dirFd: number, path: number, length: number): number => removeEntry(path, length, "file"),
    path_remove_directory: (_dirFd: number, path: number, length: number): number =>
      removeEntry(path, length, "directory"),
    path_create_directory: (): number => ROFS,
    path_link: (): number => NOSYS,
    path_symlink: (): number => NOSYS,
    path_readlink: (): number => INVAL,
    poll_oneoff: (): number => NOSYS,
    proc_exit(code: number): number {
      throw new ToolExit(code);
    },
    random_get(pointer: number, length: number): number {
      const out = bytes(pointer, length);
      for (let i = 0; i < length; i++) {
        random = Math.imul(random ^ (random >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
        out[i] = random >>> 24;
      }
      return SUCCESS;
    },
  };
  return { imports, log: () => log.slice(0, logLength) };
}
