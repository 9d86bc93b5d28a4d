/** Gathers the contest's one log from what nodes say was committed and from the blocks seen on the wire. */
import { type Block, block, codec, BLOCK_BYTES_MAX, type Hash, type SignedMessage } from "../../src/model/index.ts";
import { bodyHash } from "./body-hash.ts";
import { type CommittedBlock, Violation } from "./checker.ts";

export class CommittedLog {
  /** What some node holds committed, by index; −1 is nothing yet. */
  readonly hashes = new Map<number, Hash>();
  readonly #bodies = new Map<Hash, { readonly block: Block; readonly message: SignedMessage }>();
  /** Bodies already looked at, by identity: the same message object reaches many nodes. */
  readonly #seen = new WeakSet<Uint8Array>();
  /** The next index whose contents listeners have not heard of. */
  #next = 0;
  readonly #listeners: ((committed: CommittedBlock) => void)[] = [];
  readonly #isGenuine: (message: SignedMessage) => boolean;

  /** Liars send blocks of others under another name or signature: those say nothing. */
  constructor(isGenuine: (message: SignedMessage) => boolean) {
    this.#isGenuine = isGenuine;
  }

  listen(listener: (committed: CommittedBlock) => void): void {
    this.#listeners.push(listener);
  }

  /** A node holds this block committed. @throws Violation when another one is, at this index. */
  commit(index: number, hash: Hash): void {
    const known = this.hashes.get(index);
    if (known === undefined) {
      this.hashes.set(index, hash);
      this.#advance();
    } else if (known !== hash) {
      throw new Violation("2-committed-log", `two blocks are committed at index ${index}`);
    }
  }

  /** A block was seen, committed or not. */
  see(message: SignedMessage): void {
    if (this.#seen.has(message.body) || !this.#isGenuine(message)) return;
    this.#seen.add(message.body);
    const content = codec.decode(block, message.body, BLOCK_BYTES_MAX);
    if (content === undefined) return;
    this.#bodies.set(bodyHash(message.body), { block: content, message });
    this.#advance();
  }

  /** Committed blocks whose contents were never seen. */
  get unresolved(): number {
    return this.hashes.size - this.#next;
  }

  #advance(): void {
    for (;;) {
      const hash = this.hashes.get(this.#next);
      const body = hash === undefined ? undefined : this.#bodies.get(hash);
      if (hash === undefined || body === undefined) return;
      this.#bodies.delete(hash);
      const committed = { index: this.#next, hash, ...body };
      this.#next += 1;
      for (const listener of this.#listeners) listener(committed);
    }
  }
}
