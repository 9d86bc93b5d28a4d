/**
 * Zip archives: reading those of strangers (packages and submissions), writing our own.
 *
 * ```ts
 * const folder = await unpackPackageZip("hello.zip", workDirectory);
 * const files = await readZip(bytes, SUBMISSION_ZIP); // Map { "main.cpp" => … }
 * ```
 *
 * Every archive is judged by its directory before anything is unpacked (`zip-listing.ts` says what is refused); each refusal is one sentence.
 */
export { PACKAGE_ZIP, SUBMISSION_ZIP, type ZipBounds } from "./bounds.ts";
export { ZipError } from "./errors.ts";
export { isZipFile, readZip, unpackPackageZip, unpackZip } from "./unzip.ts";
export { zipFiles, type ZipInput } from "./zip-writer.ts";
