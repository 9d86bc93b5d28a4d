/**
 * Who this node is: its key file, and fast signatures with it.
 *
 * ```ts
 * const signer = fastSigner(await loadOrCreateKey(dataDirectory));
 * ```
 */
export { fastSigner, fastVerifier, hasNativeCrypto, nativeVerify } from "./fast-crypto.ts";
export { letterBox } from "./letter-box.ts";
export { KeyError, loadKey, loadOrCreateKey } from "./key-file.ts";
