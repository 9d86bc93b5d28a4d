/** Signatures inside certificates come again and again: in announcements, in blocks, in verdicts. Those that held are remembered. */
import type { NodeId, Verifier } from "../src/model/index.ts";

/** About 1 MB. Emptied half by half: the older half goes. */
const REMEMBERED_MAX = 4096;

/** Only what holds is remembered: junk cannot push it out. */
export function rememberingVerifier(verifier: Verifier): Verifier {
  if (verifier.isCheap === true) return verifier;
  let recent = new Set<string>();
  let older = new Set<string>();
  return {
    verify(digest, signature, signer) {
      const key = keyOf(digest, signature, signer);
      if (recent.has(key) || older.has(key)) return true;
      if (!verifier.verify(digest, signature, signer)) return false;
      if (recent.size >= REMEMBERED_MAX / 2) {
        older = recent;
        recent = new Set();
      }
      recent.add(key);
      return true;
    },
  };
}

/** The whole question: no two questions share a key. */
function keyOf(digest: Uint8Array, signature: Uint8Array, signer: NodeId): string {
  return `${signer}${String.fromCharCode(...digest)}${String.fromCharCode(...signature)}`;
}
