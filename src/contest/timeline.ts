/**
 * The contest's time: from the start, without the pauses, to an end that may be moved. All of it follows from the log, so that
 * every node's clock of the contest shows the same.
 */
import type { Instant } from "../model/index.ts";

export interface Pause {
  readonly from: Instant;
  /** Null: it goes on. */
  readonly until: Instant | null;
}

export interface Timeline {
  readonly startsAt: Instant;
  /** With extensions, without pauses. */
  readonly durationMs: number;
  /** In order, apart from each other; only the last one may go on. */
  readonly pauses?: readonly Pause[];
}

/** Contest time at `at`: how much of the duration is over, in ms; below zero before the start. It stands still in a pause. */
export function elapsedMs({ startsAt, pauses = [] }: Timeline, at: number): number {
  let elapsed = at - startsAt;
  for (const { from, until } of pauses) {
    if (at > from) elapsed -= Math.min(at, until ?? at) - from;
  }
  return elapsed;
}

/** When so much of the duration is over; null when a pause stands before it. */
export function instantOf({ startsAt, pauses = [] }: Timeline, elapsed: number): Instant | null {
  let at = startsAt + elapsed;
  for (const { from, until } of pauses) {
    if (at <= from) break;
    if (until === null) return null;
    at += until - from;
  }
  return Math.max(0, at) as Instant;
}

/** Null while a pause goes on before it. */
export function endOf(timeline: Timeline): Instant | null {
  return instantOf(timeline, timeline.durationMs);
}

export function isOver(timeline: Timeline, at: number): boolean {
  return elapsedMs(timeline, at) >= timeline.durationMs;
}

export function isPaused({ pauses = [] }: Timeline, at: number): boolean {
  return pauses.some(({ from, until }) => at >= from && (until === null || at < until));
}
