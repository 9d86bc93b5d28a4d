/** The hash of a block's body, found once: several checkers ask for that of the same bytes. */
import { type Hash, hashOf, memo } from "../../src/model/index.ts";

const hashes = memo<Uint8Array, Hash>();

export function bodyHash(body: Uint8Array): Hash {
  let known = hashes.get(body);
  if (known === undefined) hashes.set(body, (known = hashOf(body)));
  return known;
}
