/**
 * Rules of a contest as pure folds: scoring (ICPC, IOI), the board, the freeze, the contest's time.
 *
 * ```ts
 * const standings = newStandings(rules, teams);
 * record(standings, { id, submitter, problem: "hello", at, index: 0, verdict: "AC", scoreMicros: 1_000_000 });
 * boardOf(standings, null).rows[0].solved; // 1
 * ```
 */
export type { Board, BoardCell, BoardRow } from "./board.ts";
export { cellOf, isPending } from "./cell.ts";
export type { JudgedSubmission, ScoredProblem, ScoringRules, Team } from "./rules.ts";
export { boardOf, forget, newStandings, record, setRules, type Standings, setTeams } from "./standings.ts";
export { elapsedMs, endOf, instantOf, isOver, isPaused, type Pause, type Timeline } from "./timeline.ts";
