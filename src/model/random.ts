/**
 * Seeded randomness for machines and the simulator: counter-based, so that the n-th number of a purpose depends on
 * nothing but (seed, purpose, n). Not for keys and nonces that must be secret: those are handed in.
 */

export interface RandomState {
  /** 64 bits, in two unsigned halves. */
  readonly seedHigh: number;
  readonly seedLow: number;
  counter: number;
}

const TWO_32 = 2 ** 32;

/** @param seed its low 64 bits count */
export function randomFrom(seed: bigint): RandomState {
  const word = BigInt.asUintN(64, seed);
  return { seedHigh: Number(word >> 32n), seedLow: Number(word & 0xffff_ffffn), counter: 0 };
}

/** The word being mixed; halves, because whole ones would be big integers, forty times slower. */
let high = 0;
let low = 0;

/** Times a 64-bit constant, modulo 2^64. */
function multiply(byHigh: number, byLow: number): void {
  const l0 = low & 0xffff;
  const l1 = low >>> 16;
  const b0 = byLow & 0xffff;
  const b1 = byLow >>> 16;
  const p00 = l0 * b0;
  const middle = l1 * b0 + Math.floor(p00 / 0x1_0000);
  const lower = (middle & 0xffff) + l0 * b1;
  const carried = l1 * b1 + Math.floor(middle / 0x1_0000) + Math.floor(lower / 0x1_0000);
  high = (Math.imul(high, byLow) + Math.imul(low, byHigh) + carried) >>> 0;
  low = Math.imul(low, byLow) >>> 0;
}

/** value ^ (value >> bits), 0 < bits < 32. */
function shiftXor(bits: number): void {
  low = (low ^ ((low >>> bits) | (high << (32 - bits)))) >>> 0;
  high = (high ^ (high >>> bits)) >>> 0;
}

/** Uniform in [0, 1), 53 bits. SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014). */
export function nextFraction(state: RandomState): number {
  state.counter += 1;
  high = Math.floor(state.counter / TWO_32);
  low = state.counter >>> 0;
  multiply(0x9e3779b9, 0x7f4a7c15);
  low += state.seedLow;
  high = (high + state.seedHigh + (low >= TWO_32 ? 1 : 0)) >>> 0;
  low >>>= 0;
  shiftXor(30);
  multiply(0xbf58476d, 0x1ce4e5b9);
  shiftXor(27);
  multiply(0x94d049bb, 0x133111eb);
  shiftXor(31);
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}

/** Uniform integer in [0, bound); `bound` in [1, 2^32]. */
export function nextInteger(state: RandomState, bound: number): number {
  return Math.floor(nextFraction(state) * bound);
}
