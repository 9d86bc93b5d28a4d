/** Reads exact amounts from a stream of pieces of any size. */
import { BundleError } from "./errors.ts";

export class ByteSource {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes, copied; the caller bounds it. @throws BundleError if the stream ends before. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    for await (const piece of this.take(length)) {
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }

  /** The next `length` bytes, in pieces. @throws BundleError if the stream ends before. */
  async *take(length: number): AsyncGenerator<Uint8Array> {
    let wanted = length;
    while (wanted > 0) {
      if (this.#rest.length === 0 && !(await this.#pull()))
        throw new BundleError("DIKAST_BUNDLE_CUT", "ends too early");
      const piece = this.#rest.subarray(0, wanted);
      this.#rest = this.#rest.subarray(piece.length);
      wanted -= piece.length;
      yield piece;
    }
  }

  /** Whether nothing is left. */
  async atEnd(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#pull())) return true;
    return false;
  }

  /** Ends the stream before its end; what feeds it may free its resources. */
  async stop(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #pull(): Promise<boolean> {
    const next = await this.#iterator.next();
    if (next.done === true) return false;
    this.#rest = next.value;
    return true;
  }
}
