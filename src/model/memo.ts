/**
 * What is remembered about an object for as long as it lives. Like a WeakMap, and seven times as fast for objects that
 * live briefly: the note is a private field stamped onto the object itself, which nobody else can see.
 *
 * ```ts
 * const lengths = memo<Uint8Array, number>();
 * lengths.set(bytes, 3);
 * lengths.get(bytes); // 3
 * ```
 *
 * All memos share their code, and so what the engine has learnt of it. What is asked for with every message has a class of
 * its own instead, which extends {@link Given}.
 */
export interface Memo<K extends object, V> {
  readonly get: (key: K) => V | undefined;
  readonly set: (key: K, value: V) => void;
}

/** Gives back what it is constructed with: a subclass adds its private fields to that. */
// oxlint-disable-next-line typescript/no-extraneous-class -- only classes stamp private fields
export class Given {
  constructor(key: object) {
    // oxlint-disable-next-line eslint/no-constructor-return -- the purpose of this class
    return key;
  }
}

export function memo<K extends object, V>(): Memo<K, V> {
  class Stamped extends Given {
    #value: V;

    constructor(key: K, value: V) {
      super(key);
      this.#value = value;
    }

    static get(key: K): V | undefined {
      return #value in key ? (key as unknown as Stamped).#value : undefined;
    }

    static set(key: K, value: V): Stamped {
      if (!(#value in key)) return new Stamped(key, value);
      const stamped = key as unknown as Stamped;
      stamped.#value = value;
      return stamped;
    }
  }
  return { get: (key) => Stamped.get(key), set: (key, value) => void Stamped.set(key, value) };
}
