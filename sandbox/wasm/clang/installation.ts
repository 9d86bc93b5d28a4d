/** What `@yowasp/clang` and this folder ship: the compiler, headers, libraries, runtimes. Read at most once per process. */
import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { DiskCache } from "../interpreter/disk-cache.ts";
import { HEADER_PATCHES, patched } from "./header-patches.ts";
import { addSharedFile, type DirectoryNode, sharedDirectory } from "./filesystem.ts";
import { tarFiles } from "./tar.ts";

export interface Installation {
  /** The compiler's own module, as shipped. */
  readonly llvm: Uint8Array;
  readonly llvmHash: string;
  readonly resourcesHash: string;
  /** Of this folder's headers and runtime sources, and of what it changes in the shipped headers. */
  readonly additionsHash: string;
  /** Everything below the compiler's `/usr`. */
  readonly usr: DirectoryNode;
  /** Our runtime's sources, by file name. */
  readonly runtime: ReadonlyMap<string, Uint8Array>;
}

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/**
 * The large files are read when they are first needed: whoever only wants to know the judge profile needs their hashes,
 * which are remembered in `cache` for as long as the files stay what they are (place, size, times of writing, inode).
 * @throws Error of `node:fs` when files are missing.
 */
export function openInstallation(cache: DiskCache): Installation {
  const shipped = path.dirname(fileURLToPath(import.meta.resolve("@yowasp/clang")));
  const llvm = path.join(shipped, "llvm.core.wasm");
  const resources = path.join(shipped, "llvm-resources.tar");
  const own = { include: ownFiles("include"), runtime: ownFiles("runtime") };
  let module: Uint8Array | undefined;
  let tree: DirectoryNode | undefined;
  return {
    get llvm() {
      return (module ??= readFileSync(llvm));
    },
    get usr() {
      return (tree ??= treeOf(readFileSync(resources), own.include));
    },
    llvmHash: hashOfFile(llvm, cache),
    resourcesHash: hashOfFile(resources, cache),
    additionsHash: additionsHash(own),
    runtime: new Map(own.runtime.map(({ name, bytes }) => [name, bytes])),
  };
}

interface OwnFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function ownFiles(folder: string): readonly OwnFile[] {
  const directory = path.join(import.meta.dirname, folder);
  return (
    globSync("**/*", { cwd: directory, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      // The order decides the inodes, and those must be the same everywhere.
      .sort((a, b) => (a < b ? -1 : 1))
      .map((file) => ({ name: path.relative(directory, file).split(path.sep).join("/"), bytes: readFileSync(file) }))
  );
}

function additionsHash(own: { readonly include: readonly OwnFile[]; readonly runtime: readonly OwnFile[] }): string {
  const hash = createHash("sha256").update(JSON.stringify(HEADER_PATCHES));
  for (const folder of ["include", "runtime"] as const)
    for (const { name, bytes } of own[folder]) hash.update(`${folder}/${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex");
}

function treeOf(resources: Uint8Array, headers: readonly OwnFile[]): DirectoryNode {
  const usr = sharedDirectory();
  for (const file of tarFiles(resources)) addSharedFile(usr, file.path, patched(file.path, file.bytes));
  for (const header of headers) addSharedFile(usr, `include/dikast/${header.name}`, header.bytes);
  return usr;
}

/** SHA-256, hexadecimal; computed anew when anything about the file has changed. */
export function hashOfFile(file: string, cache: DiskCache): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  const state = sha256([file, dev, ino, size, mtimeNs, ctimeNs].join("\0"));
  const made = cache.readOrMake(`shipped-${path.basename(file)}-${state.slice(0, 32)}`, () =>
    Buffer.from(sha256(readFileSync(file))),
  );
  return Buffer.from(made).toString();
}
