/**
 * WASI preview 1 (wasi_snapshot_preview1.witx), as much of it as a contest program can use: arguments, standard streams,
 * exit, clocks that move with the cost, seeded random numbers, files in memory. Nothing of the host is reachable, and
 * whatever the program passes, the answer is an error number: only our own bugs throw, and they end in an abstention.
 */
import { DeadlockError } from "../interpreter/program-io.ts";
import { type Descriptor, FDFLAGS_APPEND, filetypeOf, type Stream, writeFdstat, writeFilestat } from "./descriptors.ts";
import { ERRNO, type Errno } from "./errno.ts";
import { type OpenFile, PATH_BYTES_MAX, RunFiles } from "./files.ts";
import { BadPointer, type GuestMemory } from "./guest-memory.ts";
import { absolutePath, FILETYPE, writeEntries } from "./paths.ts";
import { SeededRandom } from "./random.ts";
import type { RunMeter } from "./run-meter.ts";
import { StandardStreams, type SystemOptions } from "./streams.ts";
import { COST_PER_NS, EPOCH_NS, readSubscriptions, SUBSCRIPTIONS_MAX, writeEvents } from "./waiting.ts";

/** Part of the judge profile: goes up whenever a program could see a difference. */
export const WASI_VERSION = 4;
export const WASI_MODULE = "wasi_snapshot_preview1";

/** What host functions charge beside the fixed price of a call: per byte moved, per item looked at. */
const COST_PER_BYTE = 10;
/** A read or write of a standard stream, beside the price of every host call: a system call elsewhere, and as slow. */
const COST_PER_TRANSFER = 30_000;
const COST_PER_RANDOM_BYTE = 200;
/** A path that is looked up: a system call elsewhere, too. */
const COST_PER_PATH = 100_000;
const COST_PER_ITEM = 2_000;
/** Real input and output is moved in pieces of at most this, as Linux pipes would. */
const IOVECS_MAX = 1024;
const ARGUMENT_BYTES_MAX = 65_536;

const OFLAGS = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;
const RIGHTS_WRITE = 64n;
const ROOT_FD = 3;
/** Of all kinds together. */
const DESCRIPTORS_MAX = 256;

/** Names of the standard streams. What is read from one of them goes on where another has stopped, as with a pipe. */
const STREAM_PATHS: ReadonlyMap<string, Descriptor> = new Map(
  (["stdin", "stdout", "stderr"] as const).flatMap((name, fd) =>
    [`/dev/${name}`, `/dev/fd/${fd}`, `/proc/self/fd/${fd}`].map((path) => [
      path,
      { type: "stream", fd: fd as 0 | 1 | 2 },
    ]),
  ),
);

const UTF8 = new TextEncoder();

export class WasiSystem {
  readonly #streams: StandardStreams;
  readonly #files: RunFiles;
  readonly #random = new SeededRandom();
  readonly #arguments: readonly Uint8Array[];
  readonly #descriptors = new Map<number, Descriptor>();
  #memory: GuestMemory | undefined;
  #meter: RunMeter | undefined;

  constructor(options: SystemOptions) {
    const { input, limits } = options;
    this.#streams = new StandardStreams(options);
    this.#files = new RunFiles(input.files ?? {}, input.writableDirectory, limits.stdoutBytesMax);
    this.#files.restore(input.writtenFiles ?? {});
    this.#arguments = ["program", ...input.args].map((argument) => UTF8.encode(`${argument}\0`));
    for (const fd of [0, 1, 2] as const) this.#descriptors.set(fd, { type: "stream", fd });
    this.#descriptors.set(ROOT_FD, { type: "directory", path: "/" });
  }

  /** Gives the system its program; before that, calls (a start function's) find no memory. */
  attach(memory: GuestMemory, meter: RunMeter): void {
    this.#memory = memory;
    this.#meter = meter;
  }

  get stdout(): Uint8Array {
    return this.#streams.stdout;
  }
  get stderr(): Uint8Array {
    return this.#streams.stderr;
  }
  get writtenFiles(): Record<string, Uint8Array> {
    return this.#files.written();
  }

