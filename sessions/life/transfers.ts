/** Transfers of seats on their way into the log (protocol.md §2). */
import {
  AUTHORITIES_KIND,
  authorities,
  AUTHORITY_BYTES_MAX,
  authority,
  codec,
  letterIdOf,
  type NodeId,
} from "../../src/model/index.ts";
import { send } from "../context.ts";
import { enqueue } from "../council/leading.ts";
import type { Live, Machine } from "../machine.ts";
import { mayOrder, speaksFor } from "./authority.ts";

/** By everything that this node knows, logged or not. */
export function mayOrderSoon(m: Machine, live: Live, node: NodeId): boolean {
  const { seats } = m.joining;
  return seats === null ? mayOrder(live.ledger, node) : speaksFor(seats, live.basis.manifest, node);
}

/** At the leader: transfers that it knows and the log does not, each seat's in order. */
export function logTransfers(m: Machine, live: Live): void {
  const { leading, ledger } = live;
  if (leading?.status !== "active") return;
  for (const message of m.joining.seats?.chain ?? []) {
    const value = codec.decode(authority, message.body, AUTHORITY_BYTES_MAX);
    const id = letterIdOf(message);
    if (value === undefined || value.serial < ledger.life.seats.nextSerial(value.seat) || leading.queued.has(id))
      continue;
    leading.queued.add(id);
    enqueue(m, live, { type: "entry", entry: { type: "authority", message } });
  }
}

/** A transfer was told: the leader logs it, its new holder sees to it that the leader knows. */
export function onSeatPassed(m: Machine, live: Live): void {
  const leader = live.leader?.leader;
  if (leader === m.self) logTransfers(m, live);
  else if (leader !== undefined && mayOrderSoon(m, live, m.self) && !mayOrder(live.ledger, m.self))
    sendTransfers(m, leader);
}

/** Everything that this node knows. */
export function sendTransfers(m: Machine, to: NodeId): void {
  const messages = m.joining.seats?.chain ?? [];
  if (messages.length > 0) send(m, to, AUTHORITIES_KIND, authorities, { messages });
}
