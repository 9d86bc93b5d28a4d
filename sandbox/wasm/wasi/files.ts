/**
 * The files of one run: a few read-only ones by absolute path, and at most one directory that may be written to, all in
 * memory. Submissions get none of either, but for the files of a test.
 */
import { ERRNO, type Errno } from "./errno.ts";

/** A program that opens more has a leak; bounds what it can make the host hold. */
const OPEN_FILES_MAX = 256;
const WRITTEN_FILES_MAX = 64;
export const PATH_BYTES_MAX = 4096;

export interface GuestFile {
  bytes: Uint8Array;
  /** How much of `bytes` is the file; the rest is room to grow. */
  length: number;
  readonly writable: boolean;
}

export interface OpenFile {
  readonly type: "file";
  readonly file: GuestFile;
  readonly append: boolean;
  position: number;
}

export interface OpenDirectory {
  readonly type: "directory";
  readonly path: string;
}

export interface OpenRequest {
  readonly path: string;
  readonly create: boolean;
  readonly directory: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  readonly append: boolean;
  readonly write: boolean;
}

export class RunFiles {
  readonly #files = new Map<string, GuestFile>();
  readonly #writableDirectory: string | undefined;
  readonly #writtenBytesMax: number;
  #writtenBytes = 0;
  #open = 0;

  /**
   * @param files by absolute path.
   * @param writableDirectory absolute, ends with `/`.
   * @param writtenBytesMax all written files together.
   */
  constructor(
    files: Readonly<Record<string, Uint8Array>>,
    writableDirectory: string | undefined,
    writtenBytesMax: number,
  ) {
    for (const [path, bytes] of Object.entries(files))
      this.#files.set(path, { bytes, length: bytes.length, writable: false });
    this.#writableDirectory = writableDirectory;
    this.#writtenBytesMax = writtenBytesMax;
  }

  /** Puts files of an earlier run into the writable directory. */
  restore(files: Readonly<Record<string, Uint8Array>>): void {
    for (const [path, bytes] of Object.entries(files)) {
      this.#files.set(path, { bytes: bytes.slice(), length: bytes.length, writable: true });
      this.#writtenBytes += bytes.length;
    }
  }

  lookup(path: string): GuestFile | "directory" | undefined {
    return this.#files.get(path) ?? (this.#isDirectory(path) ? "directory" : undefined);
  }

  /** A directory is a prefix of a file's path; the writable one is there even when empty. */
  #isDirectory(path: string): boolean {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    if (prefix === "/" || this.#writableDirectory?.startsWith(prefix) === true) return true;
    for (const name of this.#files.keys()) if (name.startsWith(prefix)) return true;
    return false;
  }

  open(request: OpenRequest): OpenFile | OpenDirectory | Errno {
    if (this.#open >= OPEN_FILES_MAX) return ERRNO.mfile;
    const found = this.lookup(request.path);
    if (found === "directory") {
      if (request.write || request.create) return ERRNO.isdir;
      this.#open++;
      return { type: "directory", path: request.path };
    }
    if (found === undefined && !request.create) return ERRNO.noent;
    if (found !== undefined && request.exclusive && request.create) return ERRNO.exist;
    if (request.directory) return ERRNO.notdir;
    const file = found ?? this.#create(request.path);
    if (typeof file === "number") return file;
    if ((request.write || request.truncate) && !file.writable) return ERRNO.rofs;
    if (request.truncate) this.resize(file, 0);
    this.#open++;
    return { type: "file", file, append: request.append, position: 0 };
  }

  closed(): void {
    this.#open--;
  }

  #create(path: string): GuestFile | Errno {
    if (this.#writableDirectory === undefined || !path.startsWith(this.#writableDirectory)) return ERRNO.rofs;
    const name = path.slice(this.#writableDirectory.length);
    if (name === "" || name.includes("/")) return ERRNO.noent;
    if ([...this.#files.values()].filter((file) => file.writable).length >= WRITTEN_FILES_MAX) return ERRNO.nospc;
    const file: GuestFile = { bytes: new Uint8Array(0), length: 0, writable: true };
    this.#files.set(path, file);
    return file;
  }

  remove(path: string): Errno {
    const file = this.#files.get(path);
    if (file === undefined) return ERRNO.noent;
    if (!file.writable) return ERRNO.rofs;
    this.resize(file, 0);
    this.#files.delete(path);
    return ERRNO.success;
  }

  /** Cuts or extends with zeros; false when there is no space left. */
  resize(file: GuestFile, length: number): boolean {
    if (length > file.length && this.#writtenBytes + length - file.length > this.#writtenBytesMax) return false;
    this.#writtenBytes += length - file.length;
    if (length > file.bytes.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(file.bytes.length * 2, this.#writtenBytesMax)));
      grown.set(file.bytes.subarray(0, file.length));
      file.bytes = grown;
    } else if (length < file.length) file.bytes.fill(0, length, file.length);
    file.length = length;
    return true;
  }

  /** Writes at the position and moves it; false when there is no space left. */
  write(open: OpenFile, data: Uint8Array): boolean {
    const { file } = open;
    const at = open.append ? file.length : open.position;
    if (at + data.length > file.length && !this.resize(file, at + data.length)) return false;
    file.bytes.set(data, at);
    open.position = at + data.length;
    return true;
  }

  written(): Record<string, Uint8Array> {
    const result: Record<string, Uint8Array> = {};
    for (const [path, file] of this.#files) if (file.writable) result[path] = file.bytes.slice(0, file.length);
    return result;
  }

  /** Names directly inside of a directory, in byte order. */
  list(directory: string): readonly { readonly name: string; readonly directory: boolean }[] {
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    const entries = new Map<string, boolean>();
    const paths = [...this.#files.keys(), ...(this.#writableDirectory === undefined ? [] : [this.#writableDirectory])];
    for (const path of paths) {
      if (!path.startsWith(prefix) || path === prefix) continue;
      const rest = path.slice(prefix.length);
      const slash = rest.indexOf("/");
      entries.set(slash < 0 ? rest : rest.slice(0, slash), slash >= 0);
    }
    return [...entries]
      .map(([name, isDirectory]) => ({ name, directory: isDirectory }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
