/** Runs crafted programs in a thread like a run process's. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { InteractionOutcome, Program, RunInput, RunLimits, ValidatorOutcome } from "../../../../sandbox/engine.ts";
import { ENGINE_STACK_MIB } from "../../../../sandbox/wasm/wasi/index.ts";
import type { ThreadJob } from "./thread.ts";

export const LIMITS: RunLimits = {
  costMax: 1_000_000_000,
  memoryBytesMax: 64 * 2 ** 20,
  stdoutBytesMax: 65_536,
  stderrBytesMax: 65_536,
};
export const NO_INPUT: RunInput = { args: [], stdin: new Uint8Array(0) };
export const wasi = (module: Uint8Array): Program => ({ type: "wasi", module });

export class RunThread implements AsyncDisposable {
  readonly #worker = new Worker(new URL("./thread.ts", import.meta.url), {
    resourceLimits: { stackSizeMb: ENGINE_STACK_MIB },
  });

  async #ask(job: ThreadJob): Promise<unknown> {
    this.#worker.postMessage(job);
    const [reply] = (await once(this.#worker, "message")) as [{ outcome?: unknown; error?: unknown }];
    if (reply.error !== undefined) throw reply.error as Error;
    return reply.outcome;
  }

  async run(
    module: Uint8Array,
    limits: Partial<RunLimits> = {},
    input: RunInput = NO_INPUT,
  ): Promise<ValidatorOutcome> {
    return (await this.#ask({ program: wasi(module), input, limits: { ...LIMITS, ...limits } })) as ValidatorOutcome;
  }

  async interact(submission: Uint8Array, interactor: Uint8Array): Promise<InteractionOutcome> {
    const job = { program: wasi(submission), input: NO_INPUT, limits: LIMITS };
    return (await this.#ask({
      ...job,
      interactor: { program: wasi(interactor), input: NO_INPUT },
    })) as InteractionOutcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
