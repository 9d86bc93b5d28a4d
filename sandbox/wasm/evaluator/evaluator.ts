/** Hands jobs to run processes, one each at a time, and keeps the processes in order. */
import type { Language } from "../../../src/model/language.ts";
import { SandboxError } from "../../sandbox.ts";
import type { JudgeProgress } from "../../sandbox.ts";
import { Child } from "./child.ts";
import { CompileService } from "./compile-service.ts";
import { FairQueue } from "./fair-queue.ts";
import type { FromRunProcess, Job, JobResult, ToRunProcess } from "./messages.ts";
import { sampleOf } from "./toolchains.ts";
import { COMPILE_PROCESS_FLAGS, RUN_PROCESS_FLAGS } from "./process-flags.ts";

/** One client's jobs that wait; a node's scheduler keeps far fewer. */
const QUEUE_MAX = 256;
/** A run process that holds more after a job is replaced before the next one. */
const RECYCLE_BYTES = 768 * 1024 * 1024;

export interface EvaluatorOptions {
  readonly workers: number;
  readonly compileWorkers: number;
  readonly cacheDirectory: string;
  /** A run process that grows beyond this is given up, and its job abstained from. */
  readonly residentMibMax: number;
}

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JudgeProgress) => void) | undefined;
}

/** Thrown for a job that this machine could not carry out: an abstention. */
export class JobLost extends Error {
  override readonly name = "JobLost";
}

interface Waiting {
  readonly job: Job;
  readonly options: JobOptions;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: unknown) => void;
  /** Set while it runs: ends it. */
  stop: ((error: unknown) => void) | undefined;
}

type RunChild = Child<ToRunProcess, FromRunProcess>;

export class Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #compiler: CompileService;
  readonly #queue = new FairQueue<Waiting>(QUEUE_MAX);
  readonly #idle: RunChild[] = [];
  readonly #children = new Set<RunChild>();
  #working = 0;
  #closed = false;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.#compiler = new CompileService({
      processes: options.compileWorkers,
      cacheDirectory: options.cacheDirectory,
      execArgv: COMPILE_PROCESS_FLAGS,
    });
  }

  /** Starts the run processes. @throws SandboxError when they do not start. */
  async start(): Promise<void> {
    this.#idle.push(...(await Promise.all(Array.from({ length: this.#options.workers }, () => this.#spawn()))));
  }

  /**
   * Carries out a job when it is the client's turn.
   * @throws the signal's reason; JobLost; SandboxError when closed or when the client has too much waiting.
   */
  async carryOut(client: string, job: Job, options: JobOptions = {}): Promise<JobResult> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw new SandboxError("DIKAST_SANDBOX_CLOSED", "the sandbox is closed");
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<JobResult>((resolve, reject) => {
        const waiting: Waiting = { job, options, resolve, reject, stop: undefined };
        if (!this.#queue.push(client, waiting))
          throw new SandboxError("DIKAST_SANDBOX_BUSY", `more than ${QUEUE_MAX} submissions wait already`);
        onAbort = () => this.#cancel(waiting, options.signal?.reason);
        options.signal?.addEventListener("abort", onAbort, { once: true });
        this.#dispatch();
      });
    } finally {
      if (onAbort !== undefined) options.signal?.removeEventListener("abort", onAbort);
    }
  }

  async warm(client: string, languages: readonly Language[], options: JobOptions = {}): Promise<void> {
    const run = async (some: readonly Language[]): Promise<void> => {
      if (some.length === 0) return;
      const job: Job = { type: "warm", languages: some };
      // What is made once on a machine is made by one; the others find it.
      await this.carryOut(client, job, options);
      if (this.#options.workers > 1)
        await Promise.all(Array.from({ length: this.#options.workers }, () => this.carryOut(client, job, options)));
    };
    const compiled = languages.filter((language) => sampleOf(language) !== undefined);
    const interpreted = languages.filter((language) => sampleOf(language) === undefined);
    // Run processes are free for others while a compiler gets ready.
    await Promise.all([run(interpreted), this.#compiler.warm(compiled).then(() => run(compiled))]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = new SandboxError("DIKAST_SANDBOX_CLOSED", "the sandbox is closed");
    for (const waiting of this.#queue.remove(() => true)) waiting.reject(closed);
    await Promise.all([this.#compiler.close(), ...[...this.#children].map((child) => this.#discard(child))]);
  }

  #cancel(waiting: Waiting, reason: unknown): void {
    this.#queue.remove((other) => other === waiting);
    if (waiting.stop === undefined) waiting.reject(reason);
    else waiting.stop(reason);
  }

  #dispatch(): void {
    while (this.#working < this.#options.workers) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      this.#working++;
      void this.#carryOut(waiting);
    }
  }

  async #carryOut(waiting: Waiting): Promise<void> {
    let child: RunChild | undefined;
    try {
      child = this.#idle.pop() ?? (await this.#spawn());
      const { result, residentBytes } = await this.#converse(child, waiting);
      if (residentBytes > RECYCLE_BYTES) void this.#discard(child);
      else this.#idle.push(child);
      waiting.resolve(result);
    } catch (error) {
      // A child whose job failed is in an unknown state.
      if (child !== undefined) void this.#discard(child);
      waiting.reject(error);
    } finally {
      this.#working--;
      if (!this.#closed) this.#dispatch();
    }
  }

  async #converse(
    child: RunChild,
    waiting: Waiting,
  ): Promise<{ readonly result: JobResult; readonly residentBytes: number }> {
    waiting.options.signal?.throwIfAborted();
    child.hold(true);
    try {
      return await new Promise((resolve, reject) => {
        waiting.stop = reject;
        child.listen(
          (message) => {
            switch (message.type) {
              case "progress":
                waiting.options.onProgress?.(message.progress);
                return;
              case "compile":
                void this.#compile(child, message);
                return;
              case "finished":
                return resolve(message);
              case "failed":
              case "guard":
                return reject(new JobLost(message.reason));
              case "ready":
                return;
            }
          },
          (reason) => reject(new JobLost(reason)),
        );
        child.send({ type: "job", job: waiting.job });
      });
    } finally {
      child.hold(false);
    }
  }

  async #compile(child: RunChild, message: FromRunProcess & { readonly type: "compile" }): Promise<void> {
    const reply = await this.#compiler.compile(message.request);
    child.send({ type: "compiled", id: message.id, reply });
  }

  async #spawn(): Promise<RunChild> {
    const { cacheDirectory, residentMibMax } = this.#options;
    const child: RunChild = new Child({
      entry: "./run-process",
      execArgv: RUN_PROCESS_FLAGS,
      arguments: [cacheDirectory, String(residentMibMax)],
    });
    this.#children.add(child);
    child.hold(true);
    try {
      await child.started();
      child.listen(
        () => undefined,
        // Dead while idle: the next job gets a new one.
        () => this.#forget(child),
      );
      return child;
    } catch (error) {
      void this.#discard(child);
      throw error;
    } finally {
      child.hold(false);
    }
  }

  #forget(child: RunChild): void {
    this.#children.delete(child);
    const index = this.#idle.indexOf(child);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  async #discard(child: RunChild): Promise<void> {
    this.#forget(child);
    await child.kill();
  }
}
