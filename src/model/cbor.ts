/**
 * The one deterministic form of plain data (RFC 8949 §4.2.1): integers, text, bytes, arrays, maps with text keys,
 * booleans, null. Everything else is refused: floats, tags, undefined, indefinite lengths, integers beyond the safe range,
 * longer heads than needed, keys out of order. So what is read has exactly one encoding and need not be encoded again to
 * compare. Checked against an independent implementation in the tests.
 */

/** Deeper nesting than any shape has; bounds the recursion. */
const DEPTH_MAX = 32;
const SCRATCH_BYTES = 4096;
/** Lists of map keys whose order is remembered: as many as there are structs; it is emptied when full. */
const KEY_ORDERS_MAX = 2000;
/** Shorter ASCII text is faster to read without a decoder. */
const SHORT_TEXT_BYTES = 80;

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;
const TWO_32 = 2 ** 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Malformed extends Error {}

let scratch = new Uint8Array(SCRATCH_BYTES);
let written = 0;

/** @throws TypeError for anything that is not plain data of integers, well-formed text, bytes, lists and maps. */
export function encodePlain(value: unknown): Uint8Array {
  return encodeBy(writePlain, value);
}

/** Writes one value whose form its caller knows, out of the pieces below; does not nest. */
export function encodeBy(writer: (value: unknown) => void, value: unknown): Uint8Array {
  if (pooled) return encodeIntoPool(writer, value);
  written = 0;
  writer(value);
  return scratch.slice(0, written);
}

export function writePlain(value: unknown): void {
  write(value, 0);
}

export function writeInteger(value: number): void {
  if (value >= 0) writeHead(UNSIGNED, value);
  else writeHead(NEGATIVE, -1 - value);
}

export function writeList(length: number): void {
  writeHead(ARRAY, length);
}

/** Followed by as many keys, in their order, each with its value. */
export function writeMap(size: number): void {
  writeHead(MAP, size);
}

/** @param key as `encodedKeys` gave it */
export function writeKey(key: Uint8Array): void {
  const { length } = key;
  reserve(length);
  const out = scratch;
  const start = written;
  for (let index = 0; index < length; index += 1) out[start + index] = key[index] as number;
  written = start + length;
}

/** In the order in which a map has them, each with its encoding. */
export function encodedKeys(keys: readonly string[]): readonly (readonly [key: string, encoded: Uint8Array])[] {
  return sortedKeys(keys).map((key) => {
    written = 0;
    writeText(key);
    return [key, scratch.slice(0, written)] as const;
  });
}

/** Small arrays with memory of their own are dear to make: eleven times as much as a part of a larger one. */
const POOL_BYTES = 16_384;
const POOLED_BYTES_MAX = 1024;
let pooled = false;
let pool = new Uint8Array(POOL_BYTES);
let poolUsed = 0;

/** Encodings share memory from now on: whoever keeps a small one keeps 16 KiB. For simulators. */
export function poolEncodings(on: boolean): void {
  pooled = on;
}

/** Written where it stays. */
function encodeIntoPool(writer: (value: unknown) => void, value: unknown): Uint8Array {
  if (pool.length - poolUsed < POOLED_BYTES_MAX) {
    pool = new Uint8Array(POOL_BYTES);
    poolUsed = 0;
  }
  const own = scratch;
  scratch = pool;
  written = poolUsed;
  try {
    writer(value);
    const length = written - poolUsed;
    // Too long for the pool: what was written is in memory of its own by now, or is copied there.
    if (scratch !== pool || length > POOLED_BYTES_MAX) return scratch.slice(poolUsed, written);
    const part = pool.subarray(poolUsed, written);
    poolUsed = written;
    return part;
  } finally {
    scratch = own;
  }
}

function reserve(bytes: number): void {
  if (written + bytes <= scratch.length) return;
  const grown = new Uint8Array(Math.max(scratch.length * 2, written + bytes));
  grown.set(scratch.subarray(0, written));
  scratch = grown;
}

