/**
 * Deterministic CBOR (RFC 8949 §4.2) of bounded shapes. One `Shape` describes a message once: its TypeScript type, its
 * bounds, its encoding and the checks of its decoding.
 *
 * ```ts
 * const point = struct({ x: integer(0, 100), label: text(20) });
 * type Point = ShapeOf<typeof point>;
 * const bytes = encode(point, { x: 1, label: "a" });
 * const back = decode(point, bytes, 64); // undefined unless canonical, of that shape and at most 64 bytes
 * ```
 */
import {
  decodePlain,
  encodeBy,
  encodedKeys,
  poolEncodings,
  writeBoolean,
  writeByteString,
  writeInteger,
  writeKey,
  writeList,
  writeMap,
  writeNull,
  writePlain,
  writeText,
} from "./cbor.ts";
import { Given } from "./memo.ts";
import { type Hash, type NodeId, parseHash, parseNodeId } from "./ids.ts";

export interface Shape<T> {
  /** The value as plain CBOR data; the caller guarantees the bounds (`accepts` in tests). */
  readonly accepts: (value: unknown) => value is T;
  /** Writes an accepted value; how plain data is written gives the same bytes, more slowly. */
  readonly write: (value: unknown) => void;
}

export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

function shape<T>(accepts: (value: unknown) => boolean, write: (value: never) => void = writePlain): Shape<T> {
  return { accepts: accepts as (value: unknown) => value is T, write: write as (value: unknown) => void };
}

/** An integer in [min, max]; both safe integers. */
export function integer(min: number, max: number): Shape<number> {
  return shape(
    (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    writeInteger,
  );
}

/** UTF-8 text of at most `lengthMax` UTF-16 units, well-formed. */
export function text(lengthMax: number, pattern?: RegExp): Shape<string> {
  return shape(
    (value) =>
      typeof value === "string" &&
      value.length <= lengthMax &&
      value.isWellFormed() &&
      (pattern === undefined || pattern.test(value)),
    writeText,
  );
}

export function bytes(lengthMax: number, lengthMin = 0): Shape<Uint8Array> {
  return shape(
    (value) => value instanceof Uint8Array && value.length >= lengthMin && value.length <= lengthMax,
    writeByteString,
  );
}

export const boolean: Shape<boolean> = shape((value) => typeof value === "boolean", writeBoolean);
export const nodeId: Shape<NodeId> = shape(
  (value) => typeof value === "string" && parseNodeId(value) !== undefined,
  writeText,
);
export const hash: Shape<Hash> = shape(
  (value) => typeof value === "string" && parseHash(value) !== undefined,
  writeText,
);

export function literal<const L extends string | number | boolean>(wanted: L): Shape<L> {
  return shape((value) => value === wanted);
}

export function oneOf<const L extends readonly string[]>(wanted: L): Shape<L[number]> {
  return shape((value) => typeof value === "string" && wanted.includes(value), writeText);
}

export function list<T>(item: Shape<T>, lengthMax: number, lengthMin = 0): Shape<readonly T[]> {
  return shape(
    (value) =>
      Array.isArray(value) && value.length >= lengthMin && value.length <= lengthMax && value.every(item.accepts),
    (items: readonly T[]) => {
      writeList(items.length);
      for (const each of items) item.write(each);
    },
  );
}

/** A value or its absence; absent is CBOR null, so that every field is always there. */
export function nullable<T>(inner: Shape<T>): Shape<T | null> {
  return shape(
    (value) => value === null || inner.accepts(value),
    (value: T | null) => {
      if (value === null) writeNull();
      else inner.write(value);
    },
  );
}

/** A map with exactly these keys. */
export function struct<F extends Readonly<Record<string, Shape<unknown>>>>(
  fields: F,
): Shape<{ readonly [K in keyof F]: ShapeOf<F[K]> }> {
  const parts = encodedKeys(Object.keys(fields)).map(([name, key]) => ({
    name,
    key,
    field: fields[name] as F[string],
  }));
  return shape(
    (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      let count = 0;
      for (const _name in value) count += 1;
      if (count !== parts.length) return false;
      for (const { name, field } of parts) {
        if (!field.accepts((value as Record<string, unknown>)[name])) return false;
      }
      return true;
    },
    (value: Readonly<Record<string, unknown>>) => {
      writeMap(parts.length);
      for (const { name, key, field } of parts) {
        writeKey(key);
        field.write(value[name]);
      }
    },
  );
}

/** One of several structs, told apart by their own literal fields; keep the number of variants small. */
export function union<S extends readonly Shape<unknown>[]>(...variants: S): Shape<ShapeOf<S[number]>> {
  return shape((value) => variants.some((variant) => variant.accepts(value)));
}

/** For shapes that contain themselves; bound the depth by the size of the message. */
export function lazy<T>(make: () => Shape<T>): Shape<T> {
  return shape(
    (value) => make().accepts(value),
    (value: T) => make().write(value),
  );
}

/** @throws TypeError when the value is not of the shape: a bug of the caller. */
export function encode<T>(of: Shape<T>, value: T): Uint8Array {
  if (!of.accepts(value)) throw new TypeError("value does not fit its shape");
  const encoded = encodeBy(of.write, value);
  if (shared) Reading.note(encoded, of, value);
  return encoded;
}

let shared = false;

/**
 * While on, whoever decodes an encoding made in this process gets the very value that was encoded, as it would be read,
 * and small encodings share memory. For simulators, whose nodes all live in one process and change nothing that they
 * sent; a test compares runs with and without.
 */
export function shareEncodings(on: boolean): void {
  shared = on;
  poolEncodings(on);
}

/** Larger ones are not worth the memory. */
const REMEMBERED_BYTES_MAX = 16_384;

/** What bytes were read as, while they live: a block or a certificate is looked at many times, and nobody changes either. */
class Reading extends Given {
  #of: unknown;
  #value: unknown;

  constructor(encoded: Uint8Array, of: unknown, value: unknown) {
    super(encoded);
    this.#of = of;
    this.#value = value;
  }

  /** Undefined when they were not read as this shape; no shape has that value. */
  static of(encoded: Uint8Array, of: unknown): unknown {
    if (!(#of in encoded)) return undefined;
    const read = encoded as unknown as Reading;
    return read.#of === of ? read.#value : undefined;
  }

  static note(encoded: Uint8Array, of: unknown, value: unknown): void {
    if (!(#of in encoded)) {
      void new Reading(encoded, of, value);
      return;
    }
    const read = encoded as unknown as Reading;
    read.#of = of;
    read.#value = value;
  }
}

/**
 * The value, or undefined when the bytes are longer than `bytesMax`, not CBOR, not in the one deterministic form, or not
 * of the shape. Nothing is parsed before the length is checked.
 */
export function decode<T>(of: Shape<T>, encoded: Uint8Array, bytesMax: number): T | undefined {
  if (encoded.length > bytesMax) return undefined;
  const known = Reading.of(encoded, of);
  if (known !== undefined) return known as T;
  const value = decodePlain(encoded);
  if (!of.accepts(value)) return undefined;
  if (encoded.length <= REMEMBERED_BYTES_MAX) Reading.note(encoded, of, value);
  return value;
}
