/** From a contradiction seen to a logged exclusion (protocol.md §9). */
import {
  codec,
  type Evidence,
  encodeMessage,
  EVIDENCE_BYTES_MAX,
  evidence as evidenceShape,
  type LeaderCertificate,
  type NodeId,
  type Offence,
  type SignedMessage,
  VOTE_KIND,
  vote,
} from "../../src/model/index.ts";
import { happen, publish, signed } from "../context.ts";
import { voteIn } from "../election/certificate.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { evidenceHolds } from "./proof.ts";

/** Accused nodes whose evidence waits for the log. */
const ACCUSED_MAX = 64;

/** This node saw a contradiction: everybody is shown it. */
export function accuse(
  m: Machine,
  live: Live,
  offence: Offence,
  accused: NodeId,
  messages: readonly SignedMessage[],
): void {
  if (accused === m.self || live.accused.has(accused) || live.ledger.excluded.has(accused)) return;
  const size = messages.reduce((sum, message) => sum + encodeMessage(message).length, 0);
  if (size > EVIDENCE_BYTES_MAX / 2) return;
  const found: Evidence = { offence, accused, messages };
  if (!evidenceHolds(live.rules, live.basis.manifest.deterministic, found)) return;
  publish(m, signed(m, "evidence", evidenceShape, found));
  hold(m, live, found);
}

/** Somebody else saw it. */
export function onEvidence(m: Machine, live: Live, body: Evidence): Validity {
  if (live.accused.has(body.accused) || live.ledger.excluded.has(body.accused)) return ignore("known");
  if (!live.ledger.maps.members.has(body.accused)) return reject("not-in-roster");
  if (!evidenceHolds(live.rules, live.basis.manifest.deterministic, body)) return reject("no-proof");
  hold(m, live, body);
  return ACCEPT;
}

/** Kept until it is logged, by whoever leads until then. */
function hold(m: Machine, live: Live, found: Evidence): void {
  if (live.accused.size >= ACCUSED_MAX) return;
  live.accused.set(found.accused, found);
  happen(m, { type: "accused", accused: found.accused });
}

/** Accused or excluded: nobody follows it. */
export function isDistrusted(live: Live, node: NodeId): boolean {
  return live.accused.has(node) || live.ledger.excluded.has(node);
}

/** Two certificates of one round: whoever voted in both voted twice. */
export function accuseDoubleVoters(m: Machine, live: Live, one: LeaderCertificate, two: LeaderCertificate): void {
  for (const cast of one.votes) {
    const other = two.votes.find((each) => each.voter === cast.voter);
    if (other === undefined) continue;
    const messages = [voteMessage(one, cast), voteMessage(two, other)];
    accuse(m, live, "double-vote", cast.voter, messages);
  }
}

function voteMessage(certificate: LeaderCertificate, cast: LeaderCertificate["votes"][number]): SignedMessage {
  const body = codec.encode(vote, voteIn(certificate, cast));
  return { kind: VOTE_KIND, signer: cast.voter, body, signature: cast.signature };
}
