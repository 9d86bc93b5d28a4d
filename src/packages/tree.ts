/**
 * The files of a package, listed once and bounded: everything else works on this list, so that no name in a YAML file
 * or on disk can lead outside of the package.
 */
import { lstat, open, readdir, realpath, stat } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { PACKAGE_BYTES_MAX, PACKAGE_DEPTH_MAX, PACKAGE_FILE_BYTES_MAX, PACKAGE_FILES_MAX } from "./bounds.ts";
import { PackageError, type Warning } from "./errors.ts";

export interface TreeEntry {
  readonly name: string;
  /** Relative to the package, `/`-separated. */
  readonly path: string;
  readonly type: "file" | "directory";
  /** 0 for directories. */
  readonly sizeBytes: number;
}

/** Names of the format (2025-09.md "General requirements"), and what older packages use besides; never a leading `.` or `-`. */
const NAME = /^[^\s./\\-][^\p{Cc}/\\]{0,254}$/u;
/** A link's target is a short path. */
const PLACEHOLDER_BYTES_MAX = 200;
/** Dot files that mean something. */
const DOT_FILES = new Set([".timelimit"]);

export class PackageTree {
  readonly directory: string;
  readonly #directories: ReadonlyMap<string, readonly TreeEntry[]>;
  readonly #files: ReadonlyMap<string, TreeEntry>;
  readonly ignored: Warning[];
  readonly #placeholders = new Map<string, string>();

