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
import { decodePlain, encodePlain } from "./cbor.ts";
import { type Hash, type NodeId, parseHash, parseNodeId } from "./ids.ts";

export interface Shape<T> {
  /** The value as plain CBOR data; the caller guarantees the bounds (`accepts` in tests). */
  readonly accepts: (value: unknown) => value is T;
}

export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

function shape<T>(accepts: (value: unknown) => boolean): Shape<T> {
  return { accepts: accepts as (value: unknown) => value is T };
}

/** An integer in [min, max]; both safe integers. */
export function integer(min: number, max: number): Shape<number> {
  return shape((value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max);
}

/** UTF-8 text of at most `lengthMax` UTF-16 units, well-formed. */
export function text(lengthMax: number, pattern?: RegExp): Shape<string> {
  return shape(
    (value) =>
      typeof value === "string" &&
      value.length <= lengthMax &&
      value.isWellFormed() &&
      (pattern === undefined || pattern.test(value)),
  );
}

export function bytes(lengthMax: number, lengthMin = 0): Shape<Uint8Array> {
  return shape((value) => value instanceof Uint8Array && value.length >= lengthMin && value.length <= lengthMax);
}

export const boolean: Shape<boolean> = shape((value) => typeof value === "boolean");
export const nodeId: Shape<NodeId> = shape((value) => typeof value === "string" && parseNodeId(value) !== undefined);
export const hash: Shape<Hash> = shape((value) => typeof value === "string" && parseHash(value) !== undefined);

export function literal<const L extends string | number | boolean>(wanted: L): Shape<L> {
  return shape((value) => value === wanted);
}

export function oneOf<const L extends readonly string[]>(wanted: L): Shape<L[number]> {
  return shape((value) => typeof value === "string" && wanted.includes(value));
}

export function list<T>(item: Shape<T>, lengthMax: number, lengthMin = 0): Shape<readonly T[]> {
  return shape(
    (value) =>
      Array.isArray(value) && value.length >= lengthMin && value.length <= lengthMax && value.every(item.accepts),
  );
}

/** A value or its absence; absent is CBOR null, so that every field is always there. */
export function nullable<T>(inner: Shape<T>): Shape<T | null> {
  return shape((value) => value === null || inner.accepts(value));
}

/** A map with exactly these keys. */
export function struct<F extends Readonly<Record<string, Shape<unknown>>>>(
  fields: F,
): Shape<{ readonly [K in keyof F]: ShapeOf<F[K]> }> {
  const names = Object.keys(fields);
  return shape(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.keys(value).length === names.length &&
      names.every(
        (name) => Object.hasOwn(value, name) && fields[name]?.accepts((value as Record<string, unknown>)[name]),
      ),
  );
}

/** One of several structs, told apart by their own literal fields; keep the number of variants small. */
export function union<S extends readonly Shape<unknown>[]>(...variants: S): Shape<ShapeOf<S[number]>> {
  return shape((value) => variants.some((variant) => variant.accepts(value)));
}

/** For shapes that contain themselves; bound the depth by the size of the message. */
export function lazy<T>(make: () => Shape<T>): Shape<T> {
  return shape((value) => make().accepts(value));
}

/** @throws TypeError when the value is not of the shape: a bug of the caller. */
export function encode<T>(of: Shape<T>, value: T): Uint8Array {
  if (!of.accepts(value)) throw new TypeError("value does not fit its shape");
  return encodePlain(value);
}

/** Larger ones are not worth the memory. */
const REMEMBERED_BYTES_MAX = 16_384;
/** What bytes were read as, while they live: a block or a certificate is looked at many times, and nobody changes either. */
const decoded = new WeakMap<Uint8Array, { readonly of: unknown; readonly value: unknown }>();

/**
 * The value, or undefined when the bytes are longer than `bytesMax`, not CBOR, not in the one deterministic form, or not
 * of the shape. Nothing is parsed before the length is checked.
 */
export function decode<T>(of: Shape<T>, encoded: Uint8Array, bytesMax: number): T | undefined {
  if (encoded.length > bytesMax) return undefined;
  const known = decoded.get(encoded);
  if (known !== undefined && known.of === of) return known.value as T;
  const value = decodePlain(encoded);
  if (!of.accepts(value)) return undefined;
  if (encoded.length <= REMEMBERED_BYTES_MAX) decoded.set(encoded, { of, value });
  return value;
}
