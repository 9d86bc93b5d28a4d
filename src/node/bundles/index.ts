/**
 * Bundles: problem packages, sealed, named by content, fetched from any peer (protocol.md §2).
 *
 * ```ts
 * const files = new BundleFiles(path.join(dataDirectory, "bundles"));
 * const { sealedBundle } = await packProblem({ id, name, directory, key }, files);
 * await serveBundles(host, files);
 * // elsewhere
 * await fetchBundle(sealedBundle, { host, files, sources, signal });
 * await openSealed(files.chunks(sealedBundle), key, directory);
 * ```
 */
export { BundleFiles, chunkLength, openIndex } from "./bundle-files.ts";
export { type FetchOptions, fetchBundle } from "./fetching.ts";
export { type BundleCounters, serveBundles } from "./serving.ts";
