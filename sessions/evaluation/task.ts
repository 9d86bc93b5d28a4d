/** Names and orders of one evaluation task, the same at every member of the cluster. */
import { hashOfText, memo, type NodeId, type Task } from "../../src/model/index.ts";
import type { Live, SessionView } from "../machine.ts";

/** Session and cluster follow from the attempt: the log assigns each attempt once. */
export function taskId(task: Task): string {
  return `${task.submission}/${task.attempt}`;
}

/** By task; of one session. Emptied when full. */
const orders = memo<SessionView, Map<string, readonly NodeId[]>>();
const ORDERS_MAX = 256;

/** The order in which members are asked: by hash of task and beacon (protocol.md §6.4). */
export function askingOrder(view: SessionView, task: Task): readonly NodeId[] {
  let known = orders.get(view);
  if (known === undefined || known.size >= ORDERS_MAX) orders.set(view, (known = new Map()));
  const id = taskId(task);
  let order = known.get(id);
  if (order === undefined) known.set(id, (order = drawOrder(view, task)));
  return order;
}

function drawOrder(view: SessionView, task: Task): readonly NodeId[] {
  const { beacon } = view.drawn.map;
  return view.members
    .map((member) => ({ member, rank: hashOfText(`${beacon}/${taskId(task)}/${member}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ member }) => member);
}

export function canJudge(live: Live, member: NodeId, language: string): boolean {
  const languages: readonly string[] = live.ledger.maps.members.get(member)?.capabilities.languages ?? [];
  return languages.includes(language);
}
