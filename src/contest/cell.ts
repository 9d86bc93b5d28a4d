/** One team's standing in one problem, as a pure function of its submissions in the order of their receipts. */
import type { BoardCell } from "./board.ts";
import type { JudgedSubmission, ScoringRules } from "./rules.ts";
import { elapsedMs, isOver } from "./timeline.ts";

const MINUTE_MS = 60_000;
const FULL_SCORE_MICROS = 1_000_000;

/** `hiddenFrom`: submissions received at or after it count as pending (the freeze). Submissions after the end do not count. */
export function cellOf(
  rules: ScoringRules,
  problem: string,
  submissions: readonly JudgedSubmission[],
  hiddenFrom: number | null,
  pointsMicros: number,
): Omit<BoardCell, "first"> {
  const counted = submissions
    .filter((each) => !isOver(rules, each.at))
    .toSorted((a, b) => a.at - b.at || a.index - b.index);
  const isHidden = (each: JudgedSubmission): boolean => hiddenFrom !== null && each.at >= hiddenFrom;
  return rules.type === "icpc"
    ? icpcCell(rules, problem, counted, isHidden)
    : ioiCell(rules, problem, counted, isHidden, pointsMicros);
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

/** The best score counts, at the time it was first reached. */
function ioiCell(
  rules: ScoringRules,
  problem: string,
  counted: readonly JudgedSubmission[],
  isHidden: (each: JudgedSubmission) => boolean,
  pointsMicros: number,
): Omit<BoardCell, "first"> {
  let attempts = 0;
  let pending = 0;
  let best = 0;
  let minutes: number | null = null;
  for (const each of counted) {
    if (isPending(each) || isHidden(each)) {
      pending += 1;
      continue;
    }
    attempts += 1;
    const score = Math.min(FULL_SCORE_MICROS, each.scoreMicros ?? 0);
    if (score > best) {
      best = score;
      minutes = minutesOf(rules, each);
    }
  }
  // Integers only, and no product beyond 2^53.
  const points = Number((BigInt(pointsMicros) * BigInt(best)) / BigInt(FULL_SCORE_MICROS));
  return {
    problem,
    attempts,
    pending,
    solved: best === FULL_SCORE_MICROS,
    minutes,
    penaltyMinutes: 0,
    pointsMicros: points,
  };
}

export function isPending(each: JudgedSubmission): boolean {
  return each.verdict === undefined || each.verdict === "JE";
}

function minutesOf(rules: ScoringRules, each: JudgedSubmission): number {
  return Math.max(0, Math.floor(elapsedMs(rules, each.at) / MINUTE_MS));
}
