/**
 * Seeded randomness for machines and the simulator: counter-based, so that the n-th number of a purpose depends on
 * nothing but (seed, purpose, n). Not for keys and nonces that must be secret: those are handed in.
 */

export interface RandomState {
  /** 64 bits. */
  readonly seed: bigint;
  counter: number;
}

const MASK = (1n << 64n) - 1n;

/** SplitMix64's finalizer (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014). */
function mix(value: bigint): bigint {
  let z = value & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

export function randomFrom(seed: bigint): RandomState {
  return { seed: seed & MASK, counter: 0 };
}

/** Uniform in [0, 1), 53 bits. */
export function nextFraction(state: RandomState): number {
  state.counter += 1;
  const word = mix(state.seed + BigInt(state.counter) * 0x9e3779b97f4a7c15n);
  return Number(word >> 11n) / 2 ** 53;
}

/** Uniform integer in [0, bound); `bound` in [1, 2^32]. */
export function nextInteger(state: RandomState, bound: number): number {
  return Math.floor(nextFraction(state) * bound);
}
