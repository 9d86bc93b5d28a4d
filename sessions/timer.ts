/** Which submodule a timer belongs to. */
import type { Hash } from "../src/model/index.ts";
import { CENSORSHIP_TIMER, onCensorshipTimer } from "./council/censorship.ts";
import { APPEND_TIMER, BATCH_TIMER, onAppendTimer, onPrepareTimer, PREPARE_TIMER, pump } from "./council/leading.ts";
import { CENTRAL_ELECTION_TIMER, onCentralElectionTimer } from "./election/central-election.ts";
import { CLUSTER_ELECTION_TIMER, onClusterElectionTimer } from "./election/cluster-election.ts";
import { onTaskTimer, TASK_TIMER_PREFIX } from "./evaluation/coordinator.ts";
import { ASSIGNMENT_TIMER_PREFIX, onAssignmentTimer } from "./evaluation/dispatch.ts";
import { EVALUATION_TIMER_PREFIX, onEvaluationTimer } from "./evaluation/evaluator.ts";
import { continueJoining, JOIN_TIMER } from "./joining/joining.ts";
import { HEARTBEAT_TIMER, onHeartbeatTimer, onRoamTimer, ROAM_TIMER } from "./liveness/heartbeats.ts";
import { CATCH_UP_TIMER, onCatchUpTimer } from "./log/catch-up.ts";
import { BACKGROUND_TIMER, pumpBackground } from "./life/background.ts";
import { COLLECT_TIMER, onCollectTimer } from "./life/collecting.ts";
import { deliverLetters, LETTERS_TIMER } from "./life/letters.ts";
import { onStandbyTimer, STANDBY_TIMER_PREFIX } from "./evaluation/standby.ts";
import type { Live, Machine } from "./machine.ts";
import { onRecoveryTimer, RECOVERY_TIMER } from "./recovery/recovery.ts";
import { END_TIMER, followClock, MAP_TIMER, onMapTimer, SESSION_TIMER } from "./session.ts";
import { deliver, OUTBOX_TIMER } from "./submissions/outbox.ts";

type TimerHandler = (m: Machine, live: Live) => void;

const HANDLERS: Readonly<Record<string, TimerHandler>> = {
  [SESSION_TIMER]: (m, live) => followClock(m, live, false),
  [END_TIMER]: (m, live) => followClock(m, live, false),
  [MAP_TIMER]: onMapTimer,
  [CLUSTER_ELECTION_TIMER]: onClusterElectionTimer,
  [CENTRAL_ELECTION_TIMER]: onCentralElectionTimer,
  [APPEND_TIMER]: onAppendTimer,
  [BATCH_TIMER]: pump,
  [PREPARE_TIMER]: onPrepareTimer,
  [HEARTBEAT_TIMER]: onHeartbeatTimer,
  [ROAM_TIMER]: onRoamTimer,
  [CATCH_UP_TIMER]: onCatchUpTimer,
  [OUTBOX_TIMER]: (m) => deliver(m),
  [RECOVERY_TIMER]: onRecoveryTimer,
  [CENSORSHIP_TIMER]: onCensorshipTimer,
  [LETTERS_TIMER]: (m) => deliverLetters(m),
  [BACKGROUND_TIMER]: pumpBackground,
  [COLLECT_TIMER]: onCollectTimer,
};

const PREFIXED: readonly (readonly [string, (m: Machine, live: Live, id: string) => void])[] = [
  [TASK_TIMER_PREFIX, onTaskTimer],
  [STANDBY_TIMER_PREFIX, onStandbyTimer],
  [ASSIGNMENT_TIMER_PREFIX, (m, live, id) => onAssignmentTimer(m, live, id as Hash)],
  [EVALUATION_TIMER_PREFIX, onEvaluationTimer],
];

export function onTimer(m: Machine, timer: string): void {
  if (timer === JOIN_TIMER) {
    continueJoining(m);
    return;
  }
  const { live } = m;
  if (live === null) return;
  const handler = HANDLERS[timer];
  if (handler !== undefined) {
    handler(m, live);
    return;
  }
  const prefixed = PREFIXED.find(([prefix]) => timer.startsWith(prefix));
  prefixed?.[1](m, live, timer.slice(prefixed[0].length));
}
