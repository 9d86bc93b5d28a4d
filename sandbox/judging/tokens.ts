/** White space and numbers as the default validator knows them. */

/** `isspace` of the C locale: space, \t, \n, \v, \f, \r. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)(?:[pP]([+-]?[0-9]+))?$/;

/**
 * The whole token as a floating-point number, or undefined. The grammar is the format's ("General requirements") and, as the
 * reference reads with `scanf("%lf")`, C's hexadecimal one. Infinities and NaN are no numbers, nor is what overflows.
 */
export function parseFloatToken(token: string): number | undefined {
  if (DECIMAL.test(token)) return finite(Number(token));
  const hex = HEXADECIMAL.exec(token);
  if (hex === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = hex;
  if (whole.length + fraction.length === 0) return undefined;
  return finite((sign === "-" ? -1 : 1) * hexToNumber(whole, fraction, Number(exponent)));
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Exact up to the final rounding for up to 13 significant digits, which is a double's precision. */
function hexToNumber(whole: string, fraction: string, exponent: number): number {
  const digits = (whole + fraction).replace(/^0+/, "");
  const used = digits.slice(0, 13);
  if (used === "") return 0;
  const shift = exponent - 4 * fraction.length + 4 * (digits.length - used.length);
  return Number.parseInt(used, 16) * 2 ** Math.max(-2000, Math.min(2000, shift));
}
