/** Invariant 5: boards of nodes with equal logs are equal. */
import { boardOf } from "../../sessions/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "5-equal-boards";
/** Heads whose board is remembered; nodes are rarely further apart. */
const HEADS_MAX = 256;

export const equalBoards: CheckerMaker = ({ contest }) => {
  const boards = new Map<string, string>();
  /** The head at which each node's board was looked at last: it is a function of the log. */
  const looked = new Map<number, string>();
  return {
    name: NAME,
    checkpoint() {
      for (const host of contest.world.hosts) {
        const state = contest.stateOf(host);
        if (state === undefined) continue;
        const head = state.live?.chain.committed.head.hash;
        if (head === undefined || looked.get(host.index) === `${host.incarnation}/${head}`) continue;
        looked.set(host.index, `${host.incarnation}/${head}`);
        const board = boardOf(state);
        if (board === null) continue;
        const shown = JSON.stringify(board);
        const known = boards.get(head);
        if (known === undefined) boards.set(head, shown);
        else if (known !== shown) throw new Violation(NAME, `node ${host.index} shows another board for the same log`);
      }
      for (const head of boards.keys()) {
        if (boards.size <= HEADS_MAX) break;
        boards.delete(head);
      }
    },
  };
};
