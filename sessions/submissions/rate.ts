/** A token bucket for each submitter (protocol.md §6.2): a burst, then one submission for each refill. */
import { type Instant, later, type NodeId } from "../../src/model/index.ts";
import type { Timing } from "../timing.ts";

export interface Bucket {
  tokens: number;
  refilledAt: Instant;
}

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
  const refills = Math.floor((now - bucket.refilledAt) / submissionRefillMs);
  if (refills > 0) {
    bucket.tokens = Math.min(submissionBurst, bucket.tokens + refills);
    bucket.refilledAt = later(bucket.refilledAt, refills * submissionRefillMs);
  }
  if (bucket.tokens === 0) return Math.max(1, bucket.refilledAt + submissionRefillMs - now);
  bucket.tokens -= 1;
  return undefined;
}
