/**
 * The sages agree on one roster: single-decree Paxos (Lamport, "Paxos made simple"), whose acceptances are the signatures
 * of the published certificate. A promise closes the registration and shows the sage's reveal of session 0: nobody can
 * register an id that fits a known draw (protocol.md §2, §3).
 */
import {
  BALLOTS_MAX,
  codec,
  distinctName,
  hashOf,
  type Instant,
  type NodeId,
  type Reveal,
  ROSTER_BYTES_MAX,
  ROSTER_VOTE_KIND,
  type Roster,
  roster,
  rosterCertificate,
  rosterPrepare,
  rosterPromise,
  rosterProposal,
  type RosterCertificate,
  type RosterMember,
  rosterVote,
  signingDigest,
} from "../src/model/index.ts";
import { sendAdmissions } from "./registration.ts";
import {
  type AcceptedRoster,
  isListening,
  isSage,
  jitter,
  othersOf,
  presentOf,
  type Proposing,
  type Sage,
  send,
  setTimer,
  signed,
  store,
} from "./state.ts";

export const BALLOT_TIMER = "sage/ballot";
const BALLOTS_KEY = "sage/ballots";
export const ROSTER_KEY = "sage/roster";
const CLOSED_KEY = "sage/closed";
/** A certificate goes to so many nodes directly as well; to more only by gossip. */
const DIRECT_MAX = 256;

const storedBallots = codec.struct({
  epoch: codec.integer(0, 1_000_000),
  promised: codec.integer(-1, BALLOTS_MAX),
  accepted: codec.nullable(
    codec.struct({ ballot: codec.integer(0, BALLOTS_MAX), roster: codec.bytes(ROSTER_BYTES_MAX) }),
  ),
});

/** Starts a ballot of its own: each sage has its own numbers, so that no two propose in one ballot. */
export function propose(s: Sage): void {
  if (s.certificate !== null || isListening(s)) return;
  const { seats } = s.seats;
  const own = seats.indexOf(s.seats.heldBy(s.self)[0] as NodeId);
  if (own < 0) return;
  const count = seats.length;
  const above = Math.max(s.ballots.promised, s.ballots.proposing?.ballot ?? -1) + 1;
  const ballot = above + ((own - (above % count) + count) % count);
  s.ballots.proposing = { ballot, promises: new Map(), proposal: null, votes: new Map() };
  for (const sage of s.seats.holders())
    send(s, sage, "roster-prepare", rosterPrepare, { epoch: s.ballots.epoch, ballot });
  setTimer(s, BALLOT_TIMER, s.timing.ballotMs + jitter(s, s.timing.ballotMs));
}

export function onPrepare(s: Sage, body: codec.ShapeOf<typeof rosterPrepare>, proposer: NodeId): void {
  if (!isSage(s) || isListening(s) || body.epoch !== s.ballots.epoch || body.ballot <= s.ballots.promised) return;
  if (s.certificate !== null && certificateHolds(s, s.certificate)) {
    send(s, proposer, "roster", rosterCertificate, s.certificate);
    return;
  }
  s.ballots.promised = body.ballot;
  storeBallots(s);
  close(s);
  if (proposer !== s.self) sendAdmissions(s, proposer);
  send(s, proposer, "roster-promise", rosterPromise, {
    epoch: body.epoch,
    ballot: body.ballot,
    accepted: acceptedOf(s),
    reveal: ownReveal(s),
    heard: heardLately(s),
  });
  // If this proposer dies, another one takes its turn.
  if (proposer !== s.self) setTimer(s, BALLOT_TIMER, 2 * s.timing.ballotMs + jitter(s, 2 * s.timing.ballotMs));
}

/** A certificate that a reclaim took its votes from still tells what was decided. */
function acceptedOf({ ballots, certificate }: Sage): AcceptedRoster | null {
  return certificate === null ? ballots.accepted : { ballot: certificate.ballot, roster: certificate.roster };
}

function close(s: Sage): void {
  if (s.closed) return;
  s.closed = true;
  store(s, { key: CLOSED_KEY, value: new Uint8Array([1]) });
  s.effects.push({ type: "notify", notice: { type: "registration-closed", registered: presentOf(s) } });
}

function ownReveal(s: Sage): Reveal | null {
  const preimage = s.config.chain[1];
  const seat = s.config.seat ?? s.self;
  return preimage === undefined || s.seats.holderOf(seat) !== s.self ? null : { sage: seat, session: 0, preimage };
}