  constructor(directory: string, directories: ReadonlyMap<string, readonly TreeEntry[]>, ignored: Warning[]) {
    this.directory = directory;
    this.#directories = directories;
    this.#files = new Map(
      [...directories.values()].flatMap((entries) =>
        entries.filter((entry) => entry.type === "file").map((entry) => [entry.path, entry] as const),
      ),
    );
    this.ignored = ignored;
  }

  /** What lies in a directory, in bytewise order of names; empty if there is none. `""` is the package itself. */
  list(directory: string): readonly TreeEntry[] {
    return this.#directories.get(directory) ?? [];
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  hasDirectory(directory: string): boolean {
    return this.#directories.has(directory);
  }

  /** The file itself, or the one that it stands for: see `findPlaceholders`. */
  target(file: string): string {
    return this.#placeholders.get(file) ?? file;
  }

  /**
   * Finds test files that were links once: where Git cannot make links (and in some archives) it writes the target's name into a
   * plain file. Such a file names another one of the package, with the same ending, and has no line end.
   */
  async findPlaceholders(directory: string): Promise<void> {
    for (const entry of this.below(directory)) {
      const ending = /\.(?:in|ans)$/.exec(entry.name)?.[0];
      if (ending === undefined || entry.sizeBytes < 4 || entry.sizeBytes > PLACEHOLDER_BYTES_MAX) continue;
      const text = await this.readHead(entry.path, PLACEHOLDER_BYTES_MAX);
      if (!/^[A-Za-z0-9_./-]+$/.test(text) || !text.endsWith(ending)) continue;
      const path = posix.join(posix.dirname(entry.path), text);
      if (path === entry.path || !this.has(path)) continue;
      this.#placeholders.set(entry.path, path);
      this.ignored.push({
        file: entry.path,
        message: `stands for "${path}", as a link that became a plain file; that file is used`,
      });
    }
  }

  /** Every file below a directory. */
  below(directory: string): readonly TreeEntry[] {
    return this.list(directory).flatMap((entry) => (entry.type === "file" ? [entry] : this.below(entry.path)));
  }

  /** @throws PackageError if there is no such file or it is longer than `bytesMax`. */
  async read(file: string, bytesMax: number): Promise<Uint8Array> {
    const entry = this.#files.get(file);
    if (entry === undefined) throw new PackageError("DIKAST_PACKAGE_FILE_MISSING", "is missing", { file });
    if (entry.sizeBytes > bytesMax) {
      throw new PackageError("DIKAST_PACKAGE_TOO_LARGE", `is larger than ${bytesMax} bytes`, { file });
    }
    return await this.#readStart(file, bytesMax);
  }

  async readText(file: string, bytesMax: number): Promise<string> {
    return new TextDecoder().decode(await this.read(file, bytesMax));
  }

  /** The file's first bytes, however long it is. */
  async readHead(file: string, bytesMax: number): Promise<string> {
    return new TextDecoder("latin1").decode(await this.#readStart(file, bytesMax));
  }

  async #readStart(file: string, bytesMax: number): Promise<Uint8Array> {
    const handle = await open(join(this.directory, file));
    try {
      const size = Math.min(bytesMax, (await handle.stat()).size);
      const bytes = new Uint8Array(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await handle.close();
    }
  }
}

/**
 * Walks the package. Links are followed only where they stay inside of it; devices, sockets and the like are refused.
 * @throws PackageError if it is no directory, or larger or deeper than the bounds.
 */
export async function scanPackage(directory: string): Promise<PackageTree> {
  const root = await realpath(directory).catch((error: unknown) => {
    throw new PackageError("DIKAST_PACKAGE_MISSING", "there is no such folder", { file: directory }, { cause: error });
  });
  const directories = new Map<string, readonly TreeEntry[]>();
  const ignored: Warning[] = [];
  let files = 0;
  let bytes = 0;

  const walk = async (path: string, depth: number): Promise<void> => {
    if (depth > PACKAGE_DEPTH_MAX) {
      throw new PackageError("DIKAST_PACKAGE_TOO_LARGE", `more than ${PACKAGE_DEPTH_MAX} folders deep`, { file: path });
    }
    const entries: TreeEntry[] = [];
    directories.set(path, entries);
    for (const name of (await readdir(join(root, path))).sort(compareNames)) {
      const child = path === "" ? name : `${path}/${name}`;
      if (!NAME.test(name) && !(path === "" && DOT_FILES.has(name))) {
        // 2025-09: behave as if such files were not there; only names that look meant deserve a word.
        if (!name.startsWith("."))
          ignored.push({ file: child, message: "ignored: the format does not allow this name" });
        continue;
      }
      const info = await inside(root, child);
      files += 1;
      bytes += info.sizeBytes;
      if (files > PACKAGE_FILES_MAX || bytes > PACKAGE_BYTES_MAX || info.sizeBytes > PACKAGE_FILE_BYTES_MAX) {
        throw new PackageError(
          "DIKAST_PACKAGE_TOO_LARGE",
          `the package is larger than ${PACKAGE_FILES_MAX} files, ${PACKAGE_FILE_BYTES_MAX} bytes a file or ${PACKAGE_BYTES_MAX} bytes in all`,
          { file: child },
        );
      }
      entries.push({ name, path: child, type: info.type, sizeBytes: info.sizeBytes });
      if (info.type === "directory") await walk(child, depth + 1);
    }
  };
  if (!(await stat(root)).isDirectory()) {
    throw new PackageError("DIKAST_PACKAGE_MISSING", "is not a folder", { file: directory });
  }
  await walk("", 0);
  return new PackageTree(root, directories, ignored);
}

async function inside(root: string, child: string): Promise<{ type: "file" | "directory"; sizeBytes: number }> {
  const path = join(root, child);
  let info = await lstat(path);
  if (info.isSymbolicLink()) {
    const target = await realpath(path).catch(() => undefined);
    if (target === undefined || !target.startsWith(root + sep)) {
      throw new PackageError("DIKAST_PACKAGE_LINK_ESCAPES", "a link that leads out of the package or nowhere", {
        file: child,
      });
    }
    info = await stat(path);
  }
  if (info.isDirectory()) return { type: "directory", sizeBytes: 0 };
  if (info.isFile()) return { type: "file", sizeBytes: info.size };
  throw new PackageError("DIKAST_PACKAGE_BAD_FILE", "neither a file nor a folder", { file: child });
}

/** By UTF-16 code units, which for the names that the format allows (ASCII) is bytewise. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
