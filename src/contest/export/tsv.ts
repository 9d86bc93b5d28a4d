/**
 * `scoreboard.tsv` as the ICPC's tools read it (CLICS "Contest Control System requirements", "scoreboard.tsv"): a head line, and
 * for each team institution, id, rank, problems solved, penalty, and for each problem the tries and the minute of the accepted one or −1.
 */
import { type ExportedStandings, formatPoints, oneLine, triesOf } from "./model.ts";

/** Under IOI rules the fourth column holds points and the fifth is 0. TSV knows no escapes: tabs and line ends in names become spaces. */
export function standingsTsv({ board }: ExportedStandings): string {
  const lines = board.rows.map((row) => {
    const score = board.rules === "icpc" ? String(row.solved) : formatPoints(row.pointsMicros);
    const cells = row.cells.flatMap((cell) => [triesOf(cell), cell.solved ? (cell.minutes ?? 0) : -1]);
    return [oneLine(row.displayName), row.team, row.rank, score, row.penaltyMinutes, ...cells].join("\t");
  });
  return ["scoreboard\t1", ...lines, ""].join("\n");
}