function heardLately(s: Sage): readonly NodeId[] {
  return [...s.heardAt]
    .filter(([node, at]) => s.now - at <= s.timing.absentMs && s.admitted.has(node))
    .map(([node]) => node)
    .sort();
}

export function onPromise(s: Sage, body: codec.ShapeOf<typeof rosterPromise>, sage: NodeId): void {
  const { proposing } = s.ballots;
  if (proposing === null || body.ballot !== proposing.ballot || proposing.proposal !== null) return;
  proposing.promises.set(sage, { accepted: body.accepted, reveal: body.reveal, heard: body.heard });
  if (!s.seats.areMajority(proposing.promises.keys())) return;
  proposing.proposal = proposalOf(s, proposing);
  for (const each of s.seats.holders())
    send(s, each, "roster-propose", rosterProposal, { ballot: body.ballot, roster: proposing.proposal });
}

/** What was accepted in the highest ballot must be proposed again; otherwise the proposer's own roster. */
function proposalOf(s: Sage, proposing: Proposing): Uint8Array {
  const accepted = [...proposing.promises.values()]
    .map((promise) => promise.accepted)
    .filter((value) => value !== null)
    .sort((a, b) => b.ballot - a.ballot)[0];
  return accepted?.roster ?? codec.encode(roster, ownRoster(s, proposing));
}

