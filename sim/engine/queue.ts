/** What the engine needs of an event queue: a total, repeatable order by time, then by sequence. */

/** Filled by `pop`, so that taking an event allocates nothing. */
export interface QueueEntry {
  /** Virtual microseconds. */
  time: number;
  sequence: number;
  /** Whatever was pushed: an index into the owner's tables. */
  payload: number;
}

export interface EventQueue {
  readonly size: number;
  /**
   * @param time virtual microseconds, an integer ≥ the time of the entry popped last
   * @param sequence unique; ties of time are served in its order
   * @param payload 32 bits, signed
   */
  push(time: number, sequence: number, payload: number): void;
  /** False when empty; else the least entry is written into `into` and removed. */
  pop(into: QueueEntry): boolean;
}
