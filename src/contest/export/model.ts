/** What the exports are made from, and figures that several of them show. */
import type { Board, BoardCell, BoardRow } from "../board.ts";

export interface ExportedStandings {
  readonly contestName: string;
  readonly board: Board;
}

/** `120`, `99.5`; points are millionths. */
export function formatPoints(micros: number): string {
  return String(Number((micros / 1_000_000).toFixed(6)));
}

/** All submissions of a cell that were ever counted or wait. */
export function triesOf(cell: BoardCell): number {
  return cell.attempts + cell.pending;
}

/** Minutes of the last problem that scored; null if none did. */
export function lastScoreMinutes(row: BoardRow): number | null {
  const minutes = row.cells.flatMap((cell) => (cell.minutes === null ? [] : [cell.minutes]));
  return minutes.length === 0 ? null : Math.max(...minutes);
}

/** One line, without control and direction characters: names come from contestants. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f]+/gu, " ")
    .trim();
}
