/** SHA-256, the only hash of the protocol. */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./bytes.ts";
import type { Hash } from "./ids.ts";

export { sha256 };

export function hashOf(bytes: Uint8Array): Hash {
  return toHex(sha256(bytes)) as Hash;
}
