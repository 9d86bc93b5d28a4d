/**
 * Every hostile program on one sandbox: the right verdict, the same result twice, no file and no process left, the next submission
 * judged normally.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { JudgeTask, Sandbox } from "../../../sandbox/sandbox.ts";
import type { Language } from "../../../src/model/language.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { JudgeResult } from "../../../src/model/verdict.ts";
import { readPackage } from "../../../src/packages/index.ts";
import { type TemporaryFolder, writeFolder } from "../../support/folders.ts";
import { ANSWER, type HostileProgram, INPUT } from "./program.ts";
import { HOSTILE_PROGRAMS } from "./programs.ts";

export interface HostileSuiteOptions {
  readonly kind: "wasm" | "docker";
  /** Tells what is left of a program beside its verdict: processes, containers. Throws if something is. */
  readonly inspect: () => Promise<void> | void;
}

const FILES: Partial<Record<Language, string>> = {
  c: "main.c",
  cpp: "main.cc",
  python3: "main.py",
  javascript: "main.js",
  typescript: "main.ts",
};
const MEMORY_MIB = 128;
const LIMITS = `limits: { time_limit: 0.3, memory: ${MEMORY_MIB}, output: 1, code: 128, compilation_time: 4, compilation_memory: 512 }\n`;
/** Beside the limit: a stack counts when the run is over, and may have grown to its 256 MiB. */
const MEMORY_TOLERANCE = 2.1;

const FINE: Partial<Record<Language, string>> = {
  c: '#include <stdio.h>\nint main(void) { int a, b; if (scanf("%d%d", &a, &b) == 2) printf("%d\\n", a + b); return 0; }\n',
  cpp: "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n",
  python3: "print(sum(map(int, input().split())))\n",
  javascript: "console.log(require('fs').readFileSync(0, 'utf8').split(' ').map(Number).reduce((a, b) => a + b))\n",
  typescript:
    "const n: number[] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number); console.log(n[0]! + n[1]!)\n",
};

export function testHostilePrograms(open: () => Promise<Sandbox>, options: HostileSuiteOptions): void {
  describe(`hostile programs, ${options.kind}`, () => {
    let sandbox: Sandbox;
    let folder: TemporaryFolder;
    let problem: Problem;
    before(async () => {
      sandbox = await open();
      folder = await writeFolder({
        "problem.yaml": LIMITS,
        "data/secret/1.in": INPUT,
        "data/secret/1.ans": ANSWER,
      });
      problem = (await readPackage(folder.directory)).problem;
      await sandbox.warm(["c", "cpp", "python3", "javascript", "typescript"]);
    });
    after(async () => {
      await sandbox.close();
      await folder[Symbol.asyncDispose]();
    });

    async function judged({ language, source }: Pick<HostileProgram, "language" | "source">): Promise<JudgeResult> {
      const bytes = typeof source === "string" ? Buffer.from(source) : source;
      const task: JudgeTask = {
        language,
        sources: [{ name: FILES[language] ?? "main", bytes }],
        problem,
        packageDirectory: folder.directory,
        tests: "all",
      };
      return await sandbox.judge(task);
    }

    for (const program of HOSTILE_PROGRAMS) {
      const verdicts = (options.kind === "docker" ? program.native : undefined) ?? program.verdicts;
      test(`hostile ${program.language}: ${program.row}: ${program.id}: ${verdicts.join(" or ")}`, async (context) => {
        if (!sandbox.profile.languages.includes(program.language)) {
          context.skip(`the sandbox has no ${program.language}`);
          return;
        }
        const before = new Set(leftovers());
        const first = await judged(program);
        assert.ok(verdicts.includes(first.verdict), `${first.verdict}: ${first.compileLog.slice(0, 500)}`);
        assert.ok(first.compileLog.length <= 64 * 1024);
        for (const { memoryBytes } of first.tests)
          assert.ok(memoryBytes <= MEMORY_TOLERANCE * MEMORY_MIB * 2 ** 20, `${memoryBytes} bytes`);
        if (options.kind === "wasm") {
          const second = await judged(program);
          assert.deepEqual([second.digest, second.tests], [first.digest, first.tests], "the same once more");
        }
        const fine = await judged({ language: program.language, source: FINE[program.language] ?? "" });
        assert.deepEqual([fine.verdict, fine.compileLog], ["AC", ""]);
        assert.deepEqual(
          leftovers().filter((name) => !before.has(name)),
          [],
          "files left behind",
        );
        await options.inspect();
      });
    }
  });
}

/** What a program might have written where this process could see it. */
function leftovers(): readonly string[] {
  return [process.cwd(), "/", "/etc"]
    .flatMap((directory) => readdirSync(directory).map((name) => `${directory}/${name}`))
    .filter((name) => !/\/(?:dikast-(?!was-here)|node-|npm-|tmp\.|\.)[^/]*$/.test(name));
}
