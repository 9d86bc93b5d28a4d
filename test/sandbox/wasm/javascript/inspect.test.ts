import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { InterpreterWorker } from "../interpreter/harness.ts";

const worker = new InterpreterWorker();
after(() => worker.close());

/** Expressions whose value both this Node and the sandbox's interpreter print. */
const EXPRESSIONS: readonly string[] = [
  "1.5",
  "-0",
  "NaN",
  "1e21",
  "'it\\'s'",
  "'a\\nb'",
  "null",
  "undefined",
  "true",
  "12n",
  "Symbol('s')",
  "[]",
  "[[]]",
  "[1, 2, 3]",
  "[1, , 3]",
  "[undefined, null]",
  "['a', \"it's\"]",
  "new Array(5)",
  "Array.from({ length: 7 }, (_, i) => i)",
  "Array.from({ length: 30 }, (_, i) => i * 1000)",
  "Array.from({ length: 120 }, (_, i) => i)",
  "Array.from({ length: 27 }, (_, i) => 'x'.repeat(i % 5))",
  "Array.from({ length: 101 }, (_, i) => 'ab')",
  "Array.from({ length: 10 }, (_, i) => [i, i * i])",
  "[[1, 2, [3, [4, [5]]]]]",
  "{}",
  "{ a: 1, 'b-c': [2], d: { e: { f: { g: 1 } } } }",
  "{ a: 'x'.repeat(100), b: 'y'.repeat(100) }",
  "{ [Symbol('k')]: 1, get x() { return 1 }, set y(v) {} }",
  "Object.create(null)",
  "Object.assign(Object.create(null), { a: 1 })",
  "new (class Point { x = 1; y = 2 })()",
  "new (class Empty {})()",
  "class A {}",
  "class B extends Array {}",
  "function f() {}",
  "() => {}",
  "async () => {}",
  "new Map([[1, { a: 2 }], ['k', [1]]])",
  "new Set([1, 'a', [2]])",
  "new Map()",
  "new Set()",
  "new WeakMap()",
  "/a+b/g",
  "new Date(0)",
  "new Date(NaN)",
  "Promise.resolve(4)",
  "(() => { const a = { n: 1 }; a.self = a; return a; })()",
  "Object.assign([1, 2], { extra: 'x' })",
  "Object.assign(() => {}, { p: 1 })",
  "new Int8Array(3)",
  "new Float64Array([0.5, -0])",
  "[1.25, -3, 1000000]",
  "[['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'cccccccccccccccccc']]",
  "{ a: [1, 2, 3], b: { c: [[1, 2], [3, 4]] } }",
  "[new Map([[1, 2]]), new Set([3])]",
  "Object(1)",
  "Object('s')",
  "[true, false]",
  "['é', '日本']",
  "{ f() {}, g: class {} }",
  "(function () { return arguments; })(1, 2)",
  "[new (class Foo {})(), {}]",
  "Array.from({ length: 7 }, (_, i) => ({ id: i }))",
  "Array.from({ length: 8 }, () => 'long long long string')",
];
const PENDING = new Set(["Promise.resolve(4)"]);

async function printed(expressions: readonly string[]): Promise<readonly string[]> {
  const source = `const { inspect } = require("util");\nconst out = [${expressions.map((e) => `() => (${e})`).join(",\n")}];\nconsole.log(JSON.stringify(out.map((f) => inspect(f()))));`;
  const ran = await worker.run({ name: "main.js", source });
  assert.equal(ran.stderr, "");
  return JSON.parse(ran.stdout) as string[];
}

test("javascript: printing a value: as Node prints it", async () => {
  const wanted = EXPRESSIONS.filter((e) => !PENDING.has(e));
  const got = await printed(wanted);
  const differences = wanted.flatMap((expression, index) => {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
    const node = inspect((new Function(`return (${expression})`) as () => unknown)());
    return node === got[index] ? [] : [{ expression, node, got: got[index] }];
  });
  assert.deepEqual(differences, []);
});

test("javascript: printing random nested data: as Node prints it", async () => {
  const leaf = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ maxLength: 30 }),
    fc.boolean(),
    fc.constant(null),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("value"), { maxLength: 12 }),
      fc.array(fc.nat(5000), { maxLength: 130 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie("value"), { maxKeys: 6 }),
    ),
  }));
  const samples = fc.sample(value, { numRuns: 400, seed: 20_261_121 }).map((sample) => JSON.stringify(sample));
  const got = await printed(samples.map((json) => `JSON.parse(${JSON.stringify(json)})`));
  const wrong = samples.findIndex((json, index) => inspect(JSON.parse(json)) !== got[index]);
  assert.equal(
    wrong < 0 ? undefined : got[wrong],
    wrong < 0 ? undefined : inspect(JSON.parse(samples[wrong] ?? "null")),
  );
});
