/** Evaluations of this node: a bounded number at a time, cancellable, progress thinned out. */
import type { EvaluationOutcome, EvaluationRequest, TaskId } from "../../model/index.ts";

export interface EvaluationHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}
/** Decides one submission with a sandbox; answers `abstained` for whatever is not the contestant's doing. */
export type Judge = (request: EvaluationRequest, hooks: EvaluationHooks) => Promise<EvaluationOutcome>;

export interface EvaluatorEvents {
  onProgress(task: TaskId, done: number, total: number): void;
  onFinished(task: TaskId, outcome: EvaluationOutcome): void;
}

/** The machine has its own queue; this only catches what overlaps for a moment. */
export const EVALUATIONS_WAITING_MAX = 1_000;
const PROGRESS_EVERY_MS = 100;

export class Evaluator {
  readonly #judge: Judge;
  readonly #slots: number;
  readonly #events: EvaluatorEvents;
  readonly #running = new Map<TaskId, AbortController>();
  #waiting: EvaluationRequest[] = [];
  #closed = false;

  /** `slots`: evaluations at the same time, ≥ 1. */
  constructor(judge: Judge, slots: number, events: EvaluatorEvents) {
    this.#judge = judge;
    this.#slots = slots;
    this.#events = events;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  start(request: EvaluationRequest): void {
    if (this.#closed || this.#running.has(request.task)) return;
    if (this.#waiting.length >= EVALUATIONS_WAITING_MAX) {
      this.#events.onFinished(request.task, { type: "abstained", reason: "too many evaluations wait at this node" });
      return;
    }
    this.#waiting.push(request);
    this.#next();
  }

  cancel(task: TaskId): void {
    this.#waiting = this.#waiting.filter((request) => request.task !== task);
    this.#running.get(task)?.abort(new Error("cancelled"));
    this.#running.delete(task);
    this.#next();
  }

  /** Cancels everything; no event follows. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    for (const controller of this.#running.values()) controller.abort(new Error("the node stops"));
    this.#running.clear();
  }

  #next(): void {
    while (!this.#closed && this.#running.size < this.#slots) {
      const request = this.#waiting.shift();
      if (request === undefined) return;
      void this.#run(request);
    }
  }

  async #run(request: EvaluationRequest): Promise<void> {
    const controller = new AbortController();
    this.#running.set(request.task, controller);
    const isCurrent = (): boolean => !this.#closed && this.#running.get(request.task) === controller;
    let lastMs = 0;
    const onProgress = (done: number, total: number): void => {
      const nowMs = Date.now();
      if (!isCurrent() || nowMs - lastMs < PROGRESS_EVERY_MS) return;
      lastMs = nowMs;
      this.#events.onProgress(request.task, done, total);
    };
    let outcome: EvaluationOutcome;
    try {
      outcome = await this.#judge(request, { signal: controller.signal, onProgress });
    } catch (error) {
      outcome = { type: "abstained", reason: error instanceof Error ? error.message : String(error) };
    }
    if (!isCurrent()) return; // Cancelled meanwhile: nobody waits for the answer.
    this.#running.delete(request.task);
    this.#events.onFinished(request.task, outcome);
    this.#next();
  }
}
