/** Every hostile program on the embedded sandbox: right verdict, same cost twice, nothing left, the next one unharmed. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { RunResult, Sandbox } from "../../../sandbox/sandbox.ts";
import { createWasmSandbox } from "../../../sandbox/wasm/evaluator/index.ts";
import { HOSTILE_PROGRAMS, type HostileProgram } from "./programs.ts";

let sandbox: Sandbox;
before(async () => {
  sandbox = await createWasmSandbox({ workers: 1 });
  await sandbox.warm(["c", "cpp"]);
});
after(async () => await sandbox.close());

async function run(program: Pick<HostileProgram, "language" | "source">, stdin = ""): Promise<RunResult> {
  const encoder = new TextEncoder();
  const bytes = typeof program.source === "string" ? encoder.encode(program.source) : program.source;
  return await sandbox.run({
    language: program.language,
    sources: [{ name: program.language === "c" ? "main.c" : "main.cc", bytes }],
    stdin: encoder.encode(stdin),
    timeLimitMs: 500,
    memoryLimitMiB: 128,
    outputLimitMiB: 1,
  });
}

const FINE = {
  language: "c",
  source:
    '#include <stdio.h>\nint main(void) { int a, b; if (scanf("%d%d", &a, &b) == 2) printf("%d\\n", a + b); return 0; }\n',
} as const;

for (const program of HOSTILE_PROGRAMS) {
  test(`hostile ${program.language}: ${program.id}: ${program.verdicts.join(" or ")}`, async () => {
    const first = await run(program);
    assert.ok(program.verdicts.includes(first.verdict), `${first.verdict}: ${first.compileLog.slice(0, 500)}`);
    assert.ok(first.memoryBytes <= 400 * 2 ** 20);
    const output = new TextDecoder().decode(first.stdout);
    if (program.secret !== undefined) assert.doesNotMatch(output, program.secret);
    const second = await run(program);
    assert.deepEqual(
      [second.verdict, second.cost, second.memoryBytes],
      [first.verdict, first.cost, first.memoryBytes],
      "the same once more",
    );
    const fine = await run(FINE, "40 2\n");
    assert.deepEqual([fine.verdict, new TextDecoder().decode(fine.stdout)], ["AC", "42\n"]);
    assert.ok(!existsSync("/tmp/dikast-was-here"));
    assert.ok(childCount() <= 2, "one run process, one compile process");
  });
}

function childCount(): number {
  return readdirSync(`/proc/${process.pid}/task`).reduce((sum, task) => sum + childrenOf(task), 0);
}

function childrenOf(task: string): number {
  const path = `/proc/${process.pid}/task/${task}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").trim().split(" ").filter(Boolean).length : 0;
}
