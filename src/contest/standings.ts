/**
 * The board as an incremental fold: told of teams and submissions, it recomputes only what they touch. Equal histories
 * give equal boards, whatever the order in which they were told.
 */
import type { Hash, NodeId } from "../model/index.ts";
import type { Board, BoardCell, BoardRow } from "./board.ts";
import { cellOf, isFull, isPending } from "./cell.ts";
import type { JudgedSubmission, ScoredProblem, ScoringRules, Team } from "./rules.ts";
import { isOver } from "./timeline.ts";

export interface Standings {
  rules: ScoringRules;
  teams: ReadonlyMap<NodeId, Team>;
  /** Submissions by team and problem. */
  readonly submissions: Map<NodeId, Map<string, Map<Hash, JudgedSubmission>>>;
  /** By a team's submissions to one problem: what they came to, until one of them or the rules change. */
  cells: WeakMap<ReadonlyMap<Hash, JudgedSubmission>, ShownCell>;
  /** The board shown last, until something changes; one for each value of `hiddenFrom`. */
  shown: { readonly hiddenFrom: number | null; readonly board: Board } | undefined;
}

interface ShownCell {
  readonly hiddenFrom: number | null;
  readonly cell: Omit<BoardCell, "first">;
}

/** Machines of one process that begin with the same list share its table: a simulator runs ten thousand of them. */
const tables = new WeakMap<readonly Team[], ReadonlyMap<NodeId, Team>>();

function tableOf(teams: readonly Team[]): ReadonlyMap<NodeId, Team> {
  const known = tables.get(teams) ?? new Map(teams.map((team) => [team.id, team]));
  tables.set(teams, known);
  return known;
}

export function newStandings(rules: ScoringRules, teams: readonly Team[]): Standings {
  return { rules, teams: tableOf(teams), submissions: new Map(), cells: new WeakMap(), shown: undefined };
}

export function setTeams(standings: Standings, teams: readonly Team[]): void {
  standings.teams = tableOf(teams);
  standings.shown = undefined;
}

/** The end moved, or a pause began or ended. */
export function setRules(standings: Standings, rules: ScoringRules): void {
  standings.rules = rules;
  standings.cells = new WeakMap();
  standings.shown = undefined;
}

/** A submission that counts for nothing from here on. */
export function forget(standings: Standings, { submitter, problem, id }: JudgedSubmission): void {
  const ofProblem = standings.submissions.get(submitter)?.get(problem);
  if (ofProblem?.delete(id) === true) standings.cells.delete(ofProblem);
  standings.shown = undefined;
}

/** Adds a submission, or replaces what was known of it. */
export function record(standings: Standings, submission: JudgedSubmission): void {
  let problems = standings.submissions.get(submission.submitter);
  if (problems === undefined) standings.submissions.set(submission.submitter, (problems = new Map()));
  let ofProblem = problems.get(submission.problem);
  if (ofProblem === undefined) problems.set(submission.problem, (ofProblem = new Map()));
  ofProblem.set(submission.id, submission);
  standings.cells.delete(ofProblem);
  standings.shown = undefined;
}

/** The same object until something changes. `hiddenFrom`: the freeze's instant, null for the whole truth. */
export function boardOf(standings: Standings, hiddenFrom: number | null): Board {
  if (standings.shown?.hiddenFrom === hiddenFrom) return standings.shown.board;
  const board = computeBoard(standings, hiddenFrom);
  standings.shown = { hiddenFrom, board };
  return board;
}

function computeBoard(standings: Standings, hiddenFrom: number | null): Board {
  const { rules } = standings;
  const unranked = [...standings.teams.values()].map((team) => unrankedRow(standings, team, hiddenFrom));
  const first = firstSolves(standings, hiddenFrom);
  const rows = unranked
    .map((row) => ({
      ...row,
      cells: row.cells.map((cell): BoardCell => ({ ...cell, first: first.get(cell.problem) === row.team })),
    }))
    .sort(
      (a, b) =>
        compareRows(rules.type, a, b) || compareText(a.displayName, b.displayName) || compareText(a.team, b.team),
    );
  const ranked: BoardRow[] = [];
  for (const [position, { lastMinutes: _, ...row }] of rows.entries()) {
    const above = rows[position - 1];
    const tied = above !== undefined && compareRows(rules.type, above, rows[position] as UnrankedRow) === 0;
    ranked.push({ ...row, rank: tied ? (ranked[position - 1]?.rank ?? 1) : position + 1 });
  }
  return {
    rules: rules.type,
    problems: rules.problems.map(({ id, label, name }) => ({ id, label, name })),
    frozen: hiddenFrom !== null,
    rows: ranked,
  };
}

