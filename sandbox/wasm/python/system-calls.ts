/**
 * The system interface of CPython-as-WebAssembly: Emscripten's system calls over a `Host`. Every import of the module that is
 * not named here traps: no JavaScript, no sockets, no processes, no threads, no dynamic libraries can be reached.
 *
 * Layouts: Emscripten 5 / musl, wasm32 (`struct stat`, `dirent64`, `iovec`).
 */
import { absentCalls, type Imports } from "./absent-calls.ts";
import { readCalendar, writeCalendar } from "./calendar.ts";
import { ERRNO, type Errno, SystemCallError } from "./errno.ts";
import type { Node, OpenFile } from "./file-system.ts";
import { normalize } from "./file-system.ts";
import type { Host } from "./host.ts";

/** Cost of a system call, and of each byte it moves, in fuel. */
export const SYSTEM_CALL_FUEL = 200_000;
export const FUEL_PER_BYTE = 20;

/** 2026-01-01T00:00:00Z: when every run begins. */
const START_EPOCH_NS = 1_767_225_600_000_000_000n;
const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const MODE = { file: 0o100444, writableFile: 0o100644, directory: 0o40755, character: 0o20666, pipe: 0o10444 } as const;
const DIRECTORY_ENTRY_BYTES = 280;
const IOVECS_MAX = 1_024;
const CLOCK_REALTIME = 0;

