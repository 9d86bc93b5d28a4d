/**
 * The contest's own limits (manifest: `submissionsMax` of a problem, `submissionIntervalMs`): how often one participant may submit. Folded
 * from the log, so that no leader makes exceptions; practice knows no limits.
 */
import type { Instant, Manifest, NodeId } from "../../src/model/index.ts";

export interface Limits {
  /** Receipts that count, by submitter and problem; JE that was dismissed is given back. */
  readonly counts: Map<string, number>;
  /** Of each submitter's last receipt that counts. */
  readonly lastAt: Map<NodeId, Instant>;
}

export function newLimits(): Limits {
  return { counts: new Map(), lastAt: new Map() };
}

interface Submitted {
  readonly submitter: NodeId;
  readonly problem: string;
  readonly at: number;
}

export type LimitFault =
  | { readonly code: "too-many"; readonly waitMs: null }
  | { readonly code: "too-fast"; readonly waitMs: number };

/** Undefined when it may be received. */
export function limitFault(
  limits: Limits,
  { problems, rules }: Pick<Manifest, "problems" | "rules">,
  { submitter, problem, at }: Submitted,
): LimitFault | undefined {
  const most = problems.find((each) => each.id === problem)?.submissionsMax ?? null;
  if (most !== null && countOf(limits, submitter, problem) >= most) return { code: "too-many", waitMs: null };
  const waitMs = (limits.lastAt.get(submitter) ?? Number.NEGATIVE_INFINITY) + rules.submissionIntervalMs - at;
  return waitMs > 0 ? { code: "too-fast", waitMs } : undefined;
}

export function countOf({ counts }: Limits, submitter: NodeId, problem: string): number {
  return counts.get(keyOf(submitter, problem)) ?? 0;
}

/** @returns takes it back, for who only plans a block. */
export function countReceipt(limits: Limits, { submitter, problem, at }: Submitted): () => void {
  const [key, before] = [keyOf(submitter, problem), limits.lastAt.get(submitter)];
  limits.counts.set(key, countOf(limits, submitter, problem) + 1);
  limits.lastAt.set(submitter, Math.max(before ?? 0, at) as Instant);
  return () => {
    giveBack(limits, submitter, problem);
    if (before === undefined) limits.lastAt.delete(submitter);
    else limits.lastAt.set(submitter, before);
  };
}

export function giveBack(limits: Limits, submitter: NodeId, problem: string): void {
  limits.counts.set(keyOf(submitter, problem), Math.max(0, countOf(limits, submitter, problem) - 1));
}

function keyOf(submitter: NodeId, problem: string): string {
  return `${submitter}/${problem}`;
}
