/** The public randomness of each session (protocol.md §3): `R(s) = H(R(s-1) ‖ reveals)`, `H(R(s-1))` without any. */
import { concat, fromHex, type Hash, hashOf, type Reveal } from "../../src/model/index.ts";

/** R(-1): fixed once the roster of epoch 0 is, so that no id can be ground to fit. */
export function beaconBefore(contest: Hash, roster: Hash): Hash {
  return hashOf(concat(fromHex(contest), fromHex(roster)));
}

/** `reveals` sorted by sage. */
export function nextBeacon(previous: Hash, reveals: readonly Reveal[]): Hash {
  return hashOf(concat(fromHex(previous), ...reveals.map((shown) => fromHex(shown.preimage))));
}

/** Reveals that fit come again and again, by gossip and in blocks. */
const fitting = new Map<Hash, string>();
const FITTING_MAX = 1000;

/** Whether `preimage`, revealed for `session`, leads back to the committed tip: session + 1 hashes. */
export function revealFits(tip: Hash, session: number, preimage: Hash): boolean {
  const place = `${session} before ${tip}`;
  if (fitting.get(preimage) === place) return true;
  let value = preimage;
  for (let step = 0; step <= session; step += 1) value = hashOf(fromHex(value));
  if (value !== tip) return false;
  if (fitting.size >= FITTING_MAX) fitting.clear();
  fitting.set(preimage, place);
  return true;
}
