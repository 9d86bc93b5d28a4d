/** A rolling hash of everything that happened: equal seeds must give equal hashes on every machine. Not cryptographic. */

export class TraceHash {
  #a = 0x9e3779b9 | 0;
  #b = 0x243f6a88 | 0;
  /** How many words went in. */
  length = 0;

  /** @param word its low 32 bits count */
  add(word: number): void {
    // The two lanes of MurmurHash3_x64's shape, in 32 bits.
    let k = Math.imul(word | 0, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    this.#a ^= k;
    this.#a = (Math.imul((this.#a << 13) | (this.#a >>> 19), 5) + 0xe6546b64 + this.#b) | 0;
    this.#b ^= Math.imul(k, 0x85ebca6b);
    this.#b = (Math.imul((this.#b << 17) | (this.#b >>> 15), 9) + 0x561ccd1b + this.#a) | 0;
    this.length += 1;
  }

  /** A time or another safe integer ≥ 0. */
  addInteger(value: number): void {
    this.add(value);
    this.add(Math.floor(value / 2 ** 32));
  }

  /** 16 hex digits. */
  get digest(): string {
    return hex(finalize(this.#a ^ this.length)) + hex(finalize((this.#b + this.#a) | 0));
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

function finalize(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const SAMPLED_BYTES = 16;

/** 32 bits of a signature, for feeding messages into a trace: of its first 128 bits, which depend on all that was signed. */
export function fingerprint(signature: Uint8Array): number {
  let hash = 0x811c9dc5 ^ signature.length;
  const end = Math.min(signature.length, SAMPLED_BYTES);
  for (let index = 0; index < end; index += 1) hash = Math.imul(hash ^ (signature[index] as number), 0x01000193);
  return hash | 0;
}
