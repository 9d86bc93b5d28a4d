/** How urgent each kind of message is at a busy node: what keeps leaders in office comes first, bulk comes last. */
import type { Lane } from "../driver/index.ts";

const URGENT: ReadonlySet<string> = new Set([
  "vote-request",
  "vote",
  "announcement",
  "heartbeat",
  "echo",
  "seal",
  "sealed",
  "block-ack",
]);
const BULK: ReadonlySet<string> = new Set(["blocks", "block-range", "contest-request"]);

export function laneOf(kind: string): Lane {
  if (URGENT.has(kind)) return "urgent";
  return BULK.has(kind) ? "bulk" : "normal";
}
