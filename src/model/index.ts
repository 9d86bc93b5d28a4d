/**
 * The vocabulary of all folders: ids, time, signed messages, verdicts, limits; codec, hashing, signatures.
 * Imports nothing but @noble/*, @scure/base and the CBOR library.
 *
 * ```ts
 * const signer = nobleSigner(secretKey);
 * const message = signMessage(signer, contestId, "vote", encode(vote, { … }));
 * verifyMessage(nobleVerifier, contestId, message); // true
 * ```
 */
export * from "./bytes.ts";
export * as codec from "./codec.ts";
export * from "./errors.ts";
export * from "./hashing.ts";
export * from "./ids.ts";
export * from "./language.ts";
export type * from "./machine.ts";
export { type Memo, memo } from "./memo.ts";
export * from "./messages/index.ts";
export type * from "./problem.ts";
export * from "./random.ts";
export * from "./signing.ts";
export * from "./time.ts";
export * from "./verdict.ts";