function writeHead(major: number, value: number): void {
  reserve(9);
  const type = major << 5;
  if (value < 24) {
    scratch[written++] = type | value;
  } else if (value < 0x100) {
    scratch[written++] = type | 24;
    scratch[written++] = value;
  } else if (value < 0x1_0000) {
    scratch[written++] = type | 25;
    scratch[written++] = value >>> 8;
    scratch[written++] = value;
  } else if (value < TWO_32) {
    scratch[written++] = type | 26;
    writeWord(value);
  } else {
    scratch[written++] = type | 27;
    writeWord(Math.floor(value / TWO_32));
    writeWord(value % TWO_32);
  }
}

function writeWord(word: number): void {
  scratch[written++] = word >>> 24;
  scratch[written++] = word >>> 16;
  scratch[written++] = word >>> 8;
  scratch[written++] = word;
}

function write(value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new TypeError("nested too deeply");
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError("not a safe integer");
    writeInteger(value);
  } else if (typeof value === "string") writeText(value);
  else if (typeof value === "boolean") writeBoolean(value);
  else if (value === null) writeNull();
  else if (value instanceof Uint8Array) writeByteString(value);
  else if (Array.isArray(value)) {
    writeHead(ARRAY, value.length);
    for (const item of value) write(item, depth + 1);
  } else if (typeof value === "object") {
    const keys = sortedKeys(Object.keys(value));
    writeHead(MAP, keys.length);
    for (const key of keys) {
      writeText(key);
      write((value as Record<string, unknown>)[key], depth + 1);
    }
  } else throw new TypeError(`not plain data: ${typeof value}`);
}

function writeByte(byte: number): void {
  reserve(1);
  scratch[written++] = byte;
}

export function writeBoolean(value: boolean): void {
  writeByte(value ? TRUE : FALSE);
}

export function writeNull(): void {
  writeByte(NULL);
}

export function writeByteString(bytes: Uint8Array): void {
  writeHead(BYTES, bytes.length);
  writeBytes(bytes);
}

function writeBytes(bytes: Uint8Array): void {
  reserve(bytes.length);
  scratch.set(bytes, written);
  written += bytes.length;
}

/** @throws TypeError unless well-formed. */
export function writeText(text: string): void {
  const { length } = text;
  if (length < SHORT_TEXT_BYTES) {
    reserve(length + 9);
    const start = written;
    writeHead(TEXT, length);
    const out = scratch;
    const from = written;
    let index = 0;
    for (; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) break;
      out[from + index] = unit;
    }
    if (index === length) {
      written = from + length;
      return;
    }
    written = start;
  }
  if (!text.isWellFormed()) throw new TypeError("text is not well-formed");
  const bytes = encoder.encode(text);
  writeHead(TEXT, bytes.length);
  writeBytes(bytes);
}

const keyOrders = new Map<string, readonly string[]>();