interface UnrankedRow extends Omit<BoardRow, "rank"> {
  /** When the last problem was solved: the ICPC tie-break. */
  readonly lastMinutes: number;
}

function unrankedRow(
  standings: Standings,
  team: Team,
  hiddenFrom: number | null,
): Omit<UnrankedRow, "cells"> & { readonly cells: readonly Omit<BoardCell, "first">[] } {
  const mine = standings.submissions.get(team.id);
  const cells = standings.rules.problems.map((problem) =>
    shownCell(standings, problem, mine?.get(problem.id), hiddenFrom),
  );
  const solved = cells.filter((cell) => cell.solved);
  return {
    team: team.id,
    displayName: team.displayName,
    solved: solved.length,
    penaltyMinutes: cells.reduce((sum, cell) => sum + cell.penaltyMinutes, 0),
    pointsMicros: cells.reduce((sum, cell) => sum + cell.pointsMicros, 0),
    lastMinutes: solved.reduce((last, cell) => Math.max(last, cell.minutes ?? 0), 0),
    cells,
  };
}

function shownCell(
  { rules, cells }: Standings,
  problem: ScoredProblem,
  submissions: ReadonlyMap<Hash, JudgedSubmission> | undefined,
  hiddenFrom: number | null,
): Omit<BoardCell, "first"> {
  if (submissions === undefined) return cellOf(rules, problem, [], hiddenFrom);
  const known = cells.get(submissions);
  if (known?.hiddenFrom === hiddenFrom) return known.cell;
  const cell = cellOf(rules, problem, [...submissions.values()], hiddenFrom);
  cells.set(submissions, { hiddenFrom, cell });
  return cell;
}

/**
 * ICPC: more problems, then less penalty, then the earlier last solve. IOI: points alone. What is equal here shares a
 * rank; names only order the display.
 */
function compareRows(type: ScoringRules["type"], a: Omit<UnrankedRow, "cells">, b: Omit<UnrankedRow, "cells">): number {
  if (type === "ioi") return b.pointsMicros - a.pointsMicros;
  return b.solved - a.solved || a.penaltyMinutes - b.penaltyMinutes || a.lastMinutes - b.lastMinutes;
}

/**
 * Who solved each problem first, wholly and by one submission: by receipt, not by verdict. Only teams of the board count. While an earlier submission waits
 * for its verdict nobody is first yet.
 */
function firstSolves(standings: Standings, hiddenFrom: number | null): ReadonlyMap<string, NodeId> {
  const best = new Map<string, JudgedSubmission>();
  const waiting = new Map<string, JudgedSubmission>();
  for (const [team, problems] of standings.submissions) {
    if (!standings.teams.has(team)) continue;
    for (const [problem, submissions] of problems) {
      const scored = standings.rules.problems.find(({ id }) => id === problem);
      if (scored === undefined) continue;
      for (const each of submissions.values()) {
        if (isOver(standings.rules, each.at) || (hiddenFrom !== null && each.at >= hiddenFrom)) continue;
        const found = isFull(standings.rules, scored, each) ? best : isPending(each) ? waiting : undefined;
        if (found !== undefined && !isBefore(found.get(problem), each)) found.set(problem, each);
      }
    }
  }
  const certain = [...best].filter(([problem, each]) => !isBefore(waiting.get(problem), each));
  return new Map(certain.map(([problem, each]) => [problem, each.submitter]));
}

function isBefore(a: JudgedSubmission | undefined, b: JudgedSubmission): boolean {
  return a !== undefined && (a.at < b.at || (a.at === b.at && a.index < b.index));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
