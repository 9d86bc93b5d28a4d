/** All checkers: one file per invariant of protocol.md. */
import { assignments } from "./assignments.ts";
import { certifiedVerdict } from "./certified-verdict.ts";
import type { CheckerMaker } from "./checker.ts";
import { clusterMaps } from "./cluster-maps.ts";
import { committedOrder } from "./committed-order.ts";
import { disputes } from "./disputes.ts";
import { electionsEnd } from "./elections-end.ts";
import { equalBoards } from "./equal-boards.ts";
import { keptPromises } from "./kept-promises.ts";
import { liveness } from "./liveness.ts";
import { nobodyFramed } from "./nobody-framed.ts";
import { oneLeader } from "./one-leader.ts";
import { oneSpeaker } from "./one-speaker.ts";
import { quarantine } from "./quarantine.ts";
import { rightVerdict } from "./right-verdict.ts";
import { settledOnce } from "./settled-once.ts";
import { sourcesHeld } from "./sources-held.ts";
import { steadyLeader } from "./steady-leader.ts";

export const CHECKERS: readonly CheckerMaker[] = [
  oneLeader,
  committedOrder,
  settledOnce,
  sourcesHeld,
  certifiedVerdict,
  rightVerdict,
  equalBoards,
  clusterMaps,
  keptPromises,
  nobodyFramed,
  oneSpeaker,
  disputes,
  quarantine,
  assignments,
  electionsEnd,
  steadyLeader,
  liveness,
];
