/**
 * Two programs in two threads, each one's output the other's input, taking turns: one runs until it can go no further
 * (its input is empty, or its output full), then the other. So what a read returns, and with it the cost, does not depend
 * on how the machine schedules threads, and both waiting is seen at once instead of being timed.
 */
import { DeadlockError, type ProgramIo } from "../interpreter/program-io.ts";

/** As much as a pipe of Linux holds. */
const PIPE_BYTES = 65_536;

export const SIDE = { submission: 0, interactor: 1 } as const;
export type Side = (typeof SIDE)[keyof typeof SIDE];

/** What a side waits for. */
const STATE = { running: 0, reading: 1, writing: 2, ended: 3 } as const;

/** Layout of the control words: whose turn it is; each side's state; each pipe's start and length; two facts. */
const WORD = { turn: 0, state: 1, start: 3, length: 5, deadlock: 7, endedFirst: 8, count: 9 } as const;
const NOBODY = -1;

/** The shared state of a conversation; made by one thread, handed to the other. The interactor begins. */
export function createConversation(): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(WORD.count * 4 + 2 * PIPE_BYTES);
  const words = new Int32Array(shared, 0, WORD.count);
  words[WORD.turn] = SIDE.interactor;
  words[WORD.endedFirst] = NOBODY;
  return shared;
}

export class ConversationSide implements ProgramIo {
  readonly #side: Side;
  readonly #other: Side;
  readonly #words: Int32Array;
  readonly #pipes: readonly Uint8Array[];

  constructor(shared: SharedArrayBuffer, side: Side) {
    this.#side = side;
    this.#other = side === SIDE.submission ? SIDE.interactor : SIDE.submission;
    this.#words = new Int32Array(shared, 0, WORD.count);
    this.#pipes = [0, 1].map((pipe) => new Uint8Array(shared, WORD.count * 4 + pipe * PIPE_BYTES, PIPE_BYTES));
  }

  /** Waits for this side's first turn. */
  begin(): void {
    this.#awaitTurn();
  }

  /** This program has ended: the other one sees the end of its input, and what it still writes goes nowhere. */
  end(): void {
    const words = this.#words;
    words[WORD.state + this.#side] = STATE.ended;
    if (words[WORD.endedFirst] === NOBODY) words[WORD.endedFirst] = this.#side;
    this.#handOver();
  }

  get endedFirst(): "submission" | "interactor" {
    return this.#words[WORD.endedFirst] === SIDE.interactor ? "interactor" : "submission";
  }

  /** Pipe `p` carries what side `p` reads. */
  #available(pipe: Side): number {
    return this.#words[WORD.length + pipe]!;
  }

  #ended(side: Side): boolean {
    return this.#words[WORD.state + side] === STATE.ended;
  }

  read(max: number): Uint8Array {
    if (this.#available(this.#side) === 0 && !this.#ended(this.#other)) this.#wait(STATE.reading);
    return this.#take(Math.min(max, this.#available(this.#side)));
  }

  write(_fd: 1 | 2, bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0 && !this.#ended(this.#other)) {
      const room = PIPE_BYTES - this.#available(this.#other);
      if (room === 0) this.#wait(STATE.writing);
      else {
        this.#put(rest.subarray(0, room));
        rest = rest.subarray(room);
      }
    }
  }

  #take(count: number): Uint8Array {
    const words = this.#words;
    const pipe = this.#pipes[this.#side]!;
    const start = words[WORD.start + this.#side]!;
    const result = new Uint8Array(count);
    const first = Math.min(count, PIPE_BYTES - start);
    result.set(pipe.subarray(start, start + first));
    result.set(pipe.subarray(0, count - first), first);
    words[WORD.start + this.#side] = (start + count) % PIPE_BYTES;
    words[WORD.length + this.#side]! -= count;
    return result;
  }

  #put(bytes: Uint8Array): void {
    const words = this.#words;
    const pipe = this.#pipes[this.#other]!;
    const at = (words[WORD.start + this.#other]! + words[WORD.length + this.#other]!) % PIPE_BYTES;
    const first = Math.min(bytes.length, PIPE_BYTES - at);
    pipe.set(bytes.subarray(0, first), at);
    pipe.set(bytes.subarray(first), 0);
    words[WORD.length + this.#other]! += bytes.length;
  }

  #canGoOn(side: Side): boolean {
    const other = side === SIDE.submission ? SIDE.interactor : SIDE.submission;
    const state = this.#words[WORD.state + side];
    if (state === STATE.reading) return this.#available(side) > 0 || this.#ended(other);
    if (state === STATE.writing) return this.#available(other) < PIPE_BYTES || this.#ended(other);
    return state === STATE.running;
  }

  #wait(state: number): void {
    const words = this.#words;
    words[WORD.state + this.#side] = state;
    if (!this.#canGoOn(this.#other)) {
      words[WORD.deadlock] = 1;
      // The submission has to go; the interactor then sees the end of its input.
      if (this.#side === SIDE.submission) throw new DeadlockError();
    }
    this.#handOver();
    this.#awaitTurn();
    words[WORD.state + this.#side] = STATE.running;
    if (words[WORD.deadlock] === 1 && this.#side === SIDE.submission) throw new DeadlockError();
  }

  #handOver(): void {
    Atomics.store(this.#words, WORD.turn, this.#other);
    Atomics.notify(this.#words, WORD.turn);
  }

  #awaitTurn(): void {
    while (Atomics.load(this.#words, WORD.turn) !== this.#side) Atomics.wait(this.#words, WORD.turn, this.#other);
  }
}
