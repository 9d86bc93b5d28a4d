/**
 * Bundles: one file that holds what contestants and judges need of a problem package, byte for byte the same wherever it is made.
 *
 * ```ts
 * const plan = await planPackageBundle("problems/hello");
 * await writeFile("hello.bundle", packBundle(plan));
 * await unpackBundle(createReadStream("hello.bundle"), "unpacked/hello");
 * ```
 *
 * The format is described in `format.ts`; sealing is `sage/sealing`'s business, the two meet in `src/node/packing`.
 */
export { bundledFiles } from "./contents.ts";
export { BundleError } from "./errors.ts";
export { type BundleEntry, type BundleIndex, contentHashOf } from "./format.ts";
export { OPEN_PART_BYTES_MAX, type OpenPart, planOpenBundle, readOpenPart } from "./open-part.ts";
export { type BundlePlan, type ExtraFiles, packBundle, planBundle, planPackageBundle } from "./pack.ts";
export { readBundle, unpackBundle } from "./unpack.ts";
