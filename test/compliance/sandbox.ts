/**
 * What every sandbox must do (sandbox.md), whatever runs inside: one suite for the embedded, the Docker and the fake sandbox.
 *
 * ```ts
 * testSandbox("wasm", () => openWasmSandbox({ … }));
 * ```
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JudgeTask, Sandbox } from "../../sandbox/sandbox.ts";
import type { Language } from "../../src/model/language.ts";
import type { JudgeResult, Verdict } from "../../src/model/verdict.ts";
import { readPackage } from "../../src/packages/index.ts";
import { type TemporaryFolder, writeFolder } from "../support/folders.ts";
import { type Behaviour, INTERACTORS, PROGRAMS, VALIDATORS } from "./programs.ts";

export interface ComplianceOptions {
  /** Two runs of one submission give the same digest, cost and memory (not where time is measured). */
  readonly exact: boolean;
  /** Languages to try; by default those of the suite that the profile has. */
  readonly languages?: readonly Language[];
}

const FILES: Readonly<Record<Language, string>> = {
  c: "main.c",
  cpp: "main.cpp",
  python3: "main.py",
  javascript: "main.js",
  typescript: "main.ts",
  java: "Main.java",
  kotlin: "Main.kt",
  go: "main.go",
  rust: "main.rs",
};

/** Small limits, so that running into one takes no time. */
const LIMITS = "limits: { memory: 256, output: 1 }\n";
const DATA = {
  ".timelimit": "1",
  "data/sample/1.in": "1 2\n",
  "data/sample/1.ans": "3\n",
  "data/secret/1.in": "20 22\n",
  "data/secret/1.ans": "42\n",
  "data/secret/2.in": "-5 5 1000000000000\n",
  "data/secret/2.ans": "1000000000000\n",
};

const EXPECTED: readonly (readonly [Behaviour, Verdict, tests: number])[] = [
  ["sum", "AC", 3],
  ["wrong", "WA", 1],
  ["loop", "TLE", 1],
  ["allocate", "MLE", 1],
  ["flood", "OLE", 1],
  ["crash", "RE", 1],
  ["exit-3", "RE", 1],
  ["reject", "CE", 0],
];

