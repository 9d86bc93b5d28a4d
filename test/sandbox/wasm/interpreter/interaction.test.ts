import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Program } from "../../../../sandbox/engine.ts";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { WasmRunner } from "../../../../sandbox/wasm/runner/index.ts";
import { CACHE_DIRECTORY } from "./harness.ts";

const runner = new WasmRunner({ cacheDirectory: CACHE_DIRECTORY });
after(() => runner.close());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const python = (source: string): Program => ({ type: "python", sources: [{ name: "main.py", bytes: bytes(source) }] });
const javascript = (source: string): Program => ({
  type: "javascript",
  sources: [{ name: "main.js", bytes: bytes(source) }],
});
const LIMITS = {
  costMax: 5_000 * COST_PER_VIRTUAL_MS,
  memoryBytesMax: 2 ** 28,
  stdoutBytesMax: 2 ** 20,
  stderrBytesMax: 2 ** 16,
};
/** Thinks of a number, answers guesses, and writes what it saw. */
const INTERACTOR = python(`
import sys
secret = int(open(sys.argv[1]).read())
for turn in range(20):
    guess = int(input())
    print("lower" if guess > secret else "higher" if guess < secret else "right", flush=True)
    if guess == secret:
        with open(sys.argv[3] + "judgemessage.txt", "w") as message:
            message.write(f"after {turn + 1}")
        sys.exit(42)
sys.exit(43)
`);
const INPUT = {
  args: ["/judge/input", "/judge/answer", "/feedback/"],
  stdin: new Uint8Array(0),
  files: { "/judge/input": bytes("777"), "/judge/answer": bytes("") },
  writableDirectory: "/feedback/",
};

const GUESSERS: Readonly<Record<string, Program>> = {
  python: python(`
low, high = 1, 1000
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    answer = input()
    if answer == "right": break
    if answer == "lower": high = middle - 1
    else: low = middle + 1
`),
  javascript: javascript(`
const lines = require("readline").createInterface({ input: process.stdin });
let [low, high, middle] = [1, 1000, 0];
const guess = () => console.log((middle = (low + high) >> 1));
lines.on("line", (answer) => {
  if (answer === "right") return lines.close();
  if (answer === "lower") high = middle - 1; else low = middle + 1;
  guess();
});
guess();
`),
};

for (const [language, program] of Object.entries(GUESSERS)) {
  test(`interaction: ${language} against an interactor in Python: both end well, the same every time`, async () => {
    const first = await runner.interact(program, LIMITS, INTERACTOR, INPUT, LIMITS);
    assert.deepEqual(first.submission.status, { type: "exited", code: 0 });
    assert.deepEqual(first.interactor.status, { type: "exited", code: 42 });
    const message = first.interactor.writtenFiles["/feedback/judgemessage.txt"] ?? new Uint8Array(0);
    assert.match(new TextDecoder().decode(message), /^after \d+$/);
    const second = await runner.interact(program, LIMITS, INTERACTOR, INPUT, LIMITS);
    assert.deepEqual(second, first);
  });
}

test("interaction: both wait: the submission ends, trapped by the deadlock", async () => {
  const { submission } = await runner.interact(python("input()"), LIMITS, INTERACTOR, INPUT, LIMITS);
  assert.deepEqual(submission.status, { type: "trapped", reason: "deadlock" });
});
