/**
 * What judging costs beside the programs' own work: 100 tests of a trivial C++ program (target ≤300 ms), a test beyond the
 * program's own run (target ≤2 ms), a warm compilation (targets: C++ ≤1.5 s, C ≤0.5 s).
 *
 *     node bench/judging.ts        DIKAST_BENCH_ROUNDS=7
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWasmSandbox } from "../sandbox/wasm/evaluator/index.ts";
import type { Language } from "../src/model/language.ts";
import { readPackage } from "../src/packages/index.ts";
import { WORK } from "./support/corpus.ts";
import { median } from "./support/statistics.ts";

const ROUNDS = Number(process.env["DIKAST_BENCH_ROUNDS"] ?? 7);
const TESTS = 100;
const SUM: Readonly<Record<"c" | "cpp" | "python3" | "javascript", string>> = {
  c: '#include <stdio.h>\nint main(void) { long a, b; if (scanf("%ld %ld", &a, &b) == 2) printf("%ld\\n", a + b); return 0; }\n',
  cpp: "#include <bits/stdc++.h>\nint main() { long long a, b; std::cin >> a >> b; std::cout << a + b << std::endl; }\n",
  python3: "a, b = map(int, input().split())\nprint(a + b)\n",
  javascript: "const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);\nconsole.log(a + b);\n",
};
const FILES = { c: "main.c", cpp: "main.cc", python3: "main.py", javascript: "main.js" } as const;

const directory = mkdtempSync(join(tmpdir(), "dikast-judging-"));
for (const [folder, count] of [
  ["many", TESTS],
  ["one", 1],
] as const) {
  mkdirSync(join(directory, folder, "data", "secret"), { recursive: true });
  writeFileSync(join(directory, folder, "problem.yaml"), "name: sum\nlimits: { time_limit: 1 }\n");
  for (let i = 0; i < count; i++) {
    writeFileSync(join(directory, folder, "data", "secret", `${i}.in`), `${i} ${i * i}\n`);
    writeFileSync(join(directory, folder, "data", "secret", `${i}.ans`), `${i + i * i}\n`);
  }
}
const sandbox = await createWasmSandbox({ workers: 1, cacheDirectory: join(WORK, "cache") });
try {
  await sandbox.warm(["c", "cpp", "python3", "javascript"]);
  const packages = {
    many: (await readPackage(join(directory, "many"))).problem,
    one: (await readPackage(join(directory, "one"))).problem,
  };
  const judge = async (language: keyof typeof SUM, folder: keyof typeof packages, source: string): Promise<number> => {
    const start = performance.now();
    const { verdict, compileLog } = await sandbox.judge({
      language: language satisfies Language,
      sources: [{ name: FILES[language], bytes: new TextEncoder().encode(source) }],
      problem: packages[folder],
      packageDirectory: join(directory, folder),
      tests: "all",
    });
    if (verdict !== "AC") throw new Error(`${language}: ${verdict} ${compileLog}`);
    return performance.now() - start;
  };
  for (const language of ["cpp", "c", "python3", "javascript"] as const) {
    const comment = language === "python3" ? "#" : "//";
    const fresh: number[] = [];
    const many: number[] = [];
    const manyCpu: number[] = [];
    const oneCpu: number[] = [];
    const one: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // A source that was never seen: compiled, metered, optimized, run once.
      fresh.push(await judge(language, "one", `${SUM[language]}${comment} ${round} ${performance.now()}\n`));
      await judge(language, "one", SUM[language]);
      const startCpu = runProcessCpuMs();
      many.push(await judge(language, "many", SUM[language]));
      const middleCpu = runProcessCpuMs();
      one.push(await judge(language, "one", SUM[language]));
      manyCpu.push(middleCpu - startCpu);
      oneCpu.push(runProcessCpuMs() - middleCpu);
    }
    console.log(
      JSON.stringify({
        type: "judging",
        language,
        newSubmissionMs: Math.round(median(fresh)),
        hundredTestsMs: Math.round(median(many)),
        oneTestMs: Math.round(median(one) * 10) / 10,
        // Of all threads of the run process: what other work on the machine changes little.
        perTestCpuMs: Math.round(((median(manyCpu) - median(oneCpu)) / (TESTS - 1)) * 100) / 100,
        perTestMs: Math.round(((median(many) - median(one)) / (TESTS - 1)) * 100) / 100,
      }),
    );
  }
} finally {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
}

/** Processor time of this process's children that run programs, in milliseconds (steps of 10). */
function runProcessCpuMs(): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      if (Number(fields[1]) !== process.pid) continue;
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("run-process")) continue;
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks * 10;
}
