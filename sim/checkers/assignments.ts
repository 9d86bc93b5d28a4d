/**
 * No task goes to a cluster that has work while another one that could judge it has none (protocol.md §6.3, §9 "favouring a
 * cluster"). That is less than the loads say, and needs no costs: whichever way they are counted, no work is the least.
 */
import type { Block, EntryOf, Hash, NodeId } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "10-assignments";

export const assignments: CheckerMaker = ({ contest, isHonest, maps, model }) => {
  let session = -1;
  const led = new Set<number>();
  const tasks = new Map<Hash, number>();
  const tried = new Map<Hash, Set<number>>();
  const wrong = new Set<string>();
  /** Their clusters may be passed over. */
  const barred = new Set<NodeId>();
  /** Whoever favours a cluster may have done so without this checker knowing better: in that session it knows nothing. */
  let isUnsure = false;
  const hasWork = (cluster: number): boolean => [...tasks.values()].includes(cluster);
  const idleBeside = ({ submission, cluster }: EntryOf<"assignment">): number | undefined => {
    // Where nodes have drawn the session anew, a number may mean a cluster that is no more.
    if (maps.clustersOf(session, 0).length !== 1) return undefined;
    return [...led].find((other) => {
      if (other === cluster || hasWork(other) || tried.get(submission)?.has(other) === true) return false;
      return !maps
        .clustersOf(session, other)
        .flat()
        .some((member) => barred.has(member));
    });
  };
  const assigned = (entry: EntryOf<"assignment">, isFavouring: boolean): void => {
    const { submission, cluster, attempt } = entry;
    const place = `${submission}/${attempt}/${entry.session}/${cluster}`;
    // An honest leader may come to the same choice later, and rightly.
    wrong.delete(place);
    if (entry.session !== session || isUnsure) return;
    const isBusy = [...tasks].some(([id, other]) => other === cluster && id !== submission);
    if ((isBusy && idleBeside(entry) !== undefined) || !led.has(cluster)) {
      wrong.add(place);
      return;
    }
    isUnsure ||= isFavouring && led.size > 1;
    tasks.set(submission, cluster);
    tried.set(submission, (tried.get(submission) ?? new Set()).add(cluster));
  };
  const look = (block: Block, signer: NodeId): void => {
    const node = contest.nodeOf.get(signer);
    const isFavouring = node !== undefined && contest.scenario.liars[node] === "favouring";
    for (const entry of block.entries) {
      if (entry.type !== "term" || entry.certificate.session === session) continue;
      session = entry.certificate.session;
      led.clear();
      tasks.clear();
      tried.clear();
      isUnsure = false;
    }
    // A block is cut from the log before it.
    for (const entry of block.entries) if (entry.type === "assignment") assigned(entry, isFavouring);
    for (const entry of block.entries) if (entry.type === "cluster-leader") led.add(entry.certificate.cluster ?? -1);
    for (const id of tasks.keys()) if (model.submissions.get(id)?.settled !== "no") tasks.delete(id);
  };
  return {
    name: NAME,
    committed({ block, message }) {
      look(block, message.signer);
    },
    noticed(host, notice) {
      if (!isHonest(host.index)) return;
      if (notice.type === "excluded" || notice.type === "quarantined") barred.add(notice.node);
      if (notice.type !== "assigned") return;
      const { submission, attempt, cluster } = notice;
      if (!wrong.has(`${submission}/${attempt}/${session}/${cluster}`)) return;
      throw new Violation(
        NAME,
        `node ${host.index} believes that cluster ${cluster} was next, and another one had nothing to do`,
      );
    },
  };
};