function ownRoster(s: Sage, proposing: Proposing): Roster {
  const names = new Set<string>();
  const members = [...s.admitted.values()]
    .filter(({ admission }) => !s.removed.has(admission.node))
    // Two sages may have given one name away at the same moment: the earlier one keeps it.
    .sort((a, b) => a.admission.at - b.admission.at || (a.admission.node < b.admission.node ? -1 : 1))
    .map(({ admission: { node, displayName, role, capabilities, region } }): RosterMember => {
      return { id: node, displayName: distinctName(names, displayName), role, capabilities, region };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const heard = new Set([...proposing.promises.values()].flatMap((promise) => promise.heard));
  for (const { admission } of s.admitted.values()) {
    if (s.now - admission.at <= s.timing.absentMs) heard.add(admission.node);
  }
  const absent = members.map((member) => member.id).filter((id) => !heard.has(id));
  const reveals = [...proposing.promises.values()]
    .map((promise) => promise.reveal)
    .filter((shown) => shown !== null)
    .sort((a, b) => (a.sage < b.sage ? -1 : 1));
  return {
    epoch: s.ballots.epoch,
    startsAt: startOf(s),
    members,
    // A sage that hears almost nobody is cut off itself: then everybody is presumed there.
    absent: members.length - absent.length < PRESENT_MIN ? [] : absent,
    reveals,
  };
}

const PRESENT_MIN = 3;

function startOf(s: Sage): Instant {
  const soonest = s.now + (s.openInMs ?? s.config.leadMs);
  return (s.manifest.startsAt ?? soonest) as Instant;
}

/** Accepts unless it promised itself to a higher ballot; the acceptance is its signature under the roster. */
export function onProposal(s: Sage, body: codec.ShapeOf<typeof rosterProposal>, proposer: NodeId): void {
  const { ballot } = body;
  const value = codec.decode(roster, body.roster, ROSTER_BYTES_MAX);
  if (value === undefined || value.epoch !== s.ballots.epoch || ballot < s.ballots.promised) return;
  const { seats } = s.seats;
  if (!isSage(s) || isListening(s) || s.seats.holderOf(seats[ballot % seats.length] as NodeId) !== proposer) return;
  s.ballots.promised = ballot;
  s.ballots.accepted = { ballot, roster: body.roster };
  storeBallots(s);
  send(s, proposer, ROSTER_VOTE_KIND, rosterVote, { epoch: value.epoch, ballot, roster: hashOf(body.roster) });
}

/** The signature was checked: it goes into the certificate. */
export function onVote(s: Sage, body: codec.ShapeOf<typeof rosterVote>, sage: NodeId, signature: Uint8Array): void {
  const { proposing } = s.ballots;
  if (proposing?.proposal === null || proposing === null || body.ballot !== proposing.ballot) return;
  if (body.roster !== hashOf(proposing.proposal) || s.certificate !== null) return;
  proposing.votes.set(sage, signature);
  if (!s.seats.maySign(body.roster, [...proposing.votes.keys()])) return;
  const votes = [...proposing.votes].map(([voter, each]) => ({ sage: voter, signature: each }));
  const certificate = {
    roster: proposing.proposal,
    ballot: proposing.ballot,
    votes: votes.sort((a, b) => (a.sage < b.sage ? -1 : 1)),
  };
  adoptRoster(s, certificate);
  const message = signed(s, "roster", rosterCertificate, certificate);
  s.effects.push({ type: "publish", message });
  // Gossip may lose its first messages: those who wait for it get it directly.
  for (const node of [...othersOf(s), ...[...s.admitted.keys()].slice(0, DIRECT_MAX)]) {
    if (node !== s.self) s.effects.push({ type: "send", to: node, message });
  }
}

/**
 * Told by somebody. One that only holders before a reclaim signed is what this sage must propose again: whoever has it goes on with the
 * very same contest.
 */
export function learnRoster(s: Sage, certificate: RosterCertificate): boolean {
  if (s.certificate !== null) return renew(s, certificate);
  if (certificateHolds(s, certificate)) {
    adoptRoster(s, certificate);
    return true;
  }
  // Later, what a former holder signs is nothing to anybody.
  if (!isListening(s) || !isSage(s) || !isGenuine(s, certificate, (voters) => s.seats.areMajority(voters)))
    return false;
  const { ballot } = certificate;
  s.ballots.accepted = { ballot, roster: certificate.roster };
  s.ballots.promised = Math.max(s.ballots.promised, ballot);
  storeBallots(s);
  s.listenUntil = s.now;
  close(s);
  propose(s);
  return false;
}

/** The same roster, signed by those who speak for the seats since a reclaim: newcomers believe only this one. */
function renew(s: Sage, certificate: RosterCertificate): boolean {
  const { certificate: known } = s;
  if (s.seats.lastReclaimed === null || known === null) return false;
  if (certificateHolds(s, known) || !certificateHolds(s, certificate)) return false;
  if (hashOf(known.roster) !== hashOf(certificate.roster)) {
    s.effects.push({ type: "notify", notice: { type: "roster-superseded" } });
    return false;
  }
  s.certificate = certificate;
  store(s, { key: ROSTER_KEY, value: codec.encode(rosterCertificate, certificate) });
  return true;
}

/** Decided: by this sage's ballot or another's. */
export function adoptRoster(s: Sage, certificate: codec.ShapeOf<typeof rosterCertificate>): void {
  const value = codec.decode(roster, certificate.roster, ROSTER_BYTES_MAX);
  if (value === undefined || s.certificate !== null) return;
  s.certificate = certificate;
  s.roster = value;
  s.closed = true;
  store(s, { key: ROSTER_KEY, value: codec.encode(rosterCertificate, certificate) });
  const { epoch, members, startsAt } = value;
  s.effects.push({
    type: "notify",
    notice: { type: "roster-signed", epoch, members: members.length, startsAt: startsAt as Instant },
  });
}

function storeBallots(s: Sage): void {
  const { epoch, promised, accepted } = s.ballots;
  store(s, { key: BALLOTS_KEY, value: codec.encode(storedBallots, { epoch, promised, accepted }) });
}

export function restoreAgreement(s: Sage, key: string, value: Uint8Array): void {
  if (key === CLOSED_KEY) s.closed = true;
  if (key === BALLOTS_KEY) {
    const stored = codec.decode(storedBallots, value, ROSTER_BYTES_MAX + 1024);
    if (stored !== undefined) s.ballots = { ...stored, proposing: null };
  }
  if (key === ROSTER_KEY) {
    const certificate = codec.decode(rosterCertificate, value, ROSTER_BYTES_MAX + 1024);
    if (certificate !== undefined) adoptRoster(s, certificate);
  }
}

/** Signed in one ballot by a majority of those who speak for the seats. */
function certificateHolds(s: Sage, certificate: RosterCertificate): boolean {
  return isGenuine(s, certificate, (voters) => s.seats.maySign(hashOf(certificate.roster), voters));
}

function isGenuine(
  s: Sage,
  certificate: RosterCertificate,
  areEnough: (voters: readonly NodeId[]) => boolean,
): boolean {
  const value = codec.decode(roster, certificate.roster, ROSTER_BYTES_MAX);
  const voters = new Set(certificate.votes.map((vote) => vote.sage));
  if (value === undefined || voters.size !== certificate.votes.length || !areEnough([...voters])) return false;
  const { epoch } = value;
  const { ballot } = certificate;
  const body = codec.encode(rosterVote, { epoch, ballot, roster: hashOf(certificate.roster) });
  const digest = signingDigest(ROSTER_VOTE_KIND, s.contest, body);
  return certificate.votes.every(
    (vote) => s.seats.wasSage(vote.sage) && s.config.verifier.verify(digest, vote.signature, vote.sage),
  );
}
