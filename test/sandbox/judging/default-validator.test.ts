import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { compareOutput, parseComparisonRules } from "../../../sandbox/judging/index.ts";

function verdict(args: string, output: string, answer: string): "AC" | "WA" | "JE" {
  const rules = parseComparisonRules(args.split(" ").filter((arg) => arg !== ""));
  if (rules === undefined) return "JE";
  return compareOutput(Buffer.from(output, "latin1"), Buffer.from(answer, "latin1"), rules).accepted ? "AC" : "WA";
}

type Row = readonly [id: string, args: string, output: string, answer: string, verdict: "AC" | "WA" | "JE"];

/** After legacy.md and 2025-09.md "Default output validator specification", and the reference where they are silent. */
const TABLE: readonly Row[] = [
  ["equal", "", "1 2\n", "1 2\n", "AC"],
  ["both empty", "", "", "", "AC"],
  ["only white space against nothing", "", " \n\t", "", "AC"],
  ["white space of every kind", "", "1\t2\r\n\f3\v4", "1 2 3 4\n", "AC"],
  ["no final line end", "", "1 2", "1 2\n", "AC"],
  ["too few tokens", "", "1\n", "1 2\n", "WA"],
  ["too many tokens", "", "1 2 3\n", "1 2\n", "WA"],
  ["nothing for something", "", "", "1\n", "WA"],
  ["tokens run together", "", "12\n", "1 2\n", "WA"],
  ["case by default", "", "YES\n", "yes\n", "AC"],
  ["case sensitive", "case_sensitive", "YES\n", "yes\n", "WA"],
  ["case of ASCII only", "", "\xc9\n", "\xe9\n", "WA"],
  ["neighbours of letters are no letters", "", "@[`{\n", "`{@[\n", "WA"],
  ["a NUL is a character", "", "a\0b\n", "a\0c\n", "WA"],
  ["no-break space is no white space", "", "1\xa02\n", "1 2\n", "WA"],
  ["numbers are text without tolerance", "", "1.0\n", "1\n", "WA"],
  ["space sensitive: equal", "space_change_sensitive", " 1  2\n", " 1  2\n", "AC"],
  ["space sensitive: another kind", "space_change_sensitive", "1\t2\n", "1 2\n", "WA"],
  ["space sensitive: more", "space_change_sensitive", "1  2\n", "1 2\n", "WA"],
  ["space sensitive: less", "space_change_sensitive", "1 2\n", "1  2\n", "WA"],
  ["space sensitive: trailing", "space_change_sensitive", "1 2\n\n", "1 2\n", "WA"],
  ["space sensitive: missing line end", "space_change_sensitive", "1 2", "1 2\n", "WA"],
  ["space sensitive: leading", "space_change_sensitive", " 1", "1", "WA"],
  ["space sensitive: case still does not matter", "space_change_sensitive", "A b\n", "a B\n", "AC"],
  ["absolute tolerance: at the border", "float_absolute_tolerance 0.5", "1.5", "1", "AC"],
  ["absolute tolerance: beyond", "float_absolute_tolerance 0.5", "1.51", "1", "WA"],
  ["relative tolerance: within", "float_relative_tolerance 0.1", "109", "100", "AC"],
  ["relative tolerance: of the answer, not of the output", "float_relative_tolerance 0.1", "90.0", "99.5", "AC"],
  ["relative tolerance: beyond", "float_relative_tolerance 0.1", "111", "100", "WA"],
  ["either tolerance suffices", "float_relative_tolerance 0.1 float_absolute_tolerance 20", "111", "100", "AC"],
  ["float_tolerance is both: relative", "float_tolerance 1e-6", "1000000.5", "1000000", "AC"],
  ["float_tolerance is both: absolute", "float_tolerance 1e-6", "0.0000005", "0", "AC"],
  ["other spellings of a number", "float_tolerance 0", "3.14000000e-2 +5 .5 7.", "0.0314 5 0.5 7", "AC"],
  ["integers are numbers, too", "float_tolerance 1e-3", "1000.0001", "1000", "AC"],
  ["no number for a number", "float_tolerance 1e-3", "1000x", "1000", "WA"],
  ["text stays text", "float_tolerance 1e-3", "ABC", "abc", "AC"],
  ["a number for text", "float_tolerance 1e-3", "1", "one", "WA"],
  ["infinity is no number", "float_tolerance 1e9", "inf", "5", "WA"],
  ["NaN is no number", "float_tolerance 1e9", "nan", "5", "WA"],
  ["infinity for infinity, as text", "float_tolerance 1e-3", "INF", "inf", "AC"],
  ["NaN for NaN, as text", "float_tolerance 1e-3", "NaN", "nan", "AC"],
  ["too large to be a number", "float_tolerance 1", "1e999", "1e400", "WA"],
  ["hexadecimal, as C reads it", "float_tolerance 0", "0x1.8p1", "3", "AC"],
  ["half an exponent is no number", "float_tolerance 1", "1e", "1", "WA"],
  ["digits with a comma are no number", "float_tolerance 1", "1,0", "1", "WA"],
  ["minus zero", "float_tolerance 0", "-0.0", "0", "AC"],
  ["unknown flag", "fuzzy", "1", "1", "JE"],
  ["tolerance without a number", "float_tolerance", "1", "1", "JE"],
  ["tolerance that is no number", "float_tolerance small", "1", "1", "JE"],
  ["tolerance of nothing in particular", "tolerance 1", "1", "1", "JE"],
];

