/** A bounded queue that serves its clients in turn, so that one with much work does not hold up the others. */
export class FairQueue<T> {
  readonly #perClientMax: number;
  /** In the order in which the clients are served next. */
  readonly #clients = new Map<string, T[]>();

  constructor(perClientMax: number) {
    this.#perClientMax = perClientMax;
  }

  /** False when the client has too much waiting already. */
  push(client: string, item: T): boolean {
    const waiting = this.#clients.get(client);
    if (waiting === undefined) this.#clients.set(client, [item]);
    else if (waiting.length >= this.#perClientMax) return false;
    else waiting.push(item);
    return true;
  }

  shift(): T | undefined {
    for (const [client, waiting] of this.#clients) {
      const item = waiting.shift();
      this.#clients.delete(client);
      // Served: to the end of the line.
      if (waiting.length > 0) this.#clients.set(client, waiting);
      return item;
    }
    return undefined;
  }

  /** Takes out what `matches`. */
  remove(matches: (item: T) => boolean): T[] {
    const removed: T[] = [];
    for (const [client, waiting] of this.#clients) {
      removed.push(...waiting.filter(matches));
      const kept = waiting.filter((item) => !matches(item));
      if (kept.length > 0) this.#clients.set(client, kept);
      else this.#clients.delete(client);
    }
    return removed;
  }
}
