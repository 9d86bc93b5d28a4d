/** A `Sandbox` over an evaluator in this process (its programs run in child processes). */
import type { Language } from "../../../src/model/language.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { JudgeResult } from "../../../src/model/verdict.ts";
import { resultDigest } from "../../judging/index.ts";
import type { JudgeOptions, JudgeProfile, JudgeTask, RunResult, RunTask, Sandbox } from "../../sandbox.ts";
import { type Evaluator, JobLost } from "./evaluator.ts";

export class LocalSandbox implements Sandbox {
  readonly profile: JudgeProfile;
  readonly #evaluator: Evaluator;
  readonly #client: string;
  readonly #onClose: () => Promise<void>;

  /** @param client whose turn it is in the evaluator's queue. */
  constructor(evaluator: Evaluator, profile: JudgeProfile, client: string, onClose: () => Promise<void>) {
    this.#evaluator = evaluator;
    this.profile = profile;
    this.#client = client;
    this.#onClose = onClose;
  }

  async judge(task: JudgeTask, options: JudgeOptions = {}): Promise<JudgeResult> {
    try {
      const done = await this.#evaluator.carryOut(this.#client, { type: "judge", task }, options);
      if (done.type === "judge") return done.result;
      throw new JobLost("the evaluator answered something else");
    } catch (error) {
      if (error instanceof JobLost) return abstention(error.message);
      throw error;
    }
  }

  async run(task: RunTask, options: JudgeOptions = {}): Promise<RunResult> {
    try {
      const done = await this.#evaluator.carryOut(this.#client, { type: "run", task }, options);
      if (done.type === "run") return done.result;
      throw new JobLost("the evaluator answered something else");
    } catch (error) {
      if (!(error instanceof JobLost)) throw error;
      const nothing = new Uint8Array(0);
      return {
        verdict: "JE",
        exitCode: undefined,
        cost: 0,
        virtualMs: 0,
        memoryBytes: 0,
        stdout: nothing,
        stderr: nothing,
        compileLog: error.message,
      };
    }
  }

  async prepare(problem: Problem, packageDirectory: string, options: JudgeOptions = {}): Promise<void> {
    try {
      await this.#evaluator.carryOut(this.#client, { type: "prepare", problem, packageDirectory }, options);
    } catch (error) {
      if (!(error instanceof JobLost)) throw error;
    }
  }

  async warm(languages: readonly Language[]): Promise<void> {
    await this.#evaluator.warm(this.#client, languages);
  }

  async close(): Promise<void> {
    await this.#onClose();
  }
}

/** What a judge says that could not decide. */
function abstention(reason: string): JudgeResult {
  const result = { verdict: "JE", scoreMicros: 0, tests: [] } as const;
  return { ...result, compileLog: `judge error: ${reason}`, digest: resultDigest(result, "exact") };
}
