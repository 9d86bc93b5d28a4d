/** What `@yowasp/clang` and this folder ship: the compiler, headers, libraries, runtimes. Read once per process. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
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

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** @throws Error of `node:fs` when files are missing. */
export function readInstallation(): Installation {
  const shipped = path.dirname(fileURLToPath(import.meta.resolve("@yowasp/clang")));
  const llvm = readFileSync(path.join(shipped, "llvm.core.wasm"));
  const resources = readFileSync(path.join(shipped, "llvm-resources.tar"));
  const usr = sharedDirectory();
  for (const file of tarFiles(resources)) addSharedFile(usr, file.path, patched(file.path, file.bytes));

  const additions = createHash("sha256").update(JSON.stringify(HEADER_PATCHES));
  const own = (folder: string) =>
    globSync("**/*", { cwd: path.join(import.meta.dirname, folder), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      // The order decides the inodes, and those must be the same everywhere.
      .sort((a, b) => (a < b ? -1 : 1))
      .map((file) => {
        const name = path
          .relative(path.join(import.meta.dirname, folder), file)
          .split(path.sep)
          .join("/");
        const bytes = readFileSync(file);
        additions.update(`${folder}/${name}\0${bytes.length}\0`).update(bytes);
        return { name, bytes };
      });
  for (const header of own("include")) addSharedFile(usr, `include/dikast/${header.name}`, header.bytes);
  const runtime = new Map(own("runtime").map((file) => [file.name, file.bytes]));
  return {
    llvm,
    llvmHash: sha256(llvm),
    resourcesHash: sha256(resources),
    additionsHash: additions.digest("hex"),
    usr,
    runtime,
  };
}
