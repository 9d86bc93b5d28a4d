/** Random numbers that are the same in every run and on every machine (sfc32 of PractRand, Chris Doty-Humphrey). */
export class SeededRandom {
  #a = 0x6469_6b61;
  #b = 0x7374_2e72;
  #c = 0x616e_646f;
  #counter = 1;

  #next(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result;
  }

  fill(target: Uint8Array): void {
    let word = 0;
    for (let i = 0; i < target.length; i++) {
      word = (i & 3) === 0 ? this.#next() : word >>> 8;
      target[i] = word;
    }
  }
}
