/** Writes zip archives, byte for byte the same for the same files. */
import { ZipFile } from "yazl";
import { PathSet, pathFault } from "../paths.ts";
import { ZipError } from "./errors.ts";

export interface ZipInput {
  /** Relative, `/`-separated; a name on every system. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The archive as a stream, in the order of `files`; all of them are held in memory, compressed as they are written.
 * @throws ZipError when a path is no name on every system, or is there twice.
 */
export async function* zipFiles(files: Iterable<ZipInput> | AsyncIterable<ZipInput>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const taken = new PathSet();
  // Any day, in local time as the writer reads it: the same bytes in every zone.
  const mtime = new Date(2000, 0, 1);
  for await (const { path, bytes } of files) {
    const fault = pathFault(path) ?? taken.add(path);
    if (fault !== undefined) throw new ZipError("DIKAST_ZIP_BAD_NAME", `"${path}" ${fault}`);
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    zip.addBuffer(content, path, { mtime, mode: 0o100644, forceDosTimestamp: true });
  }
  zip.end();
  for await (const piece of zip.outputStream as AsyncIterable<Uint8Array>) yield piece;
}
