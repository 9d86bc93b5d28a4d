/** What people name where a package or a contest is wanted: a folder, or a zip archive of one. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isZipFile, unpackPackageZip } from "../../src/packages/archive/index.ts";
import { CommandError } from "./output.ts";

/** `use` gets the folder; an archive is unpacked to one that goes away. @throws CommandError for files that are no archive. */
export async function withPackageFolder<T>(path: string, use: (folder: string) => Promise<T>): Promise<T> {
  if ((await stat(path).catch(() => undefined))?.isFile() !== true) return await use(path);
  if (!(await isZipFile(path)))
    throw new CommandError(
      "DIKAST_NO_FOLDER",
      `${path} is neither a folder nor a zip archive; if it was downloaded, get the file again`,
    );
  const temporary = await mkdtemp(join(tmpdir(), "dikast-package-"));
  try {
    return await use(await unpackPackageZip(path, temporary));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
