/**
 * Seats change hands (protocol.md §2 "Authority transfer"): a sage that leaves signs its seats over, and gets them back; where the
 * new holder is gone, it takes its own seat back by itself.
 */
import {
  ADDRESSES_MAX,
  AUTHORITIES_BYTES_MAX,
  AUTHORITIES_KIND,
  AUTHORITY_BYTES_MAX,
  authorities,
  AUTHORITY_KIND,
  authority,
  codec,
  hashOf,
  later,
  type NodeId,
  RECLAIMS_MAX,
  REIGN_SERIALS,
  type SignedMessage,
  TRANSFERS_MAX,
} from "../src/model/index.ts";
import type { SageReply } from "./face.ts";
import { sendAdmissions } from "./registration.ts";
import { forward, type Sage, signed, store } from "./state.ts";

export const AUTHORITIES_KEY = "sage/authorities";
/** Told directly to so many nodes; to more only by gossip. */
const DIRECT_MAX = 256;

export const NO_AUTHORITY: SageReply = {
  type: "failed",
  code: "no-authority",
  reason: "another node speaks for this sage; take the authority back with `dikast sage transfer --back`",
};

/** Everything that this sage holds, to another sage or a registered node. */
export function transfer(s: Sage, to: NodeId, addresses: readonly string[]): SageReply {
  const held = s.seats.heldBy(s.self);
  if (held.length === 0) return NO_AUTHORITY;
  const registered = s.admitted.has(to) && !s.removed.has(to);
  if (to === s.self || !(registered || s.seats.wasSage(to)))
    return { type: "failed", code: "unknown-node", reason: "no such node is registered, and none of the sages" };
  return sign(s, held, to, addresses);
}

/** To the sage whom the manifest gave the seat. */
export function giveBack(s: Sage, seat: NodeId, addresses: readonly string[]): SageReply {
  if (s.seats.holderOf(seat) !== s.self || seat === s.self) return NO_AUTHORITY;
  return sign(s, [seat], seat, addresses);
}

function sign(s: Sage, seats: readonly NodeId[], to: NodeId, addresses: readonly string[]): SageReply {
  // Between the first promise and the signed roster a seat's holder must remember what it promised.
  if (s.closed && s.certificate === null)
    return { type: "failed", code: "opening", reason: "the contest is opening; try again in a few seconds" };
  if (seats.some((seat) => s.seats.nextSerial(seat) % REIGN_SERIALS > TRANSFERS_MAX))
    return { type: "failed", code: "no-authority", reason: "this seat has changed hands too often" };
  // Ahead of the transfer: afterwards this node has less to say.
  sendAdmissions(s, to);
  for (const seat of seats) {
    const value = {
      seat,
      serial: s.seats.nextSerial(seat),
      to,
      addresses: addresses.slice(0, ADDRESSES_MAX),
      at: s.now,
      roster: null,
    };
    take(s, signed(s, AUTHORITY_KIND, authority, value));
  }
  announce(s);
  return { type: "transferred", seats, to };
}

/**
 * Takes this sage's own seat back without whoever holds it. Where the contest runs, the log tells everybody from which entry on; before
 * the roster is known, this sage first listens whether somebody has one.
 */
export function reclaim(s: Sage, addresses: readonly string[]): SageReply {
  const seat = s.self;
  if (!s.seats.seats.includes(seat))
    return { type: "failed", code: "no-authority", reason: "this node is none of the sages that the contest names" };
  if (s.seats.holderOf(seat) === seat)
    return { type: "failed", code: "no-authority", reason: "this node has its authority already" };
  const value = {
    seat,
    serial: s.seats.nextReclaim(seat),
    to: seat,
    addresses: addresses.slice(0, ADDRESSES_MAX),
    at: s.now,
    roster: s.certificate === null ? null : hashOf(s.certificate.roster),
  };
  if (value.serial > REIGN_SERIALS * RECLAIMS_MAX || !take(s, signed(s, AUTHORITY_KIND, authority, value)))
    return { type: "failed", code: "no-authority", reason: "this seat has been taken back too often" };
  beginListening(s);
  announce(s);
  return { type: "transferred", seats: [seat], to: seat };
}

/**
 * What a former holder signed for this seat may be with others only. Called when the seat was reclaimed, and at a start that somebody
 * may have missed a reclaim before.
 */
export function beginListening(s: Sage): void {
  if (s.certificate === null) s.listenUntil = later(s.now, s.timing.listenMs);
}

/** Whether others may know better than this sage who speaks for its seats, or whether the contest is open already. */
export function mayHaveMissed(s: Sage): boolean {
  const held = s.seats.heldBy(s.self);
  // Whoever has taken over just now knows admissions of nobody.
  return held.some((seat) => (seat === s.self ? s.seats.wasReclaimed(seat) : s.admitted.size > 0));
}

function take(s: Sage, message: SignedMessage): boolean {
  return s.seats.apply(message, s.config.verifier, s.contest);
}

function announce(s: Sage): void {
  store(s, { key: AUTHORITIES_KEY, value: codec.encode(authorities, { messages: s.seats.chain }) });
  const message = publishAuthorities(s);
  if (message === undefined) return;
  const concerned = [...s.seats.holders(), ...s.seats.chain.map(({ signer }) => signer)];
  for (const node of new Set([...concerned, ...[...s.admitted.keys()].slice(0, DIRECT_MAX)]))
    if (node !== s.self) forward(s, node, message);
}

/** Whoever was cut off while its seat was reclaimed: gossip tells nothing twice. */
export function remindFormer(s: Sage): void {
  if (s.seats.lastReclaimed === null) return;
  const former = new Set(s.seats.chain.map(({ body }) => codec.decode(authority, body, AUTHORITY_BYTES_MAX)?.to));
  for (const node of former) {
    if (node === undefined || node === s.self || s.seats.heldBy(node).length > 0) continue;
    forward(s, node, signed(s, AUTHORITIES_KIND, authorities, { messages: s.seats.chain }));
  }
}

/** Nodes that come later hear of it from whomever they ask. */
export function publishAuthorities(s: Sage): SignedMessage | undefined {
  if (s.seats.chain.length === 0) return undefined;
  const message = signed(s, AUTHORITIES_KIND, authorities, { messages: s.seats.chain });
  s.effects.push({ type: "publish", message });
  return message;
}

/** Proves itself, whoever sends it. */
export function onAuthorities(s: Sage, message: SignedMessage): boolean {
  const body = codec.decode(authorities, message.body, AUTHORITIES_BYTES_MAX);
  if (body === undefined) return false;
  if (body.messages.filter((each) => take(s, each)).length > 0) announce(s);
  return true;
}

export function restoreAuthorities(s: Sage, value: Uint8Array): void {
  for (const message of codec.decode(authorities, value, AUTHORITIES_BYTES_MAX)?.messages ?? []) take(s, message);
}
