/** Standings as JSON, with the names of the CLICS Contest API's scoreboard where they mean the same. */
import { type ExportedStandings, oneLine } from "./model.ts";

export function standingsJson({ contestName, board }: ExportedStandings): string {
  const rows = board.rows.map((row) => ({
    rank: row.rank,
    team_id: row.team,
    team_name: oneLine(row.displayName),
    score:
      board.rules === "icpc"
        ? { num_solved: row.solved, total_time: row.penaltyMinutes }
        : { score: row.pointsMicros / 1_000_000 },
    problems: row.cells.map((cell) => ({
      problem_id: cell.problem,
      num_judged: cell.attempts,
      num_pending: cell.pending,
      solved: cell.solved,
      ...(cell.minutes === null ? {} : { time: cell.minutes }),
      ...(cell.first ? { first_to_solve: true } : {}),
      ...(board.rules === "icpc" ? {} : { score: cell.pointsMicros / 1_000_000 }),
    })),
  }));
  const whole = {
    contest: oneLine(contestName),
    scoreboard_type: board.rules === "icpc" ? "pass-fail" : "score",
    frozen: board.frozen,
    problems: board.problems.map(({ id, label, name }) => ({ id, label, name: oneLine(name) })),
    rows,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
