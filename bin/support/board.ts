/** The board as text. */
import type { Board, BoardCell } from "../../src/contest/index.ts";
import { printable, styled, table } from "./output.ts";

export function boardText(board: Board): string {
  const header = [
    "#",
    "team",
    ...(board.rules === "icpc" ? ["=", "time"] : ["points"]),
    ...board.problems.map(({ label }) => label),
  ];
  const rows = board.rows.map((row) => [
    `${row.rank}`,
    printable(row.displayName),
    ...(board.rules === "icpc" ? [`${row.solved}`, `${row.penaltyMinutes}`] : [points(row.pointsMicros)]),
    ...row.cells.map((cell) => cellText(cell, board.rules)),
  ]);
  const right = board.rules === "icpc" ? [0, 2, 3] : [0, 2];
  const frozen = board.frozen ? `\n${styled("cyan", "the board is frozen")}` : "";
  return table([header.map((text) => styled("bold", text)), ...rows], right) + frozen;
}

function cellText(cell: BoardCell, rules: Board["rules"]): string {
  const pending = cell.pending > 0 ? styled("yellow", `?${cell.pending}`) : "";
  if (rules === "ioi") return (cell.attempts > 0 ? points(cell.pointsMicros) : "") + pending || ".";
  if (cell.solved) {
    const text = `+${cell.attempts > 1 ? cell.attempts - 1 : ""} ${cell.minutes ?? ""}`.trimEnd();
    return styled(cell.first ? ["green", "bold"] : "green", text) + pending;
  }
  return (cell.attempts > 0 ? styled("red", `-${cell.attempts}`) : "") + pending || ".";
}

function points(micros: number): string {
  return `${Math.round(micros / 10_000) / 100}`;
}
