import assert from "node:assert/strict";
import { after, test } from "node:test";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { InterpreterWorker, type Job } from "./harness.ts";

const worker = new InterpreterWorker();
after(() => worker.close());

/** 50 MB of numbers with seven digits, one a line. */
const LINES = 6_250_000;
const line = new TextEncoder().encode("1234567\n");
const stdin = new Uint8Array(LINES * line.length);
for (let index = 0; index < stdin.length; index += line.length) stdin.set(line, index);

/** The same amount in lines of 100 bytes, for those that read line by line. */
const longLine = new TextEncoder().encode(`${"1234567 ".repeat(12)}89\n`);
const inLongLines = new Uint8Array(50_000_000 - (50_000_000 % longLine.length));
for (let index = 0; index < inLongLines.length; index += longLine.length) inLongLines.set(longLine, index);

const LINE_READERS: Readonly<Record<string, Pick<Job, "name" | "source">>> = {
  "python input()": {
    name: "main.py",
    source: "n = 0\ntry:\n  while True: n += len(input()) + 1\nexcept EOFError: print(n)",
  },
  "python BytesIO over os.read": {
    name: "main.py",
    source: "import io, os\nn = 0\nfor line in io.BytesIO(os.read(0, 10**9)): n += len(line)\nprint(n)",
  },
  "python split into numbers": {
    name: "main.py",
    source: "import sys\nprint(sum(len(x) + 1 for line in sys.stdin.buffer for x in line.split()))",
  },
  "javascript readline events": {
    name: "main.js",
    source:
      "let n = 0; require('readline').createInterface({ input: process.stdin }).on('line', (l) => (n += l.length + 1)).on('close', () => console.log(n))",
  },
  "javascript readline iteration": {
    name: "main.mjs",
    source:
      "import * as readline from 'node:readline'; let n = 0; for await (const l of readline.createInterface({ input: process.stdin })) n += l.length + 1; console.log(n)",
  },
  "javascript split of readFileSync('/dev/stdin')": {
    name: "main.js",
    source:
      "let n = 0; for (const l of require('fs').readFileSync('/dev/stdin', 'utf8').split('\\n')) n += l.length + 1; console.log(n - 1)",
  },
};

const READERS: Readonly<Record<string, Pick<Job, "name" | "source">>> = {
  "python sys.stdin.buffer.read": {
    name: "main.py",
    source: "import sys\nprint(len(sys.stdin.buffer.read()))",
  },
  "python sys.stdin.read": { name: "main.py", source: "import sys\nprint(len(sys.stdin.read()))" },
  "python for line in sys.stdin": {
    name: "main.py",
    source: "import sys\nn = 0\nfor line in sys.stdin: n += len(line)\nprint(n)",
  },
  "python sys.stdin.readline": {
    name: "main.py",
    source: "import sys\nread = sys.stdin.readline\nn = 0\nwhile line := read(): n += len(line)\nprint(n)",
  },
  "python readlines": { name: "main.py", source: "import sys\nprint(sum(map(len, sys.stdin.buffer.readlines())))" },
  "javascript readFileSync(0, 'utf8')": {
    name: "main.js",
    source: "console.log(require('fs').readFileSync(0, 'utf8').length)",
  },
  "javascript data events": {
    name: "main.js",
    source: "let n = 0; process.stdin.on('data', (c) => (n += c.length)).on('end', () => console.log(n))",
  },
};

for (const [name, job] of Object.entries(LINE_READERS)) {
  test(`interpreters: 50 MB of input in long lines by ${name}: all of it, in at most 6 virtual seconds`, async () => {
    const limits = { memoryBytesMax: 1_024 * 2 ** 20, costMax: 6_000 * COST_PER_VIRTUAL_MS };
    const ran = await worker.run({ ...job, stdin: inLongLines, limits });
    assert.deepEqual(
      [ran.status, ran.stdout, ran.stderr],
      [{ type: "exited", code: 0 }, `${inLongLines.length}\n`, ""],
    );
  });
}

for (const [name, job] of Object.entries(READERS)) {
  test(`interpreters: 50 MB of input by ${name}: all of it, in at most 6 virtual seconds`, async () => {
    const limits = { memoryBytesMax: 1_024 * 2 ** 20, costMax: 6_000 * COST_PER_VIRTUAL_MS };
    const ran = await worker.run({ ...job, stdin, limits });
    assert.deepEqual([ran.status, ran.stdout, ran.stderr], [{ type: "exited", code: 0 }, `${stdin.length}\n`, ""]);
  });
}
