/** Signatures inside certificates come again and again: in announcements, in blocks, in verdicts. Those that held are remembered. */
import { equalBytes, type NodeId, type Verifier } from "../src/model/index.ts";

/** About 1 MB. Emptied half by half: the older half goes. */
const REMEMBERED_MAX = 4096;

/** The whole question: only the very same one is answered from memory. */
interface Held {
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  readonly signer: NodeId;
}

/** Only what holds is remembered: junk cannot push it out. */
export function rememberingVerifier(verifier: Verifier): Verifier {
  if (verifier.isCheap === true) return verifier;
  let recent = new Map<number, Held>();
  let older = new Map<number, Held>();
  return {
    verify(digest, signature, signer) {
      const key = keyOf(signature);
      const known = recent.get(key) ?? older.get(key);
      if (known !== undefined && isSame(known, digest, signature, signer)) return true;
      if (!verifier.verify(digest, signature, signer)) return false;
      if (recent.size >= REMEMBERED_MAX / 2) {
        older = recent;
        recent = new Map();
      }
      recent.set(key, { digest: Uint8Array.from(digest), signature: Uint8Array.from(signature), signer });
      return true;
    },
  };
}

function isSame(held: Held, digest: Uint8Array, signature: Uint8Array, signer: NodeId): boolean {
  return held.signer === signer && equalBytes(held.digest, digest) && equalBytes(held.signature, signature);
}

/** 48 bits of it, which differ between any two that hold; whoever makes them equal only makes us verify again. */
function keyOf(signature: Uint8Array): number {
  let key = 0;
  for (let index = 0; index < 6; index += 1) key = key * 256 + (signature[index] ?? 0);
  return key;
}
