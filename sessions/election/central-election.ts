/**
 * The cluster leaders elect the central leader (protocol.md §4, central scope). Voters are the council of the log's end;
 * a vote is the §5 `Sealed` promise as well: it tells the voter's head, and the voter acknowledges nothing of a lower
 * term any more. The winner continues from the highest head among its votes, so that any candidate may win.
 */
import {
  codec,
  ELECTION_BYTES_MAX,
  type Instant,
  later,
  type LeaderCertificate,
  leaderCertificate,
  type NodeId,
  ROUNDS_MAX,
  roundOfTerm,
  type SignedMessage,
  sessionOfTerm,
  termOf,
  termOfCertificate,
  VOTE_KIND,
  type Vote,
  type VoteRequest,
  vote,
  voteRequest,
} from "../../src/model/index.ts";
import { forward, happen, notify, publish, send, sendAll, setTimer, signed, store } from "../context.ts";
import { accuse, isDistrusted } from "../evidence/accusation.ts";
import { endOf } from "../log/chain.ts";
import { compareHeads } from "../log/extension.ts";
import { requestTail, noteHead } from "../log/catch-up.ts";
import type { CastVote, Election, Live, Machine, SessionView } from "../machine.ts";
import { majorityOf, majorityOfEach } from "../quorum.ts";
import { committedCouncils, councilsInForce } from "../recovery/councils.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { centralCertificateFault, clusterCertificateFault } from "./certificate.ts";
import {
  announcementWait,
  type Ballot,
  candidacyWait,
  electionTimeout,
  goesBefore,
  patienceMs,
  requestRetry,
  roundBound,
} from "./pace.ts";

export const CENTRAL_ELECTION_TIMER = "election/central";
const PROMISE_KEY = "session/promise";

/** A new session wants a new central leader; the one at work goes on until a majority of the council voted. */
export function beginCentralElection(m: Machine, live: Live, session: number): void {
  const election = live.centralElection;
  const promisedHere = live.promised >= 0 && sessionOfTerm(live.promised) === session;
  election.session = session;
  election.round = promisedHere ? Math.min(ROUNDS_MAX, roundOfTerm(live.promised) + 1) : 0;
  election.role = { type: "idle" };
  election.failures = 0;
  election.heardAt = m.now;
  if (live.leader !== null && live.leader.session === session) settle(m, live, live.leader, live.leading !== null);
  else considerOpening(m, live);
}

/** Candidates are the leaders of this session's clusters. */
function standingOf(m: Machine, live: Live): LeaderCertificate | undefined {
  const view = live.sessions[0];
  if (view === undefined || view.cluster === null || view.session !== live.centralElection.session) return undefined;
  const certificate = view.leaders.get(view.cluster);
  return certificate?.leader === m.self ? certificate : undefined;
}

/** The election opens when every cluster has reported, or after a grace time with a majority of them, or at last without. */
export function considerOpening(m: Machine, live: Live): void {
  const election = live.centralElection;
  const view = live.sessions[0];
  if (election.role.type !== "idle" || view === undefined || standingOf(m, live) === undefined) return;
  const total = view.drawn.map.clusters.length;
  const { centralGraceMs, centralOpenMs } = m.timing;
  const sinceMs = m.now - view.enteredAt;
  const isOpen =
    view.leaders.size === total ||
    (sinceMs >= centralGraceMs && view.leaders.size >= majorityOf(total)) ||
    sinceMs >= centralOpenMs;
  if (isOpen) {
    election.role = { type: "waiting" };
    const wait = candidacyWait(m, live, ballotOf(election), leadersOf(view), votersOf(live), 0);
    setTimer(m, CENTRAL_ELECTION_TIMER, wait);
  } else {
    setTimer(m, CENTRAL_ELECTION_TIMER, (sinceMs < centralGraceMs ? centralGraceMs : centralOpenMs) - sinceMs);
  }
}

export function onCentralElectionTimer(m: Machine, live: Live): void {
  const election = live.centralElection;
  if (standingOf(m, live) === undefined) return;
  const { role } = election;
  switch (role.type) {
    case "idle":
      considerOpening(m, live);
      return;
    case "waiting":
      stand(m, live);
      return;
    case "candidate":
      if (m.now < role.until) retry(m, live);
      else nextRound(m, live, "timeout");
      return;
    case "voter":
      nextRound(m, live, "timeout");
      return;
    case "settled":
      if (role.certificate.leader !== m.self) nextRound(m, live, "leader-silent");
  }
}

