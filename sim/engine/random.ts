/**
 * Counter-based randomness for worlds: the n-th number of a stream depends on nothing but (seed, node, purpose, n), so
 * that leaving out one fault shifts no other draw and failures can be shrunk.
 *
 * Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
 * passes BigCrush, needs 32-bit integers only, so every machine draws the same numbers.
 */

const PARITY = 0x1bd11bda;
const TWO_32 = 2 ** 32;

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** Encrypts the counter (c0, c1) under the key (k0, k1); writes two unsigned words into `out`. */
export function threefry(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const k2 = PARITY ^ k0 ^ k1;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  // Written out, so that the words stay in registers: five times four rounds, with a key after each.
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 13) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 15) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 26) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 6) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 17) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 29) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 16) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 24) ^ x0;
  x0 = (x0 + k2) | 0;
  x1 = (x1 + k0 + 2) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 13) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 15) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 26) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 6) ^ x0;
  x0 = (x0 + k0) | 0;
  x1 = (x1 + k1 + 3) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 17) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 29) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 16) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 24) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 4) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 13) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 15) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 26) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotate(x1, 6) ^ x0;
  x0 = (x0 + k2) | 0;
  x1 = (x1 + k0 + 5) | 0;
  out[0] = x0;
  out[1] = x1;
}

/** FNV-1a over the UTF-16 units: names of purposes are few and fixed, 32 bits keep them apart. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** One stream of numbers. Copying `drawn` is all there is to its state. */
export class RandomStream {
  readonly #k0: number;
  readonly #k1: number;
  readonly #out = new Uint32Array(2);
  /** How many numbers were drawn. */
  drawn = 0;

  constructor(k0: number, k1: number) {
    this.#k0 = k0;
    this.#k1 = k1;
  }

  /** Uniform in [0, 1), 53 bits. */
  fraction(): number {
    const n = this.drawn;
    this.drawn = n + 1;
    threefry(this.#k0, this.#k1, n >>> 0, Math.floor(n / TWO_32), this.#out);
    return ((this.#out[0] as number) * 2 ** 21 + ((this.#out[1] as number) >>> 11)) / 2 ** 53;
  }

  /** Uniform integer in [0, bound); `bound` in [1, 2^32]. */
  integer(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** Uniform integer in [min, max]. */
  between(min: number, max: number): number {
    return min + this.integer(max - min + 1);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** 64 bits, to seed the generator inside a machine. */
  word64(): bigint {
    return (BigInt(this.integer(TWO_32)) << 32n) | BigInt(this.integer(TWO_32));
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.integer(256));
  }

  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.integer(items.length)] as T;
  }

  /** A new array in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = this.integer(index + 1);
      const held = shuffled[index] as T;
      shuffled[index] = shuffled[other] as T;
      shuffled[other] = held;
    }
    return shuffled;
  }

  /** Mean 1. */
  exponential(): number {
    return -Math.log(1 - this.fraction());
  }

  /** Mean 0, deviation 1 (Box–Muller, from the two halves of one draw: at most 6.7 deviations away). */
  normal(): number {
    const n = this.drawn;
    this.drawn = n + 1;
    threefry(this.#k0, this.#k1, n >>> 0, Math.floor(n / TWO_32), this.#out);
    const radius = Math.sqrt(-2 * Math.log(((this.#out[0] as number) + 1) / TWO_32));
    return radius * Math.cos(((2 * Math.PI) / TWO_32) * (this.#out[1] as number));
  }

  /** Scale 1; session lengths in traces have shapes of 0.48–0.82. */
  weibull(shape: number): number {
    return this.exponential() ** (1 / shape);
  }
}

/** All streams of one seed. */
export class Randomness {
  readonly seed: number;
  readonly #out = new Uint32Array(2);

  /** @param seed a safe integer ≥ 0 */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`not a seed: ${seed}`);
    this.seed = seed;
  }

  /** @param node an index, or -1 for the world itself */
  stream(node: number, purpose: string): RandomStream {
    threefry(this.seed >>> 0, Math.floor(this.seed / TWO_32), node >>> 0, hashText(purpose), this.#out);
    return new RandomStream((this.#out[0] as number) | 0, (this.#out[1] as number) | 0);
  }
}
