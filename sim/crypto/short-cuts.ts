/**
 * What all simulated nodes may share because they live in one process: readers get the value that was encoded, and the
 * digest under an ideal signature need not be SHA-256. Nothing that a node can observe changes; a test compares.
 */
import { codec, useSigningDigest } from "../../src/model/index.ts";
import { idealDigest } from "./ideal.ts";

export interface ShortCutOptions {
  /** Given when signatures are not ideal. */
  readonly keys?: unknown;
  readonly isPlain?: boolean;
}

/** Only while `run` lasts; whatever else this process does works as always. */
export function withShortCuts<T>(options: ShortCutOptions, run: () => T): T {
  if (options.isPlain === true) return run();
  codec.shareEncodings(true);
  if (options.keys === undefined) useSigningDigest(idealDigest);
  try {
    return run();
  } finally {
    codec.shareEncodings(false);
    useSigningDigest(undefined);
  }
}
