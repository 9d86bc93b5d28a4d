import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode as decodeCborg, encode as encodeCborg, rfc8949EncodeOptions } from "cborg";
import * as fc from "fast-check";
import { decodePlain, encodePlain } from "../../src/model/cbor.ts";
import { equalBytes, fromHex } from "../../src/model/index.ts";

const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, -1, -24, -25, -256, -257, -(2 ** 32)),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ maxLength: 300 }),
  fc.constant("é".repeat(100)),
);
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    integer,
    text,
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 80 }),
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(
      text.filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 8, noNullPrototype: true },
    ),
  ),
})).value;

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const;

/** What the independent implementation makes of it: its value, if it would write it the same way. */
function oracle(encoded: Uint8Array): { readonly value: unknown } | undefined {
  try {
    const value: unknown = decodeCborg(encoded, STRICT);
    if (hasFraction(value)) return undefined;
    // It drops a byte order mark at the start of text, which then differs.
    return equalBytes(encodeCborg(value, rfc8949EncodeOptions), encoded) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

function hasFraction(value: unknown): boolean {
  if (typeof value === "number") return !Number.isSafeInteger(value);
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasFraction);
}

describe("model: deterministic CBOR", () => {
  it("any plain data: the bytes of an independent implementation, and back", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const encoded = encodePlain(value);
        assert.deepEqual(encoded, new Uint8Array(encodeCborg(value, rfc8949EncodeOptions)));
        assert.deepEqual(decodePlain(encoded), value);
      }),
      { numRuns: 2000 },
    );
  });

  it("an encoding with a byte changed, cut or added: read exactly where the independent implementation says", () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat(255), how: fc.constantFrom("set", "cut", "insert", "remove") });
    fc.assert(
      fc.property(plain, change, (value, { at, to, how }) => {
        const encoded = encodePlain(value);
        const place = at % encoded.length;
        const bytes = [...encoded];
        if (how === "set") bytes[place] = to;
        else if (how === "insert") bytes.splice(place, 0, to);
        else if (how === "remove") bytes.splice(place, 1);
        else bytes.length = place;
        const changed = Uint8Array.from(bytes);
        const wanted = oracle(changed);
        assert.deepEqual(decodePlain(changed), wanted?.value);
      }),
      { numRuns: 5000 },
    );
  });

  const refused: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["a longer head than needed", "1817"],
    ["four bytes for 255", "1a000000ff"],
    ["an integer beyond the safe range", "1b0020000000000000"],
    ["a negative integer beyond the safe range", "3b001fffffffffffff"],
    ["a float", "f93c00"],
    ["undefined", "f7"],
    ["a tag", "c001"],
    ["an indefinite list", "9f01ff"],
    ["keys out of order", "a2616201616101"],
    ["a longer key first", "a262616101616201"],
    ["a key twice", "a2616101616102"],
    ["a key that is no text", "a10101"],
    ["the key __proto__", "a1695f5f70726f746f5f5f01"],
    ["text that is no UTF-8", "61ff"],
    ["a list longer than its bytes", "9b0000000100000000"],
    ["a map longer than its bytes", "ba00ffffff"],
    ["bytes after the end", "0000"],
    ["33 lists inside each other", `${"81".repeat(34)}00`],
  ];
  for (const [what, hex] of refused) {
    it(`${what}: refused`, () => assert.equal(decodePlain(fromHex(hex)), undefined));
  }

  it("text with a byte order mark: kept", () => {
    assert.equal(decodePlain(encodePlain("\uFEFFtext")), "\uFEFFtext");
  });

  it("values that are no plain data: a TypeError", () => {
    for (const value of [1.5, Number.NaN, 2 ** 53, undefined, () => 0, 1n, "\uD800", [undefined], { a: 0.1 }]) {
      assert.throws(() => encodePlain(value), TypeError);
    }
  });
});