  /** The import object for a module; functions that it imports and that are not here fail the instantiation. */
  imports(): WebAssembly.Imports {
    const functions: Record<string, unknown> = {};
    for (const [name, implementation] of Object.entries(this.#functions()))
      functions[name] = this.#guarded(implementation);
    return { [WASI_MODULE]: functions };
  }

  #guarded(implementation: (...args: never[]) => Errno): (...args: never[]) => Errno {
    return (...args) => {
      try {
        return implementation(...args);
      } catch (error) {
        if (error instanceof BadPointer) return ERRNO.fault;
        if (error instanceof DeadlockError) {
          this.#meter?.stop({ type: "trapped", reason: error.message });
          return ERRNO.io;
        }
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        this.#meter?.stop({ type: "abstained", reason: `system interface: ${reason}` });
        return ERRNO.io;
      }
    };
  }

  get #guest(): GuestMemory {
    if (this.#memory === undefined) throw new BadPointer();
    return this.#memory;
  }

  #charge(units: number): void {
    this.#meter?.charge(units);
  }

  #nowNs(): bigint {
    return BigInt(this.#meter?.cost ?? 0) / COST_PER_NS;
  }

  #functions(): Record<string, (...args: never[]) => Errno> {
    return {
      args_get: (argv: number, buffer: number) => this.#argsGet(argv, buffer),
      args_sizes_get: (count: number, bytes: number) => this.#argsSizes(count, bytes),
      environ_get: ignored,
      environ_sizes_get: (count: number, bytes: number) => this.#pair(count, 0, bytes, 0),
      clock_res_get: (_clock: number, result: number) => this.#store64(result, 1_000n),
      clock_time_get: (clock: number, _precision: bigint, result: number) => this.#clockTime(clock, result),
      fd_advise: ignored,
      fd_allocate: unsupported,
      fd_close: (fd: number) => this.#close(fd),
      fd_datasync: ignored,
      fd_fdstat_get: (fd: number, result: number) => this.#fdstat(fd, result),
      fd_fdstat_set_flags: ignored,
      fd_fdstat_set_rights: ignored,
      fd_filestat_get: (fd: number, result: number) => this.#fdFilestat(fd, result),
      fd_filestat_set_size: (fd: number, size: bigint) => this.#setSize(fd, size),
      fd_filestat_set_times: ignored,
      fd_pread: (fd: number, iovs: number, count: number, offset: bigint, result: number) =>
        this.#readFile(fd, iovs, count, result, Number(offset)),
      fd_prestat_get: (fd: number, result: number) => this.#prestat(fd, result),
      fd_prestat_dir_name: (fd: number, path: number, length: number) => this.#prestatName(fd, path, length),
      fd_pwrite: unsupported,
      fd_read: (fd: number, iovs: number, count: number, result: number) => this.#read(fd, iovs, count, result),
      fd_readdir: (fd: number, buffer: number, length: number, cookie: bigint, result: number) =>
        this.#readDirectory(fd, buffer, length, cookie, result),
      fd_renumber: (from: number, to: number) => this.#renumber(from, to),
      fd_seek: (fd: number, offset: bigint, whence: number, result: number) => this.#seek(fd, offset, whence, result),
      fd_sync: ignored,
      fd_tell: (fd: number, result: number) => this.#seek(fd, 0n, 1, result),
      fd_write: (fd: number, iovs: number, count: number, result: number) => this.#write(fd, iovs, count, result),
      path_create_directory: readOnly,
      path_filestat_get: (fd: number, _flags: number, path: number, length: number, result: number) =>
        this.#pathFilestat(fd, path, length, result),
      path_filestat_set_times: readOnly,
      path_link: readOnly,
      path_open: (
        fd: number,
        _dirflags: number,
        path: number,
        length: number,
        oflags: number,
        rights: bigint,
        _inheriting: bigint,
        fdflags: number,
        result: number,
      ) => this.#open(fd, { path, length, oflags, rights, fdflags }, result),
      path_readlink: () => ERRNO.inval,
      path_remove_directory: readOnly,
      path_rename: readOnly,
      path_symlink: readOnly,
      path_unlink_file: (fd: number, path: number, length: number) => this.#unlink(fd, path, length),
      poll_oneoff: (subscriptions: number, events: number, count: number, result: number) =>
        this.#poll(subscriptions, events, count, result),
      proc_exit: (code: number) => {
        this.#meter?.stop({ type: "exited", code: code & 255 });
        return ERRNO.success;
      },
      proc_raise: (signal: number) => {
        this.#meter?.stop({ type: "trapped", reason: `signal ${signal & 255}` });
        return ERRNO.success;
      },
      random_get: (buffer: number, length: number) => this.#randomGet(buffer, length),
      sched_yield: ignored,
      sock_accept: unsupported,
      sock_recv: unsupported,
      sock_send: unsupported,
      sock_shutdown: unsupported,
    };
  }

  // --- arguments, time, random ---

  #pair(first: number, firstValue: number, second: number, secondValue: number): Errno {
    this.#guest.setU32(first, firstValue);
    this.#guest.setU32(second, secondValue);
    return ERRNO.success;
  }

  #store64(result: number, value: bigint): Errno {
    this.#guest.setU64(result, value);
    return ERRNO.success;
  }

  #argsSizes(count: number, bytes: number): Errno {
    const total = this.#arguments.reduce((sum, argument) => sum + argument.length, 0);
    if (total > ARGUMENT_BYTES_MAX) return ERRNO.inval;
    return this.#pair(count, this.#arguments.length, bytes, total);
  }

  #argsGet(argv: number, buffer: number): Errno {
    let at = buffer >>> 0;
    this.#arguments.forEach((argument, index) => {
      this.#guest.setU32(argv + index * 4, at);
      this.#guest.write(at, argument);
      at += argument.length;
    });
    return ERRNO.success;
  }

  #clockTime(clock: number, result: number): Errno {
    if (clock < 0 || clock > 3) return ERRNO.inval;
    // 0 is the wall clock; the others (monotonic, process and thread time) start at zero.
    return this.#store64(result, (clock === 0 ? EPOCH_NS : 0n) + this.#nowNs());
  }

  #randomGet(buffer: number, length: number): Errno {
    const target = this.#guest.bytes(buffer, length);
    this.#charge(target.length * COST_PER_RANDOM_BYTE);
    if (this.#meter?.exhausted === true) return ERRNO.success;
    this.#random.fill(target);
    return ERRNO.success;
  }

  // --- descriptors ---

  #file(fd: number): OpenFile | Errno {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    if (descriptor.type === "directory") return ERRNO.isdir;
    return descriptor.type === "file" ? descriptor : ERRNO.spipe;
  }

  #close(fd: number): Errno {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    this.#descriptors.delete(fd);
    if (descriptor.type !== "stream" && fd !== ROOT_FD) this.#files.closed();
    return ERRNO.success;
  }

  /** What `freopen` does: `to` is closed and becomes what `from` was. */
  #renumber(from: number, to: number): Errno {
    const descriptor = this.#descriptors.get(from);
    if (descriptor === undefined || !this.#descriptors.has(to)) return ERRNO.badf;
    if (from === ROOT_FD || to === ROOT_FD) return ERRNO.notsup;
    if (from === to) return ERRNO.success;
    this.#close(to);
    this.#descriptors.delete(from);
    this.#descriptors.set(to, descriptor);
    return ERRNO.success;
  }

  #fdstat(fd: number, result: number): Errno {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    return writeFdstat(this.#guest, result, descriptor);
  }

  #fdFilestat(fd: number, result: number): Errno {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    return writeFilestat(
      this.#guest,
      result,
      filetypeOf(descriptor),
      descriptor.type === "file" ? descriptor.file.length : 0,
    );
  }

  #setSize(fd: number, size: bigint): Errno {
    const open = this.#file(fd);
    if (typeof open === "number") return open;
    if (!open.file.writable) return ERRNO.rofs;
    if (size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) return ERRNO.inval;
    this.#charge(Number(size) * COST_PER_BYTE);
    return this.#files.resize(open.file, Number(size)) ? ERRNO.success : ERRNO.nospc;
  }

  // --- reading ---

  #read(fd: number, iovs: number, count: number, result: number): Errno {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    if (descriptor.type !== "stream") return this.#readFile(fd, iovs, count, result, undefined);
    if (descriptor.fd !== 0) return ERRNO.badf;
    this.#charge(COST_PER_TRANSFER);
    const buffers = this.#iovecs(iovs, count);
    if (typeof buffers === "number") return buffers;
    // Check before anything is consumed.
    this.#guest.setU32(result, 0);
    let total = 0;
    for (const buffer of buffers) {
      const read = this.#streams.read(buffer, total === 0);
      total += read;
      if (read < buffer.length) break;
    }
    this.#charge(total * COST_PER_BYTE);
    this.#guest.setU32(result, total);
    return ERRNO.success;
  }

  #readFile(fd: number, iovs: number, count: number, result: number, offset: number | undefined): Errno {
    const open = this.#file(fd);
    if (typeof open === "number") return open;
    const buffers = this.#iovecs(iovs, count);
    if (typeof buffers === "number") return buffers;
    this.#guest.setU32(result, 0);
    const { file } = open;
    const start = offset ?? open.position;
    let at = start;
    for (const buffer of buffers) {
      const chunk = file.bytes.subarray(Math.min(at, file.length), Math.min(at + buffer.length, file.length));
      buffer.set(chunk);
      at += chunk.length;
    }
    if (offset === undefined) open.position = at;
    this.#charge((at - start) * COST_PER_BYTE);
    this.#guest.setU32(result, at - start);
    return ERRNO.success;
  }

  /** Views of the program's buffers, all checked; valid until it runs again. */
  #iovecs(iovs: number, count: number): Uint8Array[] | Errno {
    const length = count >>> 0;
    if (length > IOVECS_MAX) return ERRNO.inval;
    const memory = this.#guest;
    const buffers: Uint8Array[] = [];
    for (let i = 0; i < length; i++) buffers.push(memory.bytes(memory.u32(iovs + i * 8), memory.u32(iovs + i * 8 + 4)));
    return buffers;
  }

  // --- writing ---

  #write(fd: number, iovs: number, count: number, result: number): Errno {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    if (descriptor.type === "directory") return ERRNO.isdir;
    if (descriptor.type === "stream") this.#charge(COST_PER_TRANSFER);
    const buffers = this.#iovecs(iovs, count);
    if (typeof buffers === "number") return buffers;
    this.#guest.setU32(result, 0);
    let total = 0;
    for (const buffer of buffers) {
      this.#charge(buffer.length * COST_PER_BYTE);
      const errno = this.#writeBuffer(descriptor, buffer);
      if (errno !== ERRNO.success) return errno;
      total += buffer.length;
    }
    this.#guest.setU32(result, total % 2 ** 32);
    return ERRNO.success;
  }

  #writeBuffer(descriptor: Stream | OpenFile, buffer: Uint8Array): Errno {
    if (descriptor.type === "file") {
      if (!descriptor.file.writable) return ERRNO.badf;
      return this.#files.write(descriptor, buffer) ? ERRNO.success : ERRNO.nospc;
    }
    if (descriptor.fd === 0) return ERRNO.badf;
    if (buffer.length === 0) return ERRNO.success;
    if (this.#streams.write(descriptor.fd, buffer)) return ERRNO.success;
    this.#meter?.stop({ type: "output-exceeded" });
    return ERRNO.fbig;
  }

  // --- files ---

  #prestat(fd: number, result: number): Errno {
    if (fd !== ROOT_FD || !this.#descriptors.has(ROOT_FD)) return ERRNO.badf;
    return this.#pair(result, 0, result + 4, 1);
  }

  #prestatName(fd: number, path: number, length: number): Errno {
    if (fd !== ROOT_FD || !this.#descriptors.has(ROOT_FD)) return ERRNO.badf;
    if (length >>> 0 < 1) return ERRNO.nametoolong;
    this.#guest.setU8(path, 0x2f);
    return ERRNO.success;
  }

  /** The absolute path that a directory and a relative path stand for; never above the root. */
  #path(fd: number, pointer: number, length: number): string | Errno {
    const directory = this.#descriptors.get(fd);
    if (directory === undefined) return ERRNO.badf;
    if (directory.type !== "directory") return ERRNO.notdir;
    if (length >>> 0 > PATH_BYTES_MAX) return ERRNO.nametoolong;
    this.#charge(COST_PER_PATH);
    return absolutePath(directory.path, this.#guest.bytes(pointer, length));
  }

  #open(
    fd: number,
    request: { path: number; length: number; oflags: number; rights: bigint; fdflags: number },
    result: number,
  ): Errno {
    const path = this.#path(fd, request.path, request.length);
    if (typeof path === "number") return path;
    this.#guest.setU32(result, 0);
    // Before a free number is looked for: a program that opens for ever must not make the host search for ever.
    if (this.#descriptors.size >= DESCRIPTORS_MAX) return ERRNO.mfile;
    const stream = STREAM_PATHS.get(path);
    const opened: Descriptor | Errno =
      stream ??
      this.#files.open({
        path,
        create: (request.oflags & OFLAGS.creat) !== 0,
        directory: (request.oflags & OFLAGS.directory) !== 0,
        exclusive: (request.oflags & OFLAGS.excl) !== 0,
        truncate: (request.oflags & OFLAGS.trunc) !== 0,
        append: (request.fdflags & FDFLAGS_APPEND) !== 0,
        write: (request.rights & RIGHTS_WRITE) !== 0n,
      });
    if (typeof opened === "number") return opened;
    let next = ROOT_FD + 1;
    while (this.#descriptors.has(next)) next++;
    this.#descriptors.set(next, opened);
    this.#guest.setU32(result, next);
    return ERRNO.success;
  }

  #unlink(fd: number, pointer: number, length: number): Errno {
    const path = this.#path(fd, pointer, length);
    return typeof path === "number" ? path : this.#files.remove(path);
  }

  #pathFilestat(fd: number, pointer: number, length: number, result: number): Errno {
    const path = this.#path(fd, pointer, length);
    if (typeof path === "number") return path;
    if (STREAM_PATHS.has(path)) return writeFilestat(this.#guest, result, FILETYPE.unknown, 0);
    const found = this.#files.lookup(path);
    if (found === undefined) return ERRNO.noent;
    if (found === "directory") return writeFilestat(this.#guest, result, FILETYPE.directory, 0);
    return writeFilestat(this.#guest, result, FILETYPE.regularFile, found.length);
  }

  #seek(fd: number, offset: bigint, whence: number, result: number): Errno {
    const open = this.#file(fd);
    if (typeof open === "number") return open;
    const bases = [0n, BigInt(open.position), BigInt(open.file.length)];
    const base = bases[whence];
    if (base === undefined) return ERRNO.inval;
    const target = base + offset;
    if (target < 0n || target > BigInt(Number.MAX_SAFE_INTEGER)) return ERRNO.inval;
    this.#store64(result, target);
    open.position = Number(target);
    return ERRNO.success;
  }

  #readDirectory(fd: number, buffer: number, length: number, cookie: bigint, result: number): Errno {
    const descriptor = this.#descriptors.get(fd);
    if (descriptor === undefined) return ERRNO.badf;
    if (descriptor.type !== "directory") return ERRNO.notdir;
    const target = this.#guest.bytes(buffer, length);
    const entries = this.#files.list(descriptor.path);
    this.#charge(entries.length * COST_PER_ITEM);
    this.#guest.setU32(result, writeEntries(target, entries, cookie));
    return ERRNO.success;
  }

  // --- waiting ---

  /** Streams are always ready; else the earliest clock decides, and the program pays for the time it sleeps. */
  #poll(subscriptions: number, events: number, count: number, result: number): Errno {
    const length = count >>> 0;
    if (length === 0 || length > SUBSCRIPTIONS_MAX) return ERRNO.inval;
    const memory = this.#guest;
    this.#charge(length * COST_PER_ITEM);
    memory.setU32(result, 0);
    const waits = readSubscriptions(memory, { subscriptions, events, count: length }, this.#nowNs());
    const shortestNs = waits.reduce((least, wait) => (wait.ns < least ? wait.ns : least), waits[0]!.ns);
    if (shortestNs > 0n) this.#charge(Number(shortestNs * COST_PER_NS));
    const due = waits.filter((wait) => wait.ns <= shortestNs);
    writeEvents(memory, events, due);
    memory.setU32(result, due.length);
    return ERRNO.success;
  }
}

const ignored = (): Errno => ERRNO.success;
const unsupported = (): Errno => ERRNO.notsup;
const readOnly = (): Errno => ERRNO.rofs;
