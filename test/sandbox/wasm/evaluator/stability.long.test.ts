/**
 * A thousand submissions through one evaluator, good and hostile ones in turn, half of them never seen before: its processes hold
 * no more memory, files and processes at the end than after the first hundred. Figures: `npm run test:long` prints them.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Language } from "../../../../src/model/language.ts";
import type { Verdict } from "../../../../src/model/verdict.ts";
import { readPackage } from "../../../../src/packages/index.ts";
import { createWasmSandbox } from "../../../../sandbox/wasm/evaluator/index.ts";
import { writeFolder } from "../../../support/folders.ts";

const SUBMISSIONS = 1_000;
const SAMPLE_EVERY = 100;
/** Caches (32 modules of contestants, compiled programs) fill until then. */
const SETTLED_AFTER = 300;
const GROWTH_MIB_MAX = 128;

interface Kind {
  readonly language: Language;
  readonly file: string;
  readonly verdict: Verdict;
  /** `n` makes it a program that was never seen. */
  readonly source: (n: number) => string;
}

const KINDS: readonly Kind[] = [
  {
    language: "python3",
    file: "a.py",
    verdict: "AC",
    source: (n) => `# ${n}\nprint(sum(map(int, input().split())))\n`,
  },
  {
    language: "c",
    file: "a.c",
    verdict: "AC",
    // Compiled once in 20.
    source: (n) =>
      `#include <stdio.h>\nint main(void) { int a, b; if (scanf("%d%d", &a, &b) == 2) printf("%d\\n", a + b); return 0; } // ${n % 500}\n`,
  },
  {
    language: "javascript",
    file: "a.js",
    verdict: "AC",
    source: (n) =>
      `console.log(require('fs').readFileSync(0, 'utf8').split(' ').map(Number).reduce((a, b) => a + b)); // ${n}\n`,
  },
  {
    language: "c",
    file: "a.c",
    verdict: "MLE",
    source: () => "#include <stdlib.h>\nint main(void) { for (;;) { volatile char *p = malloc(1 << 20); *p = 1; } }\n",
  },
  {
    language: "python3",
    file: "a.py",
    verdict: "MLE",
    source: (n) => `x = ${n}\ny = []\nwhile True: y.append(bytearray(1 << 20))\n`,
  },
  { language: "javascript", file: "a.js", verdict: "TLE", source: (n) => `let x = ${n}; for (;;) x++;` },
  {
    language: "c",
    file: "a.c",
    verdict: "OLE",
    source: () => '#include <stdio.h>\nint main(void) { for (;;) puts("spam"); }\n',
  },
  { language: "python3", file: "a.py", verdict: "CE", source: (n) => `print(${n}` },
  { language: "javascript", file: "a.js", verdict: "RE", source: (n) => `throw new Error('${n}')` },
  {
    language: "typescript",
    file: "a.ts",
    verdict: "WA",
    source: (n) => `const x: number = ${n}; console.log(-x - 1);`,
  },
];

test("evaluator: a thousand submissions, good and hostile: resident memory, files and processes stay as they are", async (context) => {
  await using folder = await writeFolder({
    "problem.yaml": "limits: { time_limit: 0.1, memory: 64, output: 1 }\n",
    "data/secret/1.in": "40 2\n",
    "data/secret/1.ans": "42\n",
    "data/secret/2.in": "1 2\n",
    "data/secret/2.ans": "3\n",
  });
  const { problem } = await readPackage(folder.directory);
  const sandbox = await createWasmSandbox({ workers: 1 });
  const samples: {
    readonly after: number;
    readonly residentMib: number;
    readonly files: number;
    readonly ids: string;
  }[] = [];
  try {
    await sandbox.warm(["c", "python3", "javascript", "typescript"]);
    for (let n = 1; n <= SUBMISSIONS; n++) {
      const kind = KINDS[n % KINDS.length];
      assert.ok(kind !== undefined);
      const { language, file, source } = kind;
      const sources = [{ name: file, bytes: Buffer.from(source(n)) }];
      const result = await sandbox.judge({
        language,
        sources,
        problem,
        packageDirectory: folder.directory,
        tests: "all",
      });
      assert.equal(result.verdict, kind.verdict, `submission ${n}, ${language}: ${result.compileLog}`);
      if (n % SAMPLE_EVERY === 0) samples.push({ after: n, ...measure() });
    }
  } finally {
    await sandbox.close();
  }
  for (const { after, residentMib, files, ids } of samples)
    context.diagnostic(`after ${after}: ${residentMib.toFixed(0)} MiB resident, ${files} open files, processes ${ids}`);
  const settled = samples.find(({ after }) => after >= SETTLED_AFTER);
  const last = samples.at(-1);
  assert.ok(settled !== undefined && last !== undefined);
  assert.ok(last.residentMib <= settled.residentMib + GROWTH_MIB_MAX, JSON.stringify(samples));
  assert.ok(last.files <= settled.files, JSON.stringify(samples));
});

/** All processes of the evaluator. */
function measure(): { readonly residentMib: number; readonly files: number; readonly ids: string } {
  const children = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name) && parentOf(name) === process.pid);
  const status = children.map((pid) => readFileSync(`/proc/${pid}/status`, "utf8"));
  const residentKib = status.map((text) => Number(/^VmRSS:\s+([0-9]+) kB/m.exec(text)?.[1] ?? 0));
  return {
    residentMib: residentKib.reduce((sum, kib) => sum + kib, 0) / 1_024,
    files: children.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0),
    ids: children.join(" "),
  };
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}
