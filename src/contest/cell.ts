/** One team's standing in one problem, as a pure function of its submissions in the order of their receipts. */
import type { BoardCell } from "./board.ts";
import type { JudgedSubmission, ScoredProblem, ScoringRules } from "./rules.ts";
import { elapsedMs, isOver } from "./timeline.ts";

const MINUTE_MS = 60_000;

/** `hiddenFrom`: submissions received at or after it count as pending (the freeze). Submissions after the end do not count. */
export function cellOf(
  rules: ScoringRules,
  problem: ScoredProblem,
  submissions: readonly JudgedSubmission[],
  hiddenFrom: number | null,
): Omit<BoardCell, "first"> {
  const counted = submissions
    .filter((each) => !isOver(rules, each.at))
    .toSorted((a, b) => a.at - b.at || a.index - b.index);
  const isHidden = (each: JudgedSubmission): boolean => hiddenFrom !== null && each.at >= hiddenFrom;
  return rules.type === "icpc"
    ? icpcCell(rules, problem.id, counted, isHidden)
    : ioiCell(rules, problem, counted, isHidden);
}

/** Wrong attempts before the first accepted one cost `penaltyMinutes` each; what comes after it is not counted. */
function icpcCell(
  rules: ScoringRules,
  problem: string,
  counted: readonly JudgedSubmission[],
  isHidden: (each: JudgedSubmission) => boolean,
): Omit<BoardCell, "first"> {
  let attempts = 0;
  let penalized = 0;
  let pending = 0;
  for (const each of counted) {
    if (isPending(each) || isHidden(each)) {
      pending += 1;
      continue;
    }
    attempts += 1;
    if (each.verdict === "AC") {
      const minutes = minutesOf(rules, each);
      const penaltyMinutes = minutes + penalized * rules.penaltyMinutes;
      return { problem, attempts, pending, solved: true, minutes, penaltyMinutes, pointsMicros: 0 };
    }
    if (each.verdict !== "CE" || rules.compileErrorPenalty) penalized += 1;
  }
  return { problem, attempts, pending, solved: false, minutes: null, penaltyMinutes: 0, pointsMicros: 0 };
}

/**
 * The best score counts, at the time it was first reached: of one submission (`max`), or put together from the best of each group
 * (`max_subtask`, the rule of the IOI since 2017). Submissions without groups count as a whole in both.
 */
function ioiCell(
  rules: ScoringRules,
  { id, fullScoreMicros, pointsMicros }: ScoredProblem,
  counted: readonly JudgedSubmission[],
  isHidden: (each: JudgedSubmission) => boolean,
): Omit<BoardCell, "first"> {
  let attempts = 0;
  let pending = 0;
  let best = 0;
  let solved = false;
  let minutes: number | null = null;
  const groups: number[] = [];
  for (const each of counted) {
    if (isPending(each) || isHidden(each)) {
      pending += 1;
      continue;
    }
    attempts += 1;
    const whole = each.scoreMicros ?? 0;
    const parts = rules.scoreMode === "max_subtask" ? (each.groupScoresMicros ?? []) : [];
    for (const [index, part] of parts.entries()) groups[index] = Math.max(groups[index] ?? 0, part);
    const together = groups.reduce((sum, part) => sum + part, 0);
    const score = Math.min(Math.max(whole, together), fullScoreMicros ?? Number.MAX_SAFE_INTEGER);
    if (score > best) {
      best = score;
      minutes = minutesOf(rules, each);
    }
    solved ||= fullScoreMicros === null ? each.verdict === "AC" : best === fullScoreMicros;
  }
  // Integers only, and no product beyond 2^53.
  const points =
    fullScoreMicros === null ? best : Number((BigInt(pointsMicros) * BigInt(best)) / BigInt(fullScoreMicros));
  return { problem: id, attempts, pending, solved, minutes, penaltyMinutes: 0, pointsMicros: points };
}

/** All that its problem gives, by one submission. */
export function isFull(rules: ScoringRules, { fullScoreMicros }: ScoredProblem, each: JudgedSubmission): boolean {
  if (each.verdict !== "AC") return false;
  return rules.type === "icpc" || fullScoreMicros === null || (each.scoreMicros ?? 0) >= fullScoreMicros;
}

export function isPending(each: JudgedSubmission): boolean {
  return each.verdict === undefined || each.verdict === "JE";
}

function minutesOf(rules: ScoringRules, each: JudgedSubmission): number {
  return Math.max(0, Math.floor(elapsedMs(rules, each.at) / MINUTE_MS));
}