for (const [id, args, output, answer, expected] of TABLE) {
  test(`default validator: ${id}: ${expected}`, () => {
    assert.equal(verdict(args, output, answer), expected);
  });
}

test("default validator: a wrong answer: the message names lines and tokens", () => {
  const rules = parseComparisonRules([]) ?? assert.fail();
  const comparison = compareOutput(Buffer.from("1\n2\n\n4\n"), Buffer.from("1 2\n3\n"), rules);
  assert.deepEqual(comparison, {
    accepted: false,
    message: 'line 4 of the output (line 2 of the answer): expected "3", got "4"',
  });
});

function gaps(text: string): string {
  return JSON.stringify(text.split(/[^ \t\n\v\f\r]+/));
}

/** The deliberately simple twin: the rules again, on strings and arrays. */
function twin(args: readonly string[], output: string, answer: string): "AC" | "WA" {
  const flag = (name: string): number => {
    const at = args.lastIndexOf(name);
    return at < 0 ? -1 : Number(args[at + 1]);
  };
  const both = flag("float_tolerance");
  const absolute = Math.max(flag("float_absolute_tolerance"), both);
  const relative = Math.max(flag("float_relative_tolerance"), both);
  const space = /[ \t\n\v\f\r]+/;
  if (args.includes("space_change_sensitive")) {
    if (gaps(output) !== gaps(answer)) return "WA";
  }
  const tokens = (text: string): string[] => text.split(space).filter((token) => token !== "");
  const [got, expected] = [tokens(output), tokens(answer)];
  if (got.length !== expected.length) return "WA";
  const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
  return expected.every((token, index) => {
    const other = got[index] ?? "";
    if ((absolute >= 0 || relative >= 0) && number.test(token) && Number.isFinite(Number(token))) {
      if (!number.test(other) || !Number.isFinite(Number(other))) return false;
      const difference = Math.abs(Number(token) - Number(other));
      return difference <= absolute || difference <= relative * Math.abs(Number(token));
    }
    return args.includes("case_sensitive") ? token === other : token.toLowerCase() === other.toLowerCase();
  })
    ? "AC"
    : "WA";
}

const token = fc.oneof(
  fc.constantFrom(
    "0",
    "-0",
    "1",
    "1.0",
    "1e0",
    "+1",
    ".5",
    "0.5",
    "5e-1",
    "1.0000001",
    "1000000",
    "1000001",
    "1e",
    "e1",
    "inf",
    "nan",
    "1e999",
    "abc",
    "ABC",
    "aBc",
    "1,5",
    "--1",
    ".",
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .string({ unit: fc.constantFrom("a", "B", "z", "Z", "@", "[", "`", "{", "0", "9", ".", "-") })
    .filter((text) => text !== ""),
);
const space = fc.constantFrom(" ", "\n", "\t", "\r\n", "  ", "\v", "\f", "\n\n");
const text = fc
  .tuple(fc.option(space, { nil: "" }), fc.array(fc.tuple(token, space), { maxLength: 5 }), fc.boolean())
  .map(([lead, parts, trim]) => {
    const whole = lead + parts.flat().join("");
    return trim ? whole.trimEnd() : whole;
  });
const flags = fc.constantFrom(
  "",
  "case_sensitive",
  "space_change_sensitive",
  "case_sensitive space_change_sensitive",
  "float_tolerance 1e-6",
  "float_absolute_tolerance 0.5",
  "float_relative_tolerance 1e-3",
  "float_absolute_tolerance 1e-9 float_relative_tolerance 0.1 case_sensitive",
);
/** The answer itself with one thing changed: most pairs of random texts differ at once. */
const pair = fc.tuple(text, text, token, fc.nat()).map(([answer, other, replacement, seed]) => {
  const pieces = answer.split(/([ \t\n\v\f\r]+)/);
  const changed = pieces.with(seed % pieces.length, replacement).join("");
  return {
    answer,
    output: [answer, other, changed, answer.toUpperCase(), answer.replaceAll(/\s+/g, "\n")][seed % 5] ?? "",
  };
});

test("default validator: any output, answer and flags: as the simple twin says", () => {
  fc.assert(
    fc.property(flags, pair, (args, { output, answer }) => {
      assert.equal(verdict(args, output, answer), twin(args.split(" "), output, answer));
    }),
    { numRuns: 3000 },
  );
});

test("default validator: any text against itself: accepted, whatever the flags", () => {
  fc.assert(
    fc.property(flags, text, (args, same) => assert.equal(verdict(args, same, same), "AC")),
    { numRuns: 500 },
  );
});

test("default validator: 10 MB that differ in white space only: accepted without a quadratic step", () => {
  const line = "123456789 987654321 42\n";
  const answer = Buffer.from(line.repeat(Math.floor(10_000_000 / line.length)));
  const output = Buffer.from(answer);
  output[9] = 0x0a;
  const rules = parseComparisonRules(["float_tolerance", "1e-6"]) ?? assert.fail();
  // A quadratic step would take hours: the file's timeout is the assertion.
  assert.deepEqual(compareOutput(output, answer, rules), { accepted: true });
});
