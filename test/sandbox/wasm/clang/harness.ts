/** Compiles as the evaluator does: in a worker with a large stack, which can be terminated. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { CompileLimits, RunStatus } from "../../../../sandbox/engine.ts";

export interface CompileJob {
  readonly language?: "c" | "cpp";
  /** The first is the main file. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly compileLimits?: Partial<CompileLimits>;
  readonly run?: boolean;
  readonly stdin?: string | Uint8Array;
  readonly args?: readonly string[];
}

export type CompiledAndRun =
  | { readonly type: "rejected"; readonly log: string; readonly compileMs: number }
  | { readonly type: "compiled"; readonly log: string; readonly module: Uint8Array; readonly compileMs: number }
  | {
      readonly type: "ran";
      readonly log: string;
      readonly module: Uint8Array;
      readonly compileMs: number;
      readonly status: RunStatus;
      readonly stdout: string;
      readonly stderr: string;
      readonly memoryBytes: number;
      readonly virtualMs: number;
    };

/** Shared by all test files: the precompiled header is made once. */
export const CACHE_DIRECTORY = join(tmpdir(), "dikast-test-clang");
/** As the evaluator's compile process has it. */
const STACK_MIB = 1024;

export class ClangWorker {
  readonly #worker: Worker;
  #next = 0;
  /** Of the whole process, after the last job. */
  rssBytes = 0;

  constructor(cacheDirectory = CACHE_DIRECTORY) {
    this.#worker = new Worker(new URL("./harness-worker.ts", import.meta.url), {
      workerData: { cacheDirectory },
      resourceLimits: { stackSizeMb: STACK_MIB },
    });
    this.#worker.unref();
  }

  run(job: CompileJob): Promise<CompiledAndRun> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      const listen = (answer: { id: number; result?: CompiledAndRun; error?: Error; rssBytes?: number }): void => {
        if (answer.id !== id) return;
        this.#worker.off("message", listen);
        this.#worker.off("error", reject);
        this.#worker.off("exit", onExit);
        this.#worker.unref();
        this.rssBytes = answer.rssBytes ?? 0;
        if (answer.result === undefined) reject(answer.error ?? new Error("no answer"));
        else resolve(answer.result);
      };
      const onExit = (): void => reject(new Error("the worker ended"));
      this.#worker.ref();
      this.#worker.on("message", listen);
      this.#worker.on("error", reject);
      this.#worker.on("exit", onExit);
      this.#worker.postMessage({ id, job });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
