/** A sage's hash chain (protocol.md §3): committed to by its tip, revealed backwards, one preimage per session. */
import { fromHex, type Hash, hashOf } from "../src/model/index.ts";

/**
 * `chain[0]` is the tip; `chain[s + 1]` is revealed for session s, and `sha256(chain[s + 1]) = chain[s]`.
 * `links` = sessions that can be served; later sessions are skipped as if the sage were gone.
 */
export function beaconChain(secret: Uint8Array, links: number): readonly Hash[] {
  const chain: Hash[] = [hashOf(secret)];
  for (let link = 0; link < links; link += 1) chain.push(hashOf(fromHex(chain[link] as Hash)));
  return chain.reverse();
}

export function tipOf(secret: Uint8Array, links: number): Hash {
  return beaconChain(secret, links)[0] as Hash;
}