/** In the bytewise order of the encoded keys: shorter ones first. */
function sortedKeys(keys: readonly string[]): readonly string[] {
  const name = keys.join(",");
  const known = keyOrders.get(name);
  if (known !== undefined && known.length === keys.length) return known;
  const sorted = keys
    .map((key) => ({ key, bytes: encoder.encode(key) }))
    .sort((a, b) => a.bytes.length - b.bytes.length || compare(a.bytes, b.bytes))
    .map(({ key }) => key);
  // A key with a comma could be mistaken for two: such maps are not remembered.
  if (keys.some((key) => key.includes(","))) return sorted;
  if (keyOrders.size >= KEY_ORDERS_MAX) keyOrders.clear();
  keyOrders.set(name, sorted);
  return sorted;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

let input: Uint8Array = new Uint8Array();
let position = 0;

/** The value of which `encoded` is the deterministic encoding; undefined when there is none. Byte strings are copies. */
export function decodePlain(encoded: Uint8Array): unknown {
  input = encoded;
  position = 0;
  try {
    const value = read(0);
    return position === input.length ? value : undefined;
  } catch (error) {
    if (error instanceof Malformed || error instanceof TypeError) return undefined;
    throw error;
  } finally {
    input = EMPTY;
  }
}

const EMPTY = new Uint8Array();
const malformed = new Malformed();

function readByte(): number {
  if (position >= input.length) throw malformed;
  return input[position++] as number;
}

function readWord(): number {
  if (position + 4 > input.length) throw malformed;
  const word =
    (((input[position] as number) << 24) |
      ((input[position + 1] as number) << 16) |
      ((input[position + 2] as number) << 8) |
      (input[position + 3] as number)) >>>
    0;
  position += 4;
  return word;
}

/** The argument of a head, in its shortest form. */
function readArgument(info: number): number {
  if (info < 24) return info;
  let value: number;
  let least: number;
  switch (info) {
    case 24:
      value = readByte();
      least = 24;
      break;
    case 25:
      value = (readByte() << 8) | readByte();
      least = 0x100;
      break;
    case 26:
      value = readWord();
      least = 0x1_0000;
      break;
    case 27:
      value = readWord() * TWO_32 + readWord();
      least = TWO_32;
      break;
    default:
      throw malformed;
  }
  if (value < least || value > Number.MAX_SAFE_INTEGER) throw malformed;
  return value;
}

function read(depth: number): unknown {
  if (depth > DEPTH_MAX) throw malformed;
  const head = readByte();
  switch (head >> 5) {
    case UNSIGNED:
      return readArgument(head & 31);
    case NEGATIVE: {
      const value = -1 - readArgument(head & 31);
      if (!Number.isSafeInteger(value)) throw malformed;
      return value;
    }
    case BYTES: {
      const end = readEnd(head);
      const bytes = input.slice(position, end);
      position = end;
      return bytes;
    }
    case TEXT:
      return readText(readEnd(head));
    case ARRAY: {
      const length = readArgument(head & 31);
      if (length > input.length - position) throw malformed;
      const items: unknown[] = [];
      for (let index = 0; index < length; index += 1) items.push(read(depth + 1));
      return items;
    }
    case MAP:
      return readMap(readArgument(head & 31), depth);
    default:
      if (head === NULL) return null;
      if (head === TRUE) return true;
      if (head === FALSE) return false;
      throw malformed;
  }
}

function readEnd(head: number): number {
  const length = readArgument(head & 31);
  if (length > input.length - position) throw malformed;
  return position + length;
}

function readText(end: number): string {
  const start = position;
  position = end;
  if (end - start < SHORT_TEXT_BYTES) {
    let index = start;
    while (index < end && (input[index] as number) < 0x80) index += 1;
    if (index === end) return String.fromCharCode.apply(null, input.subarray(start, end) as unknown as number[]);
  }
  return decoder.decode(input.subarray(start, end));
}

function readMap(length: number, depth: number): Record<string, unknown> {
  if (length * 2 > input.length - position) throw malformed;
  const map: Record<string, unknown> = {};
  let before = -1;
  let beforeEnd = -1;
  for (let index = 0; index < length; index += 1) {
    const start = position;
    const head = readByte();
    if (head >> 5 !== TEXT) throw malformed;
    const key = readText(readEnd(head));
    // Also refuses a key that occurs twice.
    if (before >= 0 && !follows(before, beforeEnd, start, position)) throw malformed;
    before = start;
    beforeEnd = position;
    if (key === "__proto__") throw malformed;
    map[key] = read(depth + 1);
  }
  return map;
}

/** Whether the encoded key at `b` comes after the one at `a`; the head makes shorter ones come first. */
function follows(a: number, aEnd: number, b: number, bEnd: number): boolean {
  const shared = Math.min(aEnd - a, bEnd - b);
  for (let index = 0; index < shared; index += 1) {
    const difference = (input[b + index] as number) - (input[a + index] as number);
    if (difference !== 0) return difference > 0;
  }
  return bEnd - b > aEnd - a;
}