export function testSandbox(name: string, open: () => Promise<Sandbox>, options: ComplianceOptions): void {
  describe(`sandbox ${name}`, () => {
    let sandbox: Sandbox;
    const folders: TemporaryFolder[] = [];
    before(async () => {
      sandbox = await open();
      await sandbox.warm(languages());
    });
    after(async () => {
      await sandbox.close();
      for (const folder of folders) await folder[Symbol.asyncDispose]();
    });

    function languages(): readonly Language[] {
      const wanted: readonly Language[] = options.languages ?? ["c", "cpp", "python3", "javascript"];
      return wanted.filter((language) => sandbox.profile.languages.includes(language));
    }

    async function taskFor(source: string, language: Language, files: Record<string, string> = {}): Promise<JudgeTask> {
      const folder = await writeFolder({ "problem.yaml": LIMITS, ...DATA, ...files });
      folders.push(folder);
      const { problem } = await readPackage(folder.directory);
      const sources = [{ name: FILES[language], bytes: Buffer.from(source) }];
      return { language, sources, problem, packageDirectory: folder.directory, tests: "all" };
    }

    /** For each language that has the program. */
    async function eachLanguage(
      behaviour: Behaviour,
      use: (source: string, language: Language) => Promise<void>,
    ): Promise<void> {
      const having = languages().filter((language) => PROGRAMS[behaviour][language] !== undefined);
      assert.ok(having.length > 0 || languages().length === 0, `no language for ${behaviour}`);
      for (const language of having) await use(PROGRAMS[behaviour][language] ?? "", language);
    }

    test(`${name}: profile: a hash, languages and a cost unit`, () => {
      assert.match(sandbox.profile.hash, /^[0-9a-f]{64}$/);
      assert.ok(sandbox.profile.languages.length > 0);
      assert.ok(sandbox.profile.costPerVirtualMs > 0);
    });

    for (const [behaviour, verdict, tests] of EXPECTED) {
      test(`${name}: ${behaviour}: ${verdict} in every language, and the next submission is judged normally`, async () => {
        await eachLanguage(behaviour, async (source, language) => {
          const result = await sandbox.judge(await taskFor(source, language));
          assert.deepEqual(
            [language, result.verdict, result.tests.length],
            [language, verdict, tests],
            result.compileLog,
          );
          checkShape(result);
          const next = await sandbox.judge(await taskFor(PROGRAMS.sum[language] ?? "", language));
          assert.deepEqual([language, next.verdict], [language, "AC"], next.compileLog);
        });
      });
    }

    test(`${name}: the host: nothing of it is reachable`, async () => {
      await eachLanguage("peek-at-host", async (source, language) => {
        const files = Object.fromEntries(
          Object.keys(DATA)
            .filter((file) => file.endsWith(".ans"))
            .map((file) => [file, "nothing\n"]),
        );
        const result = await sandbox.judge(await taskFor(source, language, files));
        assert.deepEqual([language, result.verdict], [language, "AC"], result.compileLog);
      });
    });

    test(`${name}: the same submission again, alone and beside others: the same result`, async () => {
      await eachLanguage("sum", async (source, language) => {
        const task = await taskFor(source, language);
        const [first, ...others] = await Promise.all(
          [task, task, await taskFor(PROGRAMS.loop[language] ?? "", language), task].map((each) => sandbox.judge(each)),
        );
        const same = others.filter((_, index) => index !== 1);
        for (const result of [...same, await sandbox.judge(task)]) {
          assert.equal(result.verdict, "AC");
          assert.equal(result.digest, first?.digest);
          if (options.exact) assert.deepEqual(result.tests, first?.tests);
        }
      });
    });

    test(`${name}: progress: rises to the number of tests`, async () => {
      await eachLanguage("sum", async (source, language) => {
        const seen: string[] = [];
        await sandbox.judge(await taskFor(source, language), {
          onProgress: ({ done, total }) => seen.push(`${done}/${total}`),
        });
        // Single tests may be left out, the order and the end may not.
        assert.deepEqual(seen, [...seen].sort());
        assert.equal(seen.at(-1), "3/3");
      });
    });

    test(`${name}: samples: only they are run`, async () => {
      await eachLanguage("sum", async (source, language) => {
        const result = await sandbox.judge({ ...(await taskFor(source, language)), tests: "samples" });
        assert.deepEqual(
          result.tests.map((each) => each.id),
          ["sample/1"],
        );
      });
    });

    test(`${name}: cancelled before it starts, and while it runs: rejects with the reason`, async () => {
      await eachLanguage("loop", async (source, language) => {
        const task = await taskFor(source, language);
        const long = { ...task, problem: { ...task.problem, limits: { ...task.problem.limits, timeMs: 600_000 } } };
        const reason = new Error("enough");
        await assert.rejects(sandbox.judge(task, { signal: AbortSignal.abort(reason) }), reason);
        if (name === "fake") return;
        const controller = new AbortController();
        const judged = sandbox.judge(long, { signal: controller.signal });
        const startMs = performance.now();
        setTimeout(() => controller.abort(reason), 300);
        await assert.rejects(judged, reason);
        assert.ok(performance.now() - startMs < 5_000, "cancelled late");
        const next = await sandbox.judge(await taskFor(PROGRAMS.sum[language] ?? "", language));
        assert.equal(next.verdict, "AC");
      });
    });

    test(`${name}: run: input, output, exit code, limits`, async () => {
      const limits = { timeLimitMs: 1_000, memoryLimitMiB: 256, outputLimitMiB: 1 };
      const run = (source: string, language: Language, stdin = ""): ReturnType<Sandbox["run"]> =>
        sandbox.run({
          language,
          sources: [{ name: FILES[language], bytes: Buffer.from(source) }],
          stdin: Buffer.from(stdin),
          ...limits,
        });
      await eachLanguage("sum", async (source, language) => {
        const result = await run(source, language, "3 4");
        assert.deepEqual(
          [language, result.verdict, result.exitCode, Buffer.from(result.stdout).toString()],
          [language, "AC", 0, "7\n"],
        );
        assert.ok(result.virtualMs >= 0 && Number.isSafeInteger(result.cost));
      });
      await eachLanguage("exit-3", async (source, language) => {
        const result = await run(source, language);
        assert.deepEqual([language, result.verdict, result.exitCode], [language, "RE", 3]);
      });
      await eachLanguage("flood", async (source, language) => {
        const result = await run(source, language);
        assert.equal(result.verdict, "OLE");
        assert.ok(result.stdout.length <= 1024 * 1024, `${result.stdout.length} bytes`);
      });
      await eachLanguage("loop", async (source, language) => {
        const result = await run(source, language);
        assert.equal(result.verdict, "TLE");
      });
      await eachLanguage("reject", async (source, language) => {
        const result = await run(source, language);
        assert.equal(result.verdict, "CE");
        assert.notEqual(result.compileLog, "");
      });
    });

    test(`${name}: validators in C++ and Python: verdict and score`, async () => {
      for (const [validatorLanguage, validator] of entries(VALIDATORS, languages())) {
        const yaml = `${LIMITS}type: scoring\nvalidation: custom score\n`;
        const file = `output_validators/${FILES[validatorLanguage]}`;
        const files = { "problem.yaml": yaml, [file]: validator };
        const language = languages().includes("python3") ? "python3" : (languages()[0] ?? "cpp");
        const right = await sandbox.judge(await taskFor(PROGRAMS.sum[language] ?? "", language, files));
        assert.deepEqual(
          [validatorLanguage, right.verdict, right.scoreMicros],
          [validatorLanguage, "AC", 120_000_000],
          right.compileLog,
        );
        if (name === "fake") continue;
        const wrong = await sandbox.judge(await taskFor(PROGRAMS.wrong[language] ?? "", language, files));
        assert.deepEqual(
          [validatorLanguage, wrong.verdict, wrong.scoreMicros],
          [validatorLanguage, "WA", 0],
          wrong.compileLog,
        );
      }
    });

    test(`${name}: prepared: a validator, a faulty one, none: judged as ever afterwards; cancelled: rejects`, async () => {
      const language = languages().includes("python3") ? "python3" : (languages()[0] ?? "cpp");
      const source = PROGRAMS.sum[language] ?? "";
      const custom = "validation: custom\n";
      const [validator] = entries(VALIDATORS, languages());
      if (validator === undefined) return;
      const [written, text] = validator;
      const file = `output_validators/${FILES[written]}`;
      const broken = PROGRAMS.reject[written] ?? "";
      for (const [files, verdict] of [
        [{}, "AC"],
        [{ "problem.yaml": `${LIMITS}type: scoring\nvalidation: custom score\n`, [file]: text }, "AC"],
        [{ "problem.yaml": LIMITS + custom, [file]: broken }, "JE"],
      ] as const) {
        const task = await taskFor(source, language, files);
        await sandbox.prepare(task.problem, task.packageDirectory);
        assert.equal((await sandbox.judge(task)).verdict, verdict);
      }
      const { problem, packageDirectory } = await taskFor(source, language);
      const reason = new Error("no longer wanted");
      await assert.rejects(sandbox.prepare(problem, packageDirectory, { signal: AbortSignal.abort(reason) }), reason);
    });

    test(`${name}: interactors in C++ and Python: right, wrong, waiting for each other, thinking for ever`, async () => {
      for (const [interactorLanguage, interactor] of entries(INTERACTORS, languages())) {
        const files = {
          "problem.yaml": `${LIMITS}validation: custom interactive\n`,
          [`output_validators/${FILES[interactorLanguage]}`]: interactor,
          "data/sample/1.in": "500\n",
          "data/secret/1.in": "1\n",
          "data/secret/2.in": "1000\n",
        };
        const judged = async (behaviour: Behaviour): Promise<readonly (readonly [Language, Verdict])[]> => {
          const verdicts: (readonly [Language, Verdict])[] = [];
          await eachLanguage(behaviour, async (source, language) => {
            if (PROGRAMS.guess[language] === undefined) return;
            const result = await sandbox.judge(await taskFor(source, language, files));
            verdicts.push([language, result.verdict]);
          });
          return verdicts;
        };
        for (const [, verdict] of await judged("guess"))
          assert.deepEqual([interactorLanguage, verdict], [interactorLanguage, "AC"]);
        for (const [, verdict] of await judged("listen-first"))
          assert.deepEqual([interactorLanguage, verdict], [interactorLanguage, "TLE"]);
        for (const [, verdict] of await judged("loop"))
          assert.deepEqual([interactorLanguage, verdict], [interactorLanguage, "TLE"]);
        if (name === "fake") continue;
        for (const [, verdict] of await judged("wrong"))
          assert.deepEqual([interactorLanguage, verdict], [interactorLanguage, "WA"]);
      }
    });

    test(`${name}: sources that are empty, binary or full of NULs: a verdict, and the next one is judged normally`, async () => {
      for (const language of languages()) {
        for (const source of ["", "\0\0\0\0", "\u0001\u0002ÿþ", " \n"]) {
          const result = await sandbox.judge(await taskFor(source, language));
          assert.ok(
            ["CE", "WA", "RE"].includes(result.verdict),
            `${language} ${JSON.stringify(source)}: ${result.verdict} ${result.compileLog}`,
          );
        }
        const next = await sandbox.judge(await taskFor(PROGRAMS.sum[language] ?? "", language));
        assert.deepEqual([language, next.verdict], [language, "AC"]);
      }
    });
  });
}

function entries(
  sources: Partial<Record<Language, string>>,
  having: readonly Language[],
): (readonly [Language, string])[] {
  return having.flatMap((language) =>
    sources[language] === undefined ? [] : [[language, sources[language]] as const],
  );
}

function checkShape(result: JudgeResult): void {
  assert.match(result.digest, /^[0-9a-f]{64}$/);
  assert.ok(Number.isSafeInteger(result.scoreMicros));
  for (const test of result.tests) {
    assert.ok(Number.isSafeInteger(test.cost) && test.cost >= 0, `cost ${test.cost}`);
    assert.ok(Number.isSafeInteger(test.memoryBytes) && test.memoryBytes >= 0, `memory ${test.memoryBytes}`);
  }
  assert.ok(
    result.tests.slice(0, -1).every((test) => test.verdict === "AC"),
    "went on after the first failed test",
  );
}
