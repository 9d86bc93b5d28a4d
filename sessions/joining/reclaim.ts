/**
 * A sage took its seat back from a node that is gone (protocol.md §2 "Authority transfer"): what only the other one signed, this node
 * shows to it. Its own admission, and the roster, if it has one.
 */
import {
  admissions,
  AUTHORITIES_KIND,
  authorities,
  type Authority,
  type NodeId,
  type RosterCertificate,
  rosterCertificate,
} from "../../src/model/index.ts";
import { notify, send } from "../context.ts";
import type { Machine } from "../machine.ts";
import { openRoster, rosterHashOf } from "./roster.ts";

/** @returns whether this node has its admission to show now. */
export function onReclaimed(m: Machine, { seat, roster }: Authority): boolean {
  const own = m.rosterCertificate;
  if (own !== null && rosterHashOf(own) !== roster && seat !== m.self) send(m, seat, "roster", rosterCertificate, own);
  return oweAdmission(m);
}

/** Where a seat was reclaimed before the roster was known, its sage may not know who was admitted meanwhile. */
export function oweAdmission(m: Machine): boolean {
  const { joining } = m;
  const seat = joining.seats?.lastReclaimed ?? null;
  if (seat === null || seat === m.self || m.live !== null || joining.admission === null) return false;
  joining.owedTo = seat;
  joining.attempt = 0;
  return true;
}

/** @returns whether a registration is to follow, which that sage answers. */
export function showAgain(m: Machine): boolean {
  const { owedTo, admission } = m.joining;
  if (owedTo === null || admission === null) return false;
  send(m, owedTo, "admissions", admissions, { messages: [admission] });
  return true;
}

/**
 * Another certificate than this node's own, after a reclaim.
 * @returns whether it is to be kept in place of the own one: of the same roster, and newcomers believe only this one.
 */
export function renewRoster(m: Machine, certificate: RosterCertificate): boolean {
  const { rosterCertificate: own, manifest, contest, config } = m;
  const { seats } = m.joining;
  if (own === null || manifest === null || seats === null || seats.lastReclaimed === null) return false;
  const holds = (one: RosterCertificate): boolean =>
    openRoster(config.verifier, contest, manifest, seats, one) !== undefined;
  const isOther = rosterHashOf(own) !== rosterHashOf(certificate);
  if (holds(own) || !holds(certificate)) return false;
  // Two rosters are two contests: the receipts of one are nothing in the other.
  if (isOther) notify(m, { type: "roster-superseded" });
  else m.rosterCertificate = certificate;
  return !isOther;
}

/** Whoever held a seat and was away when it was reclaimed takes itself for its holder still. */
export function tellFormerSage(m: Machine, peer: NodeId): void {
  const { seats } = m.joining;
  if (seats === null || seats.lastReclaimed === null || !seats.wasSage(peer)) return;
  send(m, peer, AUTHORITIES_KIND, authorities, { messages: seats.chain });
}