export function systemCalls(host: Host): { readonly env: Imports; readonly wasi: Imports } {
  const { memory, files } = host;

  /** Runs one call: charges it, and turns a refusal into the number that libc expects. */
  const call = (sign: 1 | -1, body: () => number): number => {
    host.charge(SYSTEM_CALL_FUEL);
    try {
      return body();
    } catch (error) {
      if (error instanceof SystemCallError) return sign * error.errno;
      throw error;
    }
  };
  const linux = (body: () => number): number => call(-1, body);
  const wasi = (body: () => void): number =>
    call(1, () => {
      body();
      return 0;
    });

  const pathAt = (address: number): string => {
    const path = memory.path(address);
    if (path === undefined) throw new SystemCallError(ERRNO.NAMETOOLONG);
    return path;
  };
  const resolve = (directory: number, address: number, emptyAllowed = false): string => {
    const path = pathAt(address);
    if (path === "" && !emptyAllowed) throw new SystemCallError(ERRNO.NOENT);
    return normalize(path, directory === AT_FDCWD ? files.cwd : files.at(directory).path);
  };

  const buffers = (vectors: number, count: number): readonly (readonly [number, number])[] => {
    if (count >>> 0 > IOVECS_MAX) throw new SystemCallError(ERRNO.INVAL);
    return Array.from({ length: count }, (_, index) => [
      memory.u32(vectors + index * 8),
      memory.u32(vectors + index * 8 + 4),
    ]);
  };

  const readInto = (file: OpenFile, target: Uint8Array, position: number): number => {
    if (!file.readable) throw new SystemCallError(ERRNO.BADF);
    switch (file.node.type) {
      case "directory":
        throw new SystemCallError(ERRNO.ISDIR);
      case "file": {
        const part = file.node.data.subarray(position, Math.min(file.node.size, position + target.length));
        target.set(part);
        return part.length;
      }
      case "device": {
        if (file.node.device === "random") {
          host.fillRandom(target);
          return target.length;
        }
        if (file.node.device !== "stdin" || target.length === 0) return 0;
        const part = host.io.read(target.length);
        target.set(part);
        return part.length;
      }
    }
  };
  const writeFrom = (file: OpenFile, source: Uint8Array, position: number): number => {
    if (!file.writable) throw new SystemCallError(ERRNO.BADF);
    switch (file.node.type) {
      case "directory":
        throw new SystemCallError(ERRNO.ISDIR);
      case "file":
        files.write(file.node, source, position);
        break;
      case "device":
        if (file.node.device === "stdout") host.io.write(1, source);
        else if (file.node.device === "stderr") host.io.write(2, source);
    }
    return source.length;
  };
  const transfer = (
    fd: number,
    vectors: number,
    count: number,
    at: number | undefined,
    move: (file: OpenFile, bytes: Uint8Array, position: number) => number,
  ): number => {
    const file = files.at(fd);
    let done = 0;
    for (const [address, length] of buffers(vectors, count)) {
      const end = file.append && file.node.type === "file" ? file.node.size : file.position;
      host.charge(length * FUEL_PER_BYTE);
      const moved = move(file, memory.bytes(address, length), at === undefined ? end : at + done);
      done += moved;
      if (at === undefined) file.position = end + moved;
      if (moved < length) break;
    }
    return done;
  };

  const status = (node: Node, address: number): number => {
    const bytes = memory.bytes(address, 96);
    bytes.fill(0);
    const size = node.type === "file" ? node.size : 0;
    memory.setU32(address, 1);
    memory.setU32(address + 4, modeOf(node));
    memory.setU32(address + 8, 1);
    memory.setI64(address + 24, BigInt(size));
    memory.setU32(address + 32, 4_096);
    memory.setU32(address + 36, Math.ceil(size / 512));
    for (const offset of [40, 56, 72]) memory.setI64(address + offset, START_EPOCH_NS / 1_000_000_000n);
    memory.setI64(address + 88, BigInt(node.inode));
    return 0;
  };

  const seek = (fd: number, offset: bigint, whence: number): number => {
    const file = files.at(fd);
    if (file.node.type !== "file") throw new SystemCallError(ERRNO.SPIPE);
    const base = whence === 0 ? 0 : whence === 1 ? file.position : file.node.size;
    const position = base + Number(offset);
    if (!Number.isSafeInteger(position) || position < 0) throw new SystemCallError(ERRNO.INVAL);
    file.position = position;
    return position;
  };

  const directoryEntries = (fd: number, address: number, bytesMax: number): number => {
    const file = files.at(fd);
    if (file.node.type !== "directory") throw new SystemCallError(ERRNO.NOTDIR);
    const names = [".", "..", ...file.node.entries.keys()];
    let written = 0;
    while (file.position < names.length && written + DIRECTORY_ENTRY_BYTES <= bytesMax >>> 0) {
      const name = names[file.position] ?? "";
      const child = file.node.entries.get(name) ?? file.node;
      host.charge(DIRECTORY_ENTRY_BYTES * FUEL_PER_BYTE);
      const at = address + written;
      memory.setI64(at, BigInt(child.inode));
      memory.setI64(at + 8, BigInt(file.position + 1));
      memory.setU16(at + 16, DIRECTORY_ENTRY_BYTES);
      memory.setU8(at + 18, child.type === "directory" ? 4 : child.type === "file" ? 8 : 2);
      memory.setText(at + 19, name.slice(0, 60));
      file.position += 1;
      written += DIRECTORY_ENTRY_BYTES;
    }
    return written;
  };

  const control = (fd: number, command: number, args: number): number => {
    const file = files.at(fd);
    const F = { DUPFD: 0, GETFD: 1, SETFD: 2, GETFL: 3, SETFL: 4, DUPFD_CLOEXEC: 1_030 } as const;
    switch (command) {
      case F.DUPFD:
      case F.DUPFD_CLOEXEC:
        return files.duplicate(fd, memory.i32(args), false);
      case F.GETFD:
      case F.SETFD:
      case F.SETFL:
        return 0;
      case F.GETFL:
        return file.readable ? (file.writable ? 2 : 0) : 1;
      default:
        throw new SystemCallError(ERRNO.INVAL);
    }
  };

  const refuse = (errno: Errno) => (): number => linux(() => -errno);
  const nowNs = (clock: number): bigint => host.elapsedNs() + (clock === CLOCK_REALTIME ? START_EPOCH_NS : 0n);
  const nowMs = (clock: number): number => {
    host.charge(SYSTEM_CALL_FUEL);
    return Number(nowNs(clock) / 1_000n) / 1_000;
  };

  const env: Imports = {
    __syscall_openat: (directory: number, path: number, flags: number) =>
      linux(() => files.open(resolve(directory, path), flags)),
    __syscall_stat64: (path: number, buffer: number) => linux(() => status(files.find(pathAt(path)), buffer)),
    __syscall_lstat64: (path: number, buffer: number) => linux(() => status(files.find(pathAt(path)), buffer)),
    __syscall_fstat64: (fd: number, buffer: number) => linux(() => status(files.at(fd).node, buffer)),
    __syscall_newfstatat: (directory: number, path: number, buffer: number, flags: number) =>
      linux(() => status(files.find(resolve(directory, path, (flags & AT_EMPTY_PATH) !== 0)), buffer)),
    __syscall_faccessat: (directory: number, path: number, mode: number) =>
      linux(() => {
        const node = files.find(resolve(directory, path));
        if ((mode & 2) !== 0 && node.type !== "device" && !node.writable) throw new SystemCallError(ERRNO.ROFS);
        return 0;
      }),
    __syscall_getdents64: (fd: number, buffer: number, bytes: number) =>
      linux(() => directoryEntries(fd, buffer, bytes)),
    __syscall_fcntl64: (fd: number, command: number, args: number) => linux(() => control(fd, command, args)),
    __syscall_ioctl: (fd: number) =>
      linux(() => {
        files.at(fd);
        throw new SystemCallError(ERRNO.NOTTY);
      }),
    __syscall_dup: (fd: number) => linux(() => files.duplicate(fd, 0, false)),
    __syscall_dup3: (fd: number, target: number) => linux(() => files.duplicate(fd, target, true)),
    __syscall_getcwd: (buffer: number, size: number) =>
      linux(() => {
        if (files.cwd.length + 1 > size >>> 0) throw new SystemCallError(ERRNO.INVAL);
        memory.setText(buffer, files.cwd);
        return files.cwd.length + 1;
      }),
    __syscall_chdir: (path: number) =>
      linux(() => {
        const absolute = normalize(pathAt(path), files.cwd);
        if (files.find(absolute).type !== "directory") throw new SystemCallError(ERRNO.NOTDIR);
        files.cwd = absolute;
        return 0;
      }),
    __syscall_mkdirat: (directory: number, path: number) =>
      linux(() => {
        files.createDirectory(resolve(directory, path));
        return 0;
      }),
    __syscall_unlinkat: (directory: number, path: number) =>
      linux(() => {
        files.remove(resolve(directory, path));
        return 0;
      }),
    __syscall_ftruncate64: (fd: number, size: bigint) =>
      linux(() => {
        const { node, writable } = files.at(fd);
        if (node.type !== "file" || !writable || size < 0n) throw new SystemCallError(ERRNO.INVAL);
        files.truncate(node, Number(size));
        return 0;
      }),
    __syscall_readlinkat: refuse(ERRNO.INVAL),
    __syscall_fdatasync: nothing,
    __syscall_fadvise64: nothing,
    __syscall_umask_js: () => 0o22,
    __syscall_getuid32_js: () => 1_000,
    _Py_emscripten_runtime: nothing,
    _Py_CheckEmscriptenSignals_Helper: nothing,
    _emscripten_get_progname: (buffer: number, size: number) => {
      if (size >>> 0 > "python".length) memory.setText(buffer, "python");
    },
    _tzset_js: (timezone: number, daylight: number, standardName: number, summerName: number) => {
      memory.setU32(timezone, 0);
      memory.setU32(daylight, 0);
      memory.setText(standardName, "UTC");
      memory.setText(summerName, "UTC");
    },
    _gmtime_js: (seconds: bigint, address: number) => writeCalendar(memory, seconds, address),
    _localtime_js: (seconds: bigint, address: number) => writeCalendar(memory, seconds, address),
    _timegm_js: (address: number) => readCalendar(memory, address),
    _mktime_js: (address: number) => readCalendar(memory, address),
    emscripten_date_now: () => nowMs(CLOCK_REALTIME),
    emscripten_get_now: () => nowMs(1),
    emscripten_get_heap_max: () => 0xffff0000,
    emscripten_resize_heap: (bytes: number) => (host.grow(bytes >>> 0) ? 1 : 0),
    emscripten_runtime_keepalive_push: () => {},
    emscripten_runtime_keepalive_pop: () => {},
    _emscripten_runtime_keepalive_clear: () => {},
    // Pyodide's table of JavaScript objects is made by a constructor at start-up; it stays empty.
    __hiwire_deduplicate_new: () => null,
    // Pyodide asks whether a descriptor is one of its sockets; none is.
    _try_fcntl64: nothing,
    _try_shutdown: nothing,
    _maybe_poll_async: () => null,
    _maybe_connect_async: () => null,
    _maybe_recvfrom_async: () => null,
    _maybe_sendto_async: () => null,
    // No name is known: EAI_FAIL.
    getaddrinfo: () => -4,
    getnameinfo: () => -4,
    getprotobyname: nothing,
    exit: (code: number) => host.exit(code),
    ...absentCalls(refuse),
  };

  return {
    env,
    wasi: {
      proc_exit: (code: number) => host.exit(code),
      environ_sizes_get: (count: number, size: number) =>
        wasi(() => {
          memory.setU32(count, host.environment.length);
          memory.setU32(
            size,
            host.environment.reduce((sum, entry) => sum + entry.length + 1, 0),
          );
        }),
      environ_get: (pointers: number, buffer: number) =>
        wasi(() => {
          let at = buffer;
          for (const [index, entry] of host.environment.entries()) {
            memory.setU32(pointers + index * 4, at);
            memory.setText(at, entry);
            at += entry.length + 1;
          }
        }),
      fd_close: (fd: number) => wasi(() => files.close(fd)),
      fd_read: (fd: number, vectors: number, count: number, done: number) =>
        wasi(() => memory.setU32(done, transfer(fd, vectors, count, undefined, readInto))),
      fd_pread: (fd: number, vectors: number, count: number, at: bigint, done: number) =>
        wasi(() => memory.setU32(done, transfer(fd, vectors, count, offsetOf(at), readInto))),
      fd_write: (fd: number, vectors: number, count: number, done: number) =>
        wasi(() => memory.setU32(done, transfer(fd, vectors, count, undefined, writeFrom))),
      fd_pwrite: (fd: number, vectors: number, count: number, at: bigint, done: number) =>
        wasi(() => memory.setU32(done, transfer(fd, vectors, count, offsetOf(at), writeFrom))),
      fd_seek: (fd: number, offset: bigint, whence: number, position: number) =>
        wasi(() => memory.setI64(position, BigInt(seek(fd, offset, whence)))),
      fd_sync: (fd: number) => wasi(() => void files.at(fd)),
      fd_fdstat_get: (fd: number, buffer: number) =>
        wasi(() => {
          const { node } = files.at(fd);
          memory.bytes(buffer, 24).fill(0);
          // A character device would count as a terminal; the standard streams are none.
          memory.setU8(buffer, node.type === "directory" ? 3 : node.type === "file" ? 4 : 0);
        }),
      clock_res_get: (_clock: number, result: number) => wasi(() => memory.setI64(result, 1_000n)),
      clock_time_get: (clock: number, _precision: bigint, result: number) =>
        wasi(() => memory.setI64(result, nowNs(clock))),
      random_get: (address: number, length: number) =>
        wasi(() => {
          host.charge((length >>> 0) * FUEL_PER_BYTE);
          host.fillRandom(memory.bytes(address, length));
        }),
    },
  };
}

/** @throws SystemCallError INVAL */
function offsetOf(offset: bigint): number {
  const position = Number(offset);
  if (position < 0 || !Number.isSafeInteger(position)) throw new SystemCallError(ERRNO.INVAL);
  return position;
}

function nothing(): number {
  return 0;
}

function modeOf(node: Node): number {
  switch (node.type) {
    case "file":
      return node.writable ? MODE.writableFile : MODE.file;
    case "directory":
      return MODE.directory;
    case "device":
      return node.device === "null" || node.device === "random" ? MODE.character : MODE.pipe;
  }
}
