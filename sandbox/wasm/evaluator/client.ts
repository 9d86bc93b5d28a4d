/** A `Sandbox` whose evaluator is another process's: `serveEvaluator` on the same machine. */
import { createConnection, type Socket } from "node:net";
import type { Language } from "../../../src/model/language.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { JudgeResult } from "../../../src/model/verdict.ts";
import type { JudgeOptions, JudgeProfile, JudgeTask, RunResult, RunTask, Sandbox } from "../../sandbox.ts";
import { SandboxError } from "../../sandbox.ts";
import { receiveFrames, sendFrame } from "./framing.ts";
import type { HostReply, HostRequest } from "./host.ts";

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: JudgeOptions["onProgress"];
}

type Unnumbered = HostRequest extends infer R ? (R extends { readonly id: number } ? Omit<R, "id"> : never) : never;

/**
 * Connects to the evaluator that serves `socketPath`.
 * @throws SandboxError when nobody serves it. Later, jobs fail with `DIKAST_SANDBOX_LOST` when the evaluator is gone.
 */
export async function connectEvaluator(socketPath: string): Promise<Sandbox> {
  const socket = createConnection(socketPath);
  return await new Promise((resolve, reject) => {
    const failed = (cause: unknown): void =>
      reject(new SandboxError("DIKAST_SANDBOX_UNREACHABLE", `no evaluator serves ${socketPath}`, { cause }));
    socket.once("error", failed);
    socket.once("close", failed);
    const pending = new Map<number, Pending>();
    receiveFrames(socket, (value) => {
      const reply = value as HostReply;
      if (reply.type === "hello") return resolve(new RemoteSandbox(socket, reply.profile, pending));
      const job = pending.get(reply.id);
      if (reply.type === "progress") return job?.onProgress?.(reply.progress);
      pending.delete(reply.id);
      if (reply.type === "result") return job?.resolve(reply.result);
      job?.reject(new SandboxError(reply.code as `DIKAST_SANDBOX_${string}`, reply.message));
    });
    socket.on("close", () => {
      for (const job of pending.values())
        job.reject(new SandboxError("DIKAST_SANDBOX_LOST", "the evaluator has gone away"));
      pending.clear();
    });
  });
}

class RemoteSandbox implements Sandbox {
  readonly profile: JudgeProfile;
  readonly #socket: Socket;
  readonly #pending: Map<number, Pending>;
  #nextId = 0;

  constructor(socket: Socket, profile: JudgeProfile, pending: Map<number, Pending>) {
    this.#socket = socket;
    this.profile = profile;
    this.#pending = pending;
  }

  async judge(task: JudgeTask, options: JudgeOptions = {}): Promise<JudgeResult> {
    return (await this.#ask({ type: "judge", task }, options)) as JudgeResult;
  }

  async run(task: RunTask, options: JudgeOptions = {}): Promise<RunResult> {
    return (await this.#ask({ type: "run", task }, options)) as RunResult;
  }

  async prepare(problem: Problem, packageDirectory: string, options: JudgeOptions = {}): Promise<void> {
    await this.#ask({ type: "prepare", problem, packageDirectory }, options);
  }

  async warm(languages: readonly Language[]): Promise<void> {
    await this.#ask({ type: "warm", languages }, {});
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#socket.destroyed) return resolve();
      this.#socket.once("close", () => resolve());
      this.#socket.destroy();
    });
  }

  async #ask(request: Unnumbered, { signal, onProgress }: JudgeOptions): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.#socket.destroyed) throw new SandboxError("DIKAST_SANDBOX_LOST", "the evaluator has gone away");
    const id = this.#nextId++;
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, onProgress });
        onAbort = () => {
          this.#pending.delete(id);
          if (!this.#socket.destroyed) sendFrame(this.#socket, { type: "cancel", id } satisfies HostRequest);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        sendFrame(this.#socket, { ...request, id });
      });
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
    }
  }
}
