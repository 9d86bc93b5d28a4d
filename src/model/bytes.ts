/** Byte strings without `Buffer`, so that the pure folders run anywhere. */

const HEX_CODES = Uint8Array.from("0123456789abcdef", (digitOf) => digitOf.charCodeAt(0));
/** Longer byte strings are turned into text piece by piece. */
const HEX_BYTES_AT_ONCE = 1024;

export function toHex(bytes: Uint8Array): string {
  if (bytes.length > HEX_BYTES_AT_ONCE) {
    return toHex(bytes.subarray(0, HEX_BYTES_AT_ONCE)) + toHex(bytes.subarray(HEX_BYTES_AT_ONCE));
  }
  // In one go: text put together from pairs is copied again when it is first read.
  const codes: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    codes.push(HEX_CODES[byte >> 4] as number, HEX_CODES[byte & 15] as number);
  }
  return String.fromCharCode.apply(null, codes);
}

/** @throws RangeError unless `text` is an even number of lower-case hex digits. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new RangeError("not lower-case hex");
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = (digit(text.charCodeAt(index * 2)) << 4) | digit(text.charCodeAt(index * 2 + 1));
  }
  return bytes;
}

/** Of "0"–"9" and "a"–"f". */
function digit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Bytewise order; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
