/** Invariant 11: nodes with equal logs agree on who holds each seat of a sage, and nobody else's orders count there. */
import { statusOf } from "../../sessions/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "11-one-speaker";
/** Heads whose holders are remembered; nodes are rarely further apart. */
const HEADS_MAX = 256;

export const oneSpeaker: CheckerMaker = ({ contest }) => {
  const holders = new Map<string, string>();
  return {
    name: NAME,
    checkpoint() {
      for (const host of contest.world.hosts) {
        const state = contest.stateOf(host);
        const seats = state?.live?.ledger.life.seats;
        if (state === undefined || seats === undefined || seats.chain.length === 0) continue;
        const { head } = statusOf(state);
        if (head === null) continue;
        const shown = seats.seats.map((seat) => `${seat}: ${seats.holderOf(seat)}`).join(", ");
        const known = holders.get(head);
        if (known === undefined) holders.set(head, shown);
        else if (known !== shown)
          throw new Violation(NAME, `node ${host.index} says ${shown} where others say ${known}`);
      }
      for (const head of holders.keys()) {
        if (holders.size <= HEADS_MAX) break;
        holders.delete(head);
      }
    },
  };
};
