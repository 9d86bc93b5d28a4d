/**
 * Orders and questions of this node on their way into the log: stored before they are sent, sent to whoever leads until they
 * are logged (as submissions are, protocol.md §6.1). And at the leader: from the message to the log's queue.
 */
import {
  type Action,
  decodeMessage,
  encodeMessage,
  type Hash,
  type Instant,
  later,
  type Letter,
  letterIdOf,
  MESSAGE_BYTES_MAX,
  type NodeId,
  ORDER_KIND,
  order as orderShape,
  QUESTION_KIND,
  question as questionShape,
  type SignedMessage,
} from "../../src/model/index.ts";
import { backOff, forward, setTimer, signed, store } from "../context.ts";
import { enqueue } from "../council/leading.ts";
import { type DisputeFailed, disputeFailed } from "../disputes/faults.ts";
import { doubtFault, openDoubt } from "../disputes/fold.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { mayOrder } from "./authority.ts";
import type { LifeFailure } from "./commands.ts";
import { type Failed, faulty } from "./faults.ts";
import { openOrder, orderFault } from "./orders.ts";
import { openQuestion, questionFault } from "./questions.ts";
import { logTransfers, mayOrderSoon, sendTransfers } from "./transfers.ts";

export const LETTERS_TIMER = "letters";
export const LETTER_KEY_PREFIX = "session/letter/";
/** Letters of one node that are not logged yet. */
export const LETTERS_WAITING_MAX = 64;
const NONCE_BYTES = 16;

export interface WaitingLetter {
  readonly message: SignedMessage;
  /** Commands that wait for it; none after a restart. */
  readonly requests: string[];
  retryAt: Instant;
  attempts: number;
}

export function signOrder(m: Machine, action: Action): SignedMessage {
  return signed(m, ORDER_KIND, orderShape, { nonce: m.config.secretBytes(NONCE_BYTES), at: m.now, action });
}

/** `again`: an open question of this node, sealed anew. */
export function signQuestion(
  m: Machine,
  problem: string | null,
  content: Letter,
  again: Hash | null = null,
): SignedMessage {
  const nonce = m.config.secretBytes(NONCE_BYTES);
  return signed(m, QUESTION_KIND, questionShape, { nonce, at: m.now, problem, content, again });
}

/** The caller has checked that it holds and that there is room. */
export function sendLetter(m: Machine, message: SignedMessage, request?: string): Hash {
  const id = letterIdOf(message);
  m.letters.set(id, { message, requests: request === undefined ? [] : [request], retryAt: m.now, attempts: 0 });
  store(m, { key: LETTER_KEY_PREFIX + id, value: encodeMessage(message) });
  deliverLetters(m);
  return id;
}

export function restoreLetter(m: Machine, value: Uint8Array): void {
  const message = decodeMessage(value, MESSAGE_BYTES_MAX);
  if (message !== undefined)
    m.letters.set(letterIdOf(message), { message, requests: [], retryAt: 0 as Instant, attempts: 0 });
}

/** Sends what is not logged yet; the timer sends it again. What has become void meanwhile is given up. */
export function deliverLetters(m: Machine): void {
  const { live } = m;
  if (live === null) return;
  let soonest: number | undefined;
  for (const [id, item] of m.letters) {
    const fault = live.ledger.life.letters.has(id) ? "known" : faultOf(m, live, item.message);
    if (fault !== undefined) {
      const requests = dropLetter(m, id);
      if (fault === "known") continue;
      for (const request of requests) m.effects.push({ type: "reply", request, body: fault, final: true });
      continue;
    }
    if (item.retryAt <= m.now) {
      if (live.leader !== null) {
        // An order of somebody whose seat the log does not name yet comes with its proof.
        if (item.message.kind === ORDER_KIND && !mayOrder(live.ledger, m.self)) sendTransfers(m, live.leader.leader);
        forward(m, live.leader.leader, item.message);
      }
      item.attempts += 1;
      item.retryAt = later(m.now, backOff(m, item.attempts));
    }
    soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, item.retryAt - m.now);
  }
  if (soonest !== undefined) setTimer(m, LETTERS_TIMER, Math.max(1, soonest));
}

/** A new leader: at once. */
export function deliverLettersAtOnce(m: Machine): void {
  for (const item of m.letters.values()) item.retryAt = m.now;
  deliverLetters(m);
}

/** The commands that waited for it. */
export function dropLetter(m: Machine, id: Hash): readonly string[] {
  const item = m.letters.get(id);
  if (item === undefined) return [];
  m.letters.delete(id);
  store(m, { key: LETTER_KEY_PREFIX + id, value: undefined });
  return item.requests;
}

/** Why it is of no use any more. */
function faultOf(m: Machine, live: Live, message: SignedMessage): Failed | DisputeFailed | undefined {
  const { ledger } = live;
  const doubt = openDoubt(message);
  if (doubt !== undefined) {
    const fault = doubtFault(ledger, doubt);
    // What may pass is no reason to give up.
    return fault === undefined || fault === "too-many" ? undefined : disputeFailed(fault);
  }
  const asked = openQuestion(message);
  const fault = asked === undefined ? orderRightFault(m, live, message) : questionFault(ledger, message.signer, asked);
  return fault === undefined ? undefined : faulty(ledger, fault, m.now);
}

function orderRightFault(m: Machine, live: Live, message: SignedMessage): LifeFailure | undefined {
  return mayOrderSoon(m, live, message.signer) ? undefined : "not-an-organizer";
}

/** At the leader, and at former ones, which pass it on. The signature was checked. */
export function onLetter(m: Machine, live: Live, message: SignedMessage, signer: NodeId, from: NodeId): Validity {
  const { ledger, leading } = live;
  if (leading === null) {
    const leader = live.leader?.leader;
    if (from === signer && leader !== undefined && leader !== m.self) forward(m, leader, message);
    return ACCEPT;
  }
  const id = letterIdOf(message);
  if (ledger.life.letters.has(id) || leading.queued.has(id)) return ignore("known");
  if (message.kind === ORDER_KIND) {
    const body = openOrder(message);
    if (body === undefined) return reject("malformed");
    if (!mayOrderSoon(m, live, signer)) return ignore("not-entitled");
    // Ahead of it in the log.
    logTransfers(m, live);
    // A void order is logged as well: its sender learns why. But for those that anybody could repeat for ever.
    if (orderFault(ledger, body.action, m.now) === "too-many") return ignore("too-many");
    leading.queued.add(id);
    enqueue(m, live, { type: "entry", entry: { type: "order", message } });
    return ACCEPT;
  }
  const body = openQuestion(message);
  if (body === undefined) return reject("malformed");
  const fault = questionFault(ledger, signer, body);
  if (fault !== undefined) return ignore(fault);
  leading.queued.add(id);
  enqueue(m, live, { type: "entry", entry: { type: "question", message } });
  return ACCEPT;
}

/** Words for these readers, or for everybody where the driver has no sealing. */
export function letterFor(m: Machine, readers: readonly NodeId[] | null, text: string): Letter {
  const { letterBox } = m.config;
  if (readers === null || letterBox === undefined) return { type: "open", text };
  const receivers = [...new Set([...readers, m.self])].sort();
  return { type: "sealed", box: letterBox.seal(receivers, new TextEncoder().encode(text)) };
}

/** Null when it is not for this node. */
export function textOf(m: Machine, letter: Letter): string | null {
  if (letter.type === "open") return letter.text;
  const plain = m.config.letterBox?.open(letter.box);
  return plain === undefined ? null : new TextDecoder().decode(plain).toWellFormed();
}
