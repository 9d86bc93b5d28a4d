/** Gets a problem's validator compiled before anybody submits: one that is built on testlib takes a compiler ten seconds and more. */
import { setTimeout as delay } from "node:timers/promises";
import type { Sandbox } from "../../../sandbox/index.ts";
import type { ProblemLibrary } from "./problem-library.ts";

export interface PreparationOptions {
  readonly library: Pick<ProblemLibrary, "use">;
  readonly sandbox: () => Promise<Pick<Sandbox, "prepare">>;
  /** Whether evaluations run or wait: they come first. */
  readonly isBusy: () => boolean;
  /** How long the node must have had nothing to evaluate. */
  readonly quietMs: number;
  /** A problem that could not be prepared: its first submission tells why. */
  readonly onFailed: (problem: string, error: unknown) => void;
}

const LOOK_MS = 250;

/** One problem after another, while nothing else is to be done. */
export class Preparation {
  readonly #options: PreparationOptions;
  readonly #wanted = new Set<string>();
  readonly #done = new Set<string>();
  readonly #abort = new AbortController();
  #working: Promise<void> | null = null;

  constructor(options: PreparationOptions) {
    this.#options = options;
  }

  /** The problem can be read; again and again is harmless. */
  want(problem: string): void {
    if (this.#done.has(problem) || this.#abort.signal.aborted) return;
    this.#wanted.add(problem);
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  /** What is being compiled is given up. */
  async stop(): Promise<void> {
    this.#abort.abort(new Error("the node stops"));
    await this.#working;
  }

  async #work(): Promise<void> {
    const { library, sandbox, onFailed } = this.#options;
    const { signal } = this.#abort;
    for (const problem of this.#wanted) {
      try {
        await this.#quiet();
        const { problem: known, directory, release } = await library.use(problem, signal);
        try {
          await (await sandbox()).prepare(known, directory, { signal });
        } finally {
          release();
        }
        this.#done.add(problem);
      } catch (error) {
        if (signal.aborted) return;
        onFailed(problem, error);
      } finally {
        this.#wanted.delete(problem);
      }
    }
  }

  /** @throws when the node stops. */
  async #quiet(): Promise<void> {
    const { isBusy, quietMs } = this.#options;
    for (let quietFrom = performance.now(); performance.now() - quietFrom < quietMs; ) {
      await delay(LOOK_MS, undefined, { signal: this.#abort.signal });
      if (isBusy()) quietFrom = performance.now();
    }
  }
}
