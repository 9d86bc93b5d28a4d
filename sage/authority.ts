/** Seats change hands (protocol.md §2 "Authority transfer"): a sage that leaves signs its seats over, and gets them back. */
import {
  ADDRESSES_MAX,
  AUTHORITIES_BYTES_MAX,
  AUTHORITIES_KIND,
  authorities,
  AUTHORITY_KIND,
  AUTHORITY_SERIAL_MAX,
  authority,
  codec,
  type NodeId,
  type SignedMessage,
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
  if (seats.some((seat) => s.seats.nextSerial(seat) > AUTHORITY_SERIAL_MAX))
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
    };
    take(s, signed(s, AUTHORITY_KIND, authority, value));
  }
  announce(s);
  return { type: "transferred", seats, to };
}

function take(s: Sage, message: SignedMessage): boolean {
  return s.seats.apply(message, s.config.verifier, s.contest);
}

function announce(s: Sage): void {
  store(s, { key: AUTHORITIES_KEY, value: codec.encode(authorities, { messages: s.seats.chain }) });
  const message = publishAuthorities(s);
  if (message === undefined) return;
  for (const node of new Set([...s.seats.holders(), ...[...s.admitted.keys()].slice(0, DIRECT_MAX)]))
    if (node !== s.self) forward(s, node, message);
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
