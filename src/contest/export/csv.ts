/** CSV (RFC 4180) that spreadsheets open without running anything. */
import { type ExportedStandings, formatPoints, lastScoreMinutes, oneLine, triesOf } from "./model.ts";

/**
 * What spreadsheets take for a formula, also in the wide forms of East Asian keyboards and behind spaces (OWASP, "CSV Injection").
 */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/u;

export function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const line = oneLine(value);
  const text = FORMULA.test(line) ? `'${line}` : line;
  return /[",\r\n;]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

export function standingsCsv({ board }: ExportedStandings): string {
  const icpc = board.rules === "icpc";
  const head = ["rank", "team", "id", ...(icpc ? ["solved", "penalty"] : ["points"]), "last minute"];
  const problems = board.problems.flatMap(({ label }) =>
    icpc ? [`${label} tries`, `${label} minute`] : [`${label} tries`, `${label} points`],
  );
  const rows = board.rows.map((row) => [
    row.rank,
    row.displayName,
    row.team,
    ...(icpc ? [row.solved, row.penaltyMinutes] : [formatPoints(row.pointsMicros)]),
    lastScoreMinutes(row) ?? "",
    ...row.cells.flatMap((cell) => [
      triesOf(cell),
      icpc ? (cell.solved ? (cell.minutes ?? "") : "") : formatPoints(cell.pointsMicros),
    ]),
  ]);
  return csv([[...head, ...problems], ...rows]);
}
