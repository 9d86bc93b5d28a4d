/** The second thread of a conversation: runs interactors, one at a time, for the thread that runs submissions. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Program, RunInput, RunLimits, ValidatorOutcome } from "../../engine.ts";
import { ENGINE_STACK_MIB } from "../wasi/index.ts";
import type { EngineOptions } from "./engines.ts";

export interface PeerJob {
  readonly conversation: SharedArrayBuffer;
  readonly program: Program;
  readonly input: RunInput;
  readonly limits: RunLimits;
}

export type PeerReply =
  | { readonly type: "done"; readonly outcome: ValidatorOutcome }
  | { readonly type: "failed"; readonly reason: string };

const ENTRY = new URL(`./peer-thread${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

export class Peer {
  readonly #worker: Worker;
  readonly #ready: Promise<unknown>;

  constructor(options: EngineOptions) {
    this.#worker = new Worker(ENTRY, { workerData: options, resourceLimits: { stackSizeMb: ENGINE_STACK_MIB } });
    // The caller blocks its thread while the conversation lasts: the peer must be up before that.
    this.#ready = once(this.#worker, "message");
    this.#worker.unref();
  }

  /** Starts the interactor and then `meanwhile`, which blocks until it has had its say. */
  async converse<T>(
    job: PeerJob,
    meanwhile: () => T,
  ): Promise<{ readonly outcome: ValidatorOutcome; readonly result: T }> {
    this.#worker.ref();
    try {
      return await this.#exchange(job, meanwhile);
    } finally {
      this.#worker.unref();
    }
  }

  async #exchange<T>(
    job: PeerJob,
    meanwhile: () => T,
  ): Promise<{ readonly outcome: ValidatorOutcome; readonly result: T }> {
    await this.#ready;
    const reply = once(this.#worker, "message") as Promise<[PeerReply]>;
    this.#worker.postMessage(job);
    const result = meanwhile();
    const [message] = await reply;
    if (message.type === "failed") throw new Error(message.reason);
    return { outcome: message.outcome, result };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