function ballotOf(election: Election): Ballot {
  return { scope: "central", session: election.session, round: election.round };
}

function leadersOf(view: SessionView | undefined): readonly NodeId[] {
  return [...(view?.leaders.values() ?? [])].map((each) => each.leader);
}

/** The old term is over for this node; it asks for a higher one. */
export function nextRound(m: Machine, live: Live, reason: "timeout" | "leader-silent"): void {
  const election = live.centralElection;
  const { session, role } = election;
  const promisedRound =
    sessionOfTerm(live.promised) === session && live.promised >= 0 ? roundOfTerm(live.promised) : -1;
  election.failures = reason === "timeout" ? election.failures + 1 : 0;
  election.round = Math.min(ROUNDS_MAX, Math.max(election.round, promisedRound) + 1);
  election.role = { type: "waiting" };
  notify(m, { type: "re-election", scope: "central", session, round: election.round, reason });
  const silent = role.type === "settled" ? role.certificate.leader : undefined;
  const candidates = leadersOf(live.sessions[0]).filter((leader) => leader !== silent);
  const wait = candidacyWait(m, live, ballotOf(election), candidates, votersOf(live), election.failures);
  setTimer(m, CENTRAL_ELECTION_TIMER, wait);
}

/** It asks for votes, and promises itself nothing before they are enough: meanwhile it goes on as a council member. */
function stand(m: Machine, live: Live): void {
  const election = live.centralElection;
  if (termOf(election.session, election.round) <= live.promised) {
    nextRound(m, live, "timeout");
    return;
  }
  const until = later(m.now, electionTimeout(m, votersOf(live), election.failures));
  election.role = { type: "candidate", votes: new Map(), asked: new Set([m.self]), until, asks: 1 };
  askVoters(m, live, false);
  setTimer(m, CENTRAL_ELECTION_TIMER, Math.min(until - m.now, requestRetry(m, votersOf(live), 1)));
  tryWin(m, live);
}

/** Requests and answers are lost, and may come before their receiver enters the session or gives its leader up. */
function retry(m: Machine, live: Live): void {
  const { role } = live.centralElection;
  if (role.type !== "candidate") return;
  role.asks += 1;
  askVoters(m, live, true);
  for (const [voter, cast] of role.votes) {
    if (cast.head !== null && compareHeads(cast.head, endOf(live.chain).head) > 0) requestTail(m, live, voter);
  }
  setTimer(m, CENTRAL_ELECTION_TIMER, Math.min(role.until - m.now, requestRetry(m, votersOf(live), role.asks)));
}

/** Everyone in a council of the log's end, as this node knows it now. */
function votersOf(live: Live): readonly NodeId[] {
  return [...new Set(councilsInForce(live).flat())];
}

function askVoters(m: Machine, live: Live, again: boolean): void {
  const election = live.centralElection;
  const standing = standingOf(m, live);
  const { role } = election;
  if (role.type !== "candidate" || standing === undefined) return;
  const wanted = votersOf(live).filter(
    (voter) => voter !== m.self && (again ? !role.votes.has(voter) : !role.asked.has(voter)),
  );
  for (const voter of wanted) role.asked.add(voter);
  const { session, round } = election;
  sendAll(m, wanted, "vote-request", voteRequest, { cluster: null, session, round, standing });
}

export function onCentralVoteRequest(m: Machine, live: Live, body: VoteRequest, signer: NodeId): Validity {
  const view = live.sessions.find((each) => each.session === body.session);
  if (view === undefined) return ignore("other-session");
  const { standing } = body;
  if (isDistrusted(live, signer)) return ignore("excluded");
  if (standing === null || standing.leader !== signer || standing.session !== body.session)
    return reject("no-standing");
  const cluster = standing.cluster === null ? undefined : view.drawn.map.clusters[standing.cluster];
  if (cluster === undefined) return ignore("unknown-cluster");
  const term = termOf(body.session, body.round);
  if (isLeaderHeard(m, live, body.session) && live.leader !== null && live.leader.leader !== signer) {
    send(m, signer, "leader-known", leaderCertificate, live.leader);
    return ignore("leader-alive");
  }
  if (term <= live.promised) return voteAgain(m, live, term, signer);
  if (body.round > roundBound(m, m.now - view.enteredAt)) return ignore("unheard-of-round");
  const election = live.centralElection;
  if (election.role.type === "candidate" && !isOvertaken(m, live, term, signer)) return ignore("standing");
  if (isPatient(m, election, body.session)) return ignore("waits-for-announcement");
  if (clusterCertificateFault(live.rules, standing, cluster) !== undefined) return reject("bad-standing");
  const ballot = castFor(m, live, term, signer);
  send(m, signer, VOTE_KIND, vote, ballot);
  if (body.session === election.session) {
    election.round = Math.max(election.round, body.round);
    const patientUntil = later(m.now, announcementWait(m, votersOf(live)));
    election.role = { type: "voter", candidate: signer, patientUntil };
    setTimer(m, CENTRAL_ELECTION_TIMER, electionTimeout(m, votersOf(live), election.failures));
  }
  return ACCEPT;
}

