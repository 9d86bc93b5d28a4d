/**
 * Invariant 9: while enough others are there, no verdict rests on somebody who was quarantined or excluded before its task was
 * assigned; and where nobody lies, nobody is quarantined.
 */
import { type Block, JURY, type NodeId, type Statement } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "9-quarantine";

interface Resting {
  readonly index: number;
  /** The block that gave the task out. */
  readonly assigned: number;
  readonly submitter: NodeId;
  readonly statement: Pick<Statement, "session" | "cluster">;
  readonly voters: readonly NodeId[];
}

export const quarantine: CheckerMaker = ({ contest, isHonest, maps, model }) => {
  const { scenario } = contest;
  /** Blocks from which on a node's results do not count, and until which. */
  const barred = new Map<NodeId, { readonly from: number; until: number }[]>();
  /** The block that each node is folding. */
  const folding = new Map<number, number>();
  /** Of each attempt. */
  const assignedAt = new Map<string, number>();
  const isPeaceful =
    Object.keys(scenario.evaluatorRoles).length === 0 &&
    Object.keys(scenario.liars).length === 0 &&
    scenario.twin === null;
  const isBarred = (node: NodeId, assigned: number, settled: number): boolean =>
    (barred.get(node) ?? []).some(({ from, until }) => from < assigned && settled < until);
  const rests: Resting[] = [];
  const look = (index: number, block: Block): void => {
    for (const entry of block.entries) {
      if (entry.type === "assignment") assignedAt.set(`${entry.submission}/${entry.attempt}`, index);
      if (entry.type !== "verdict" || entry.certificate.statement.cluster === JURY) continue;
      const { statement, votes } = entry.certificate;
      const known = model.submissions.get(statement.submission);
      const assigned = assignedAt.get(`${statement.submission}/${statement.attempt}`);
      if (known?.first !== statement || assigned === undefined) continue;
      const voters = votes.map(({ evaluator }) => evaluator);
      rests.push({ index, assigned, submitter: known.submitter, statement, voters });
    }
  };
  return {
    name: NAME,
    noticed(host, notice) {
      if (!isHonest(host.index)) return;
      if (notice.type === "block-committed") folding.set(host.index, notice.index);
      if (notice.type !== "quarantined" && notice.type !== "released" && notice.type !== "excluded") return;
      if (isPeaceful) throw new Violation(NAME, `nobody lies, but a node is ${notice.type}`);
      // Blocks may be folded several at a time: an exclusion is no later than the last of them.
      const index = notice.type === "excluded" ? (folding.get(host.index) ?? 0) : notice.index;
      const spans = barred.get(notice.node) ?? [];
      barred.set(notice.node, spans);
      const last = spans.at(-1);
      if (notice.type !== "released") {
        if (last === undefined || last.until < index) spans.push({ from: index, until: Number.POSITIVE_INFINITY });
      } else if (last !== undefined && last.from < index && last.until === Number.POSITIVE_INFINITY) last.until = index;
    },
    committed({ index, block }) {
      look(index, block);
    },
    settled() {
      for (const { index, assigned, submitter, statement, voters } of rests) {
        const clusters = maps.clustersOf(statement.session, statement.cluster);
        const stands = clusters.some((cluster) => {
          const free = cluster.filter((node) => node !== submitter && !isBarred(node, assigned, index));
          const counted = voters.filter((voter) => free.includes(voter));
          return free.length * 2 <= cluster.length || counted.length * 2 > cluster.length;
        });
        if (!stands) throw new Violation(NAME, `block ${index} counts results of nodes that were barred`);
      }
    },
  };
};
