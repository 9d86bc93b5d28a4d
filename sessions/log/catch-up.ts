/** Filling gaps in the log by range (protocol.md §5): from peers' memory, or from their stores. */
import {
  type Committed,
  codec,
  committed,
  type LogHead,
  logRange,
  LOG_RANGE_BYTES_MAX,
  logRequest,
  nextInteger,
  type NodeId,
  type StoredRecord,
} from "../../src/model/index.ts";
import { notify, send, setTimer } from "../context.ts";
import { receiptsIn, sendBodies } from "../council/bodies.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, type Validity } from "../routing.ts";

export const CATCH_UP_TIMER = "catch-up";
/** Log records: committed messages by the index of their last block, ten digits. */
export const LOG_KEY_PREFIX = "session/log/";
const READ_PREFIX = "log/";
/** Of one answer; the asker comes back for more. */
const RANGE_RECORDS_MAX = 512;
const RANGE_BYTES_MAX = 1024 * 1024;
/** Committed messages kept in memory for those who just missed them. */
const RECENT_COUNT_MAX = 256;
const RECENT_BYTES_MAX = 4 * 1024 * 1024;

export function logKey(index: number): string {
  return LOG_KEY_PREFIX + String(index).padStart(10, "0");
}

/** Somebody says that blocks up to `index` are committed. */
export function noteHead(m: Machine, live: Live, from: NodeId, index: number): void {
  const { catchUp, chain } = live;
  if (index <= chain.committed.head.index || from === m.self) return;
  if (index > catchUp.target) catchUp.target = index;
  if (catchUp.asked !== null && m.now - catchUp.askedAt < m.timing.catchUpMs) return;
  ask(m, live, from);
}

function ask(m: Machine, live: Live, peer: NodeId): void {
  const { catchUp, chain } = live;
  if (catchUp.asked === null) catchUp.startedFrom = chain.committed.head.index;
  catchUp.asked = peer;
  catchUp.askedAt = m.now;
  send(m, peer, "log-request", logRequest, { from: chain.committed.head.index + 1, tail: false });
  setTimer(m, CATCH_UP_TIMER, m.timing.catchUpMs * 2 ** Math.min(catchUp.attempts, 6));
}

/** For a candidate whose voter holds more than it does. */
export function requestTail(m: Machine, live: Live, voter: NodeId): void {
  send(m, voter, "log-request", logRequest, { from: live.chain.committed.head.index + 1, tail: true });
}

/** The peer that was asked did not answer: another one. */
export function onCatchUpTimer(m: Machine, live: Live): void {
  const { catchUp, chain } = live;
  if (chain.committed.head.index >= catchUp.target) {
    catchUp.asked = null;
    return;
  }
  catchUp.attempts += 1;
  const peers = sourcesOf(m, live);
  const peer = peers[nextInteger(m.random, Math.max(1, peers.length))];
  if (peer === undefined) return;
  // A head that nobody can show is forgotten at last: whoever claimed it may have lied.
  if (catchUp.attempts > CLAIM_ATTEMPTS_MAX) {
    catchUp.target = chain.committed.head.index;
    catchUp.asked = null;
    catchUp.attempts = 0;
    return;
  }
  ask(m, live, peer);
}

const CLAIM_ATTEMPTS_MAX = 8;

/** Who surely has the log: leaders, council, own cluster. */
export function sourcesOf(m: Machine, live: Live): readonly NodeId[] {
  const view = live.sessions[0];
  const sources = new Set<NodeId>([
    ...live.chain.committed.councils.flat(),
    ...(view?.members ?? []),
    ...(live.leader === null ? [] : [live.leader.leader]),
  ]);
  sources.delete(m.self);
  return [...sources];
}

/** Called when the committed end moved. */
export function onProgress(m: Machine, live: Live): void {
  const { catchUp, chain } = live;
  if (catchUp.asked === null || chain.committed.head.index < catchUp.target) return;
  const { index } = chain.committed.head;
  if (index - catchUp.startedFrom > 1) notify(m, { type: "caught-up", from: catchUp.startedFrom + 1, to: index });
  catchUp.asked = null;
  catchUp.attempts = 0;
}

export function remember(live: Live, first: number, last: number, body: Uint8Array): void {
  const { recent } = live;
  recent.groups.push({ first, last, body });
  recent.bytes += body.length;
  while (recent.groups.length > RECENT_COUNT_MAX || (recent.bytes > RECENT_BYTES_MAX && recent.groups.length > 1)) {
    recent.bytes -= recent.groups.shift()?.body.length ?? 0;
  }
}

export function onLogRequest(m: Machine, live: Live, body: codec.ShapeOf<typeof logRequest>, signer: NodeId): Validity {
  const { head } = live.chain.committed;
  const [oldest] = live.recent.groups;
  if (body.from > head.index) {
    if (body.tail) answer(m, live, signer, body.from, [], true);
    return ACCEPT;
  }
  if (oldest !== undefined && oldest.first <= body.from) {
    const bodies = live.recent.groups.filter((each) => each.last >= body.from).map((each) => each.body);
    answer(m, live, signer, body.from, bodies, body.tail);
    return ACCEPT;
  }
  m.effects.push({
    type: "read",
    read: `${READ_PREFIX}${signer}/${body.from}/${body.tail ? "tail" : "committed"}`,
    from: logKey(body.from),
    to: `${LOG_KEY_PREFIX}~`,
    countMax: RANGE_RECORDS_MAX,
    bytesMax: RANGE_BYTES_MAX,
  });
  return ACCEPT;
}

export function onRecordsRead(m: Machine, live: Live, read: string, records: readonly StoredRecord[]): void {
  if (!read.startsWith(READ_PREFIX)) return;
  const [peer, from, tail] = read.slice(READ_PREFIX.length).split("/");
  const bodies = records.map((record) => record.value);
  answer(m, live, peer as NodeId, Number(from), bodies, tail === "tail");
}

function answer(m: Machine, live: Live, to: NodeId, from: number, bodies: readonly Uint8Array[], tail: boolean): void {
  const groups: Committed[] = [];
  let bytes = 0;
  for (const body of bodies) {
    bytes += body.length;
    if (groups.length > 0 && bytes > RANGE_BYTES_MAX) break;
    const group = codec.decode(committed, body, LOG_RANGE_BYTES_MAX);
    if (group !== undefined) groups.push(group);
  }
  const head: LogHead = live.chain.committed.head;
  const blocks = tail ? live.chain.tail.map((each) => each.message) : [];
  // A candidate may go on from these blocks only with what their receipts name.
  if (tail && live.castVote?.candidate === to) sendBodies(m, live, to, receiptsIn(live, live.chain.tail));
  send(m, to, "log-range", logRange, { from, committed: groups, tail: blocks, head });
}