/** A candidate gives its vote to one of a higher term, or to one that goes before it in its own term. */
function isOvertaken(m: Machine, live: Live, term: number, other: NodeId): boolean {
  const election = live.centralElection;
  const own = termOf(election.session, election.round);
  if (election.role.type !== "candidate" || term !== own) return term > own;
  return goesBefore(m, live, ballotOf(election), other);
}

function isPatient(m: Machine, election: Election, session: number): boolean {
  return election.role.type === "voter" && election.session === session && m.now < election.role.patientUntil;
}

/** Its one vote of a term, for whoever asks for it again: it was lost. */
function voteAgain(m: Machine, live: Live, term: number, signer: NodeId): Validity {
  const { castVote } = live;
  if (castVote === null || castVote.candidate !== signer || termOf(castVote.session, castVote.round) !== term) {
    return ignore("promised");
  }
  send(m, signer, VOTE_KIND, vote, castVote);
  return ACCEPT;
}

/** The promise is durable before the vote is sent. */
function castFor(m: Machine, live: Live, term: number, candidate: NodeId): Vote {
  const ballot: Vote = {
    cluster: null,
    session: sessionOfTerm(term),
    round: roundOfTerm(term),
    candidate,
    head: endOf(live.chain).head,
  };
  live.promised = term;
  live.castVote = ballot;
  store(m, { key: PROMISE_KEY, value: codec.encode(vote, ballot) });
  const { session, round } = ballot;
  notify(m, { type: "vote-cast", scope: "central", session, round, candidate });
  happen(m, { type: "promised", term });
  return ballot;
}

export function restorePromise(live: Live, key: string, value: Uint8Array): void {
  if (key !== PROMISE_KEY) return;
  const ballot = codec.decode(vote, value, ELECTION_BYTES_MAX);
  if (ballot === undefined) return;
  live.promised = Math.max(live.promised, termOf(ballot.session, ballot.round));
  live.castVote = ballot;
}

export function onCentralVote(m: Machine, live: Live, body: Vote, signer: NodeId, signature: Uint8Array): Validity {
  const election = live.centralElection;
  if (election.role.type !== "candidate") return ignore("not-standing");
  if (body.session !== election.session || body.round !== election.round) return ignore("other-round");
  if (body.candidate !== m.self || body.head === null) return ignore("other-candidate");
  if (!election.role.asked.has(signer)) return ignore("not-asked");
  election.role.votes.set(signer, { head: body.head, signature });
  if (compareHeads(body.head, endOf(live.chain).head) > 0) requestTail(m, live, signer);
  tryWin(m, live);
  return ACCEPT;
}

/** Wins with a majority of every council in force at the end of the log it holds, counting only voters whose heads it holds. */
export function tryWin(m: Machine, live: Live): void {
  const election = live.centralElection;
  if (election.role.type !== "candidate") return;
  askVoters(m, live, false);
  const end = endOf(live.chain);
  const given = [...election.role.votes].filter(
    ([, cast]) => cast.head !== null && compareHeads(cast.head, end.head) <= 0,
  );
  const term = termOf(election.session, election.round);
  if (
    term <= live.promised ||
    !majorityOfEach(councilsInForce(live), new Set([m.self, ...given.map(([voter]) => voter)]))
  )
    return;
  // Its own vote is the last one it needs: only now it promises.
  const ballot = castFor(m, live, term, m.self);
  const { signature } = signed(m, VOTE_KIND, vote, ballot);
  const usable: (readonly [NodeId, CastVote])[] = [...given, [m.self, { head: ballot.head, signature }]];
  const certificate: LeaderCertificate = {
    cluster: null,
    session: election.session,
    round: election.round,
    leader: m.self,
    votes: usable.map(([voter, cast]) => ({ voter, ...cast })),
  };
  const announcement = signed(m, "leader", leaderCertificate, certificate);
  for (const voter of votersOf(live)) if (voter !== m.self) forward(m, voter, announcement);
  publish(m, announcement);
  happen(m, { type: "central-led", certificate, won: true });
}

