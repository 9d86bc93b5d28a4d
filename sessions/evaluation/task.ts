/** Names and orders of one evaluation task, the same at every member of the cluster. */
import { hashOf, type NodeId, type Task } from "../../src/model/index.ts";
import type { SessionView } from "../machine.ts";

/** Session and cluster follow from the attempt: the log assigns each attempt once. */
export function taskId(task: Task): string {
  return `${task.submission}/${task.attempt}`;
}

/** The order in which members are asked: by hash of task and beacon (protocol.md §6.4). */
export function askingOrder(view: SessionView, task: Task): readonly NodeId[] {
  const { beacon } = view.drawn.map;
  return view.members
    .map((member) => ({ member, rank: hashOf(new TextEncoder().encode(`${beacon}/${taskId(task)}/${member}`)) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ member }) => member);
}
