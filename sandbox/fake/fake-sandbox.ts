/** The fake sandbox: the real judge on scripted programs. */
import { createHash } from "node:crypto";
import { LANGUAGES, type Language } from "../../src/model/language.ts";
import type { JudgeResult } from "../../src/model/verdict.ts";
import type { CompileOutcome } from "../engine.ts";
import type { Problem } from "../../src/model/problem.ts";
import { judge, type JudgeEngine, JudgeFault, prepare, runFreely } from "../judging/index.ts";
import type { JudgeOptions, JudgeProfile, JudgeTask, RunResult, RunTask, Sandbox, SourceFile } from "../sandbox.ts";
import { FakeRunner } from "./runner.ts";
import { parseScript } from "./script.ts";

export const FAKE_COST_PER_MS = 1_000;

export interface FakeSandboxOptions {
  readonly languages?: readonly Language[];
  /** Changes the profile's hash, as another version of a compiler would. */
  readonly version?: string;
}

/** Judges sources by their `@FAKE@` lines (`script.ts`); a source without one ends at once with no output. */
export class FakeSandbox implements Sandbox {
  readonly profile: JudgeProfile;
  readonly #engine: JudgeEngine;
  #closed = false;

  constructor(options: FakeSandboxOptions = {}) {
    const languages = options.languages ?? LANGUAGES;
    const parts = { fake: options.version ?? "1" };
    this.profile = {
      sandbox: "fake",
      hash: createHash("sha256").update(JSON.stringify({ languages, parts })).digest("hex"),
      languages,
      costPerVirtualMs: FAKE_COST_PER_MS,
      parts,
    };
    this.#engine = {
      runner: new FakeRunner(),
      digestFields: "exact",
      compile: (language, sources) => Promise.resolve(this.#compile(language, sources)),
      costMaxFor: (_language, timeMs) => timeMs * FAKE_COST_PER_MS,
    };
  }

  async judge(task: JudgeTask, options: JudgeOptions = {}): Promise<JudgeResult> {
    this.#assertOpen();
    return await judge(task, this.#engine, options);
  }

  async run(task: RunTask, options: JudgeOptions = {}): Promise<RunResult> {
    this.#assertOpen();
    options.signal?.throwIfAborted();
    return await runFreely(task, this.#engine, FAKE_COST_PER_MS);
  }

  async prepare(problem: Problem, packageDirectory: string, options: JudgeOptions = {}): Promise<void> {
    this.#assertOpen();
    options.signal?.throwIfAborted();
    await prepare(problem, packageDirectory, this.#engine, options.signal);
  }

  async warm(_languages: readonly Language[]): Promise<void> {
    await Promise.resolve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.resolve();
  }

  #compile(language: Language, sources: readonly SourceFile[]): CompileOutcome {
    if (!this.profile.languages.includes(language)) throw new JudgeFault(`this sandbox has no ${language}`);
    const script = sources.flatMap((source) => parseScript(new TextDecoder().decode(source.bytes)));
    if (script.some((instruction) => instruction.type === "reject")) return { type: "rejected", log: "fake: rejected" };
    // The runner reads the sources as they are, whatever the language.
    return { type: "compiled", program: { type: "python", sources }, log: "" };
  }

  #assertOpen(): void {
    if (this.#closed) throw new JudgeFault("the sandbox is closed");
  }
}