/** An announcement or somebody's word of it. Whoever is behind in the log catches up before it believes. */
export function learnCentralLeader(
  m: Machine,
  live: Live,
  certificate: LeaderCertificate,
  from: NodeId,
  announcement: SignedMessage | null,
): Validity {
  if (live.leader !== null && termOfCertificate(certificate) <= termOfCertificate(live.leader)) return ignore("known");
  const fault = centralCertificateFault(live.rules, certificate, committedCouncils(live));
  if (fault === "no-majority") {
    const highest = certificate.votes.reduce((most, cast) => Math.max(most, cast.head?.index ?? -1), -1);
    noteHead(m, live, from, highest);
    return ignore("behind");
  }
  if (fault !== undefined) {
    if (announcement !== null) accuse(m, live, "false-announcement", announcement.signer, [announcement]);
    return reject(fault);
  }
  if (live.ledger.excluded.has(certificate.leader)) return ignore("excluded");
  happen(m, { type: "central-led", certificate, won: false });
  return ACCEPT;
}

/** Acts on a checked certificate, received or won. @returns whether it is news. */
export function onCentralLed(m: Machine, live: Live, certificate: LeaderCertificate, won: boolean): boolean {
  if (live.leader !== null && termOfCertificate(certificate) <= termOfCertificate(live.leader)) return false;
  live.leader = certificate;
  notify(m, {
    type: "leader-elected",
    scope: "central",
    session: certificate.session,
    round: certificate.round,
    leader: certificate.leader,
    voters: certificate.votes.map((cast) => cast.voter),
  });
  if (certificate.session === live.centralElection.session) settle(m, live, certificate, won);
  return true;
}

function settle(m: Machine, live: Live, certificate: LeaderCertificate, won: boolean): void {
  const election = live.centralElection;
  election.round = certificate.round;
  if (certificate.leader === m.self && !won) {
    // It led before it was restarted: the term is over.
    election.round = Math.min(ROUNDS_MAX, election.round + 1);
    election.role = { type: "idle" };
    considerOpening(m, live);
    return;
  }
  election.role = { type: "settled", certificate };
  election.failures = 0;
  onCentralLeaderHeard(m, live);
}

/** The leader lied or ignores somebody: whoever may stand asks for another one at once. */
export function deposeCentralLeader(m: Machine, live: Live): void {
  live.centralElection.heardAt = 0 as Instant;
  if (live.centralElection.role.type === "settled" && standingOf(m, live) !== undefined) {
    nextRound(m, live, "leader-silent");
  }
}

/** Whoever may stand watches the leader. */
export function onCentralLeaderHeard(m: Machine, live: Live): void {
  const election = live.centralElection;
  election.heardAt = m.now;
  live.heardLeaderAt = m.now;
  // It lives after all: whoever doubted it, alone, comes back.
  const { leader } = live;
  const isTrusted = leader !== null && leader.session === election.session && !isDistrusted(live, leader.leader);
  if (election.role.type !== "settled" && isTrusted && termOfCertificate(leader) !== live.distrustedTerm) {
    election.role = { type: "settled", certificate: leader };
    election.failures = 0;
  }
  if (election.role.type !== "settled" || standingOf(m, live) === undefined) return;
  setTimer(m, CENTRAL_ELECTION_TIMER, m.timing.suspectMs);
}

/** This node became a cluster leader: from now on it may stand, and watches. */
export function onStandingGained(m: Machine, live: Live): void {
  const { role } = live.centralElection;
  if (role.type === "settled") {
    setTimer(m, CENTRAL_ELECTION_TIMER, m.timing.suspectMs);
  } else {
    considerOpening(m, live);
  }
}

function isLeaderHeard(m: Machine, live: Live, session: number): boolean {
  if (live.leader === null || live.leader.session !== session) return false;
  if (termOfCertificate(live.leader) === live.distrustedTerm) return false;
  return live.leader.leader === m.self ? live.leading !== null : m.now - live.centralElection.heardAt < patienceMs(m);
}
