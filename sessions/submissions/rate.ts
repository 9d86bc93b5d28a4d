/** Token buckets (protocol.md §6.2): a burst, then one submission for each refill; one for each submitter, one for all together. */
import { type Instant, later, type NodeId } from "../../src/model/index.ts";
import type { Timing } from "../timing.ts";

export interface Bucket {
  tokens: number;
  refilledAt: Instant;
}

/** Of all submitters together: twice what one core of a leader takes on (`bench/leader.ts`), with two seconds of it at once. */
const OVERALL_BURST = 4000;
const OVERALL_REFILL_MS = 0.5;

/** Undefined when the submission may pass; otherwise how long to wait, in ms. */
export function takeToken(
  buckets: Map<NodeId, Bucket>,
  timing: Pick<Timing, "submissionBurst" | "submissionRefillMs">,
  submitter: NodeId,
  now: Instant,
): number | undefined {
  const { submissionBurst, submissionRefillMs } = timing;
  let bucket = buckets.get(submitter);
  if (bucket === undefined) {
    bucket = { tokens: submissionBurst, refilledAt: now };
    buckets.set(submitter, bucket);
  }
  refill(bucket, submissionBurst, submissionRefillMs, now);
  if (bucket.tokens === 0) return Math.max(1, bucket.refilledAt + submissionRefillMs - now);
  bucket.tokens -= 1;
  return undefined;
}

export function overallBucket(now: Instant): Bucket {
  return { tokens: OVERALL_BURST, refilledAt: now };
}

/** Whether a leader takes anything on now; each that it takes costs a token of `bucket`. */
export function hasRoomOverall(bucket: Bucket, now: Instant): boolean {
  refill(bucket, OVERALL_BURST, OVERALL_REFILL_MS, now);
  return bucket.tokens > 0;
}

function refill(bucket: Bucket, burst: number, refillMs: number, now: Instant): void {
  const refills = Math.floor((now - bucket.refilledAt) / refillMs);
  if (refills <= 0) return;
  bucket.tokens = Math.min(burst, bucket.tokens + refills);
  bucket.refilledAt = later(bucket.refilledAt, refills * refillMs);
}
