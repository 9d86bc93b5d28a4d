/**
 * Runs programs of the interpreters as the evaluator does: metered, in a worker with a large stack.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ENGINE_STACK_MIB } from "../../../../sandbox/wasm/wasi/index.ts";
import type { RunLimits, RunOutcome } from "../../../../sandbox/engine.ts";

export interface Job {
  /** Its ending tells the language. */
  readonly name?: string;
  readonly source: string;
  readonly stdin?: string | Uint8Array;
  readonly args?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, string>>;
  readonly writableDirectory?: string;
  readonly limits?: Partial<RunLimits>;
  readonly command?: "run" | "check";
  /** Answers what the program writes, as an interactor would; undefined ends its input. */
  readonly script?: readonly string[];
}

export interface Ran {
  readonly status: RunOutcome["status"];
  readonly stdout: string;
  readonly stderr: string;
  readonly cost: number;
  readonly memoryBytes: number;
  readonly writtenFiles: Readonly<Record<string, string>>;
}

/** Shared by all test files, so that interpreters are started once. */
export const CACHE_DIRECTORY = join(tmpdir(), "dikast-test-interpreters");

export class InterpreterWorker {
  readonly #worker: Worker;
  #next = 0;

  constructor() {
    this.#worker = new Worker(new URL("./harness-worker.ts", import.meta.url), {
      workerData: { cacheDirectory: CACHE_DIRECTORY },
      resourceLimits: { stackSizeMb: ENGINE_STACK_MIB },
    });
    this.#worker.unref();
  }

  run(job: Job): Promise<Ran> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      const listen = (answer: { id: number; ran?: Ran; error?: Error }): void => {
        if (answer.id !== id) return;
        this.#worker.off("message", listen);
        this.#worker.off("error", reject);
        if (answer.ran === undefined) reject(answer.error ?? new Error("no answer"));
        else resolve(answer.ran);
      };
      this.#worker.ref();
      this.#worker.on("message", listen);
      this.#worker.on("error", reject);
      this.#worker.postMessage({ id, job });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
