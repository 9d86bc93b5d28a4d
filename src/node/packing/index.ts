/**
 * Packing for distribution: reading, packing and sealing as one pipeline of async iterables into the store of the transfer, and the way
 * back.
 *
 * ```ts
 * const files = new BundleFiles("bundles");
 * const packed = await packProblem({ id, name, directory, key }, files);
 * await openSealed(files.chunks(packed.sealedBundle), key, "unpacked/hello", packed.contentHash);
 * ```
 */
export { packContestProblem, PROBLEM_FILE } from "./contest-problem.ts";
export { completedKeys, loadKeys, type ProblemKeys, saveKeys } from "./key-file.ts";
export { type BundleSink, openSealed, type PackedProblem, type PackOptions, packProblem } from "./packing.ts";
export { opening, sealing } from "./sealed-stream.ts";
