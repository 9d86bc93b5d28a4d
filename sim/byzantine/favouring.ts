/** A central leader that gives tasks to the cluster it likes. */
import type { ParticipantState } from "../../sessions/index.ts";
import type { Event } from "../../src/model/index.ts";
import type { RandomStream } from "../engine/random.ts";
import type { Interceptor } from "../world/machine.ts";

export interface Favouring {
  readonly state: () => ParticipantState | undefined;
  readonly random: RandomStream;
}

/** What commits blocks: folded as everybody folds them, the liar's own included. */
const COMMITTING: ReadonlySet<string> = new Set(["ack", "append", "committed", "log-range"]);
/** More than all work there is. */
const EASE = 1_000_000_000;

/** While it cuts a block, and only then, its machine believes that one cluster has less to do than any other. */
export function favour(name: string, { state, random }: Favouring): Interceptor {
  const liked = random.integer(3);
  let undo: (() => void) | undefined;
  return {
    name,
    inbound(event: Event) {
      const isCut = event.type === "timer-fired" || event.type === "message-received";
      if (!isCut || (event.type === "message-received" && COMMITTING.has(event.message.kind))) return event;
      const live = state()?.live;
      const cluster = live?.leading?.status === "active" ? live.ledger.scheduler.clusters[liked] : undefined;
      if (cluster === undefined) return event;
      cluster.load -= EASE;
      undo = () => {
        cluster.load += EASE;
      };
      return event;
    },
    outbound(effects) {
      undo?.();
      undo = undefined;
      return effects;
    },
  };
}
