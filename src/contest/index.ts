/** Rules of a contest as pure folds: scoring (ICPC, IOI), the board, the freeze. */
export type { Board, BoardCell, BoardRow } from "./board.ts";
export type { JudgedSubmission, ScoredProblem, ScoringRules, Team } from "./rules.ts";
