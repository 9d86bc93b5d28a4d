/** One cluster elects its leader (protocol.md §4, cluster scope). */
import {
  codec,
  ELECTION_BYTES_MAX,
  later,
  type LeaderCertificate,
  leaderCertificate,
  type NodeId,
  ROUNDS_MAX,
  type SignedMessage,
  VOTE_KIND,
  type Vote,
  type VoteRequest,
  vote,
  voteRequest,
} from "../../src/model/index.ts";
import { forward, happen, notify, publish, send, sendAll, setTimer, signed, store } from "../context.ts";
import type { Election, Live, Machine, SessionView } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { accuse, accuseDoubleVoters, isDistrusted } from "../evidence/accusation.ts";
import { majorityOf } from "../quorum.ts";
import { clusterCertificateFault } from "./certificate.ts";
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

export const CLUSTER_ELECTION_TIMER = "election/cluster";
const VOTE_KEY = "session/vote/cluster";

/** A node that was there when the session began asks for votes soon; one that came later listens for a leader first. */
export function beginClusterElection(m: Machine, live: Live, view: SessionView, listenFirst: boolean): void {
  if (view.cluster === null) {
    live.clusterElection = null;
    return;
  }
  const election: Election = {
    session: view.session,
    round: roundAfterVote(m, view.session),
    role: { type: "waiting" },
    failures: 0,
    heardAt: m.now,
    settledAt: m.now,
  };
  live.clusterElection = election;
  const known = view.leaders.get(view.cluster);
  if (known !== undefined) settle(m, live, election, view, known, false);
  else {
    const wait = candidacyWait(m, live, ballotOf(election, view), view.members, view.members, 0);
    setTimer(m, CLUSTER_ELECTION_TIMER, listenFirst ? m.timing.suspectMs + wait : wait);
  }
}

/** Whoever voted in this session, in whichever cluster it thought it was, goes on with the next round. */
function roundAfterVote(m: Machine, session: number): number {
  return m.castVote?.session === session ? Math.min(ROUNDS_MAX, m.castVote.round + 1) : 0;
}

/**
 * One vote for each session and round, however often the node was restarted, its clock was set back, or the session's
 * clusters turned out to be others: votes only ever go up.
 */
function mayVote(m: Machine, session: number, round: number): boolean {
  const cast = m.castVote;
  if (cast === null || session > cast.session) return true;
  return session === cast.session && round > cast.round;
}

export function onClusterElectionTimer(m: Machine, live: Live): void {
  const election = live.clusterElection;
  const view = live.sessions[0];
  if (election === null || view === undefined) return;
  const { role } = election;
  switch (role.type) {
    case "idle":
      return;
    case "waiting":
      standForCluster(m, live, election, view);
      return;
    case "candidate":
      if (m.now < role.until) askVoters(m, election, view);
      else nextRound(m, live, election, view, "timeout");
      return;
    case "voter":
      nextRound(m, live, election, view, "timeout");
      return;
    case "settled":
      if (role.certificate.leader !== m.self) nextRound(m, live, election, view, "leader-silent");
  }
}

function nextRound(
  m: Machine,
  live: Live,
  election: Election,
  view: SessionView,
  reason: "timeout" | "leader-silent",
): void {
  const { role } = election;
  election.failures = reason === "timeout" ? election.failures + 1 : 0;
  election.round = Math.min(ROUNDS_MAX, Math.max(election.round, roundAfterVote(m, view.session) - 1) + 1);
  election.role = { type: "waiting" };
  notify(m, { type: "re-election", scope: view.cluster ?? 0, session: view.session, round: election.round, reason });
  const silent = role.type === "settled" ? role.certificate.leader : undefined;
  const candidates = view.members.filter((member) => member !== silent);
  const wait = candidacyWait(m, live, ballotOf(election, view), candidates, view.members, election.failures);
  setTimer(m, CLUSTER_ELECTION_TIMER, wait);
}

function ballotOf(election: Election, view: SessionView): Ballot {
  return { scope: view.cluster ?? 0, session: election.session, round: election.round };
}

function standForCluster(m: Machine, live: Live, election: Election, view: SessionView): void {
  if (!mayVote(m, election.session, election.round)) {
    // Its clock was set back behind its last vote: it follows whoever is elected without it.
    election.role = { type: "idle" };
    return;
  }
  const until = later(m.now, electionTimeout(m, view.members, election.failures));
  election.role = { type: "candidate", votes: new Map(), asked: new Set(view.members), until, asks: 0 };
  askVoters(m, election, view);
  countVotes(m, live, election, view);
}

/** Everybody who has not voted for this node yet: requests are lost, and come before their receivers enter the session. */
function askVoters(m: Machine, election: Election, view: SessionView): void {
  const { role } = election;
  if (role.type !== "candidate") return;
  role.asks += 1;
  const silent = view.members.filter((member) => member !== m.self && !role.votes.has(member));
  sendAll(m, silent, "vote-request", voteRequest, {
    cluster: view.cluster,
    session: election.session,
    round: election.round,
    standing: null,
  });
  setTimer(m, CLUSTER_ELECTION_TIMER, Math.min(role.until - m.now, requestRetry(m, view.members, role.asks)));
}

export function onClusterVoteRequest(m: Machine, live: Live, body: VoteRequest, signer: NodeId): Validity {
  const election = live.clusterElection;
  const view = live.sessions[0];
  if (election === null || view === undefined || view.session !== body.session) return ignore("other-session");
  if (view.cluster !== body.cluster) return ignore("other-cluster");
  if (!view.members.includes(signer)) return reject("not-a-member");
  if (isDistrusted(live, signer)) return ignore("excluded");
  const { role } = election;
  if (role.type === "settled" && role.certificate.leader !== signer && isHeard(m, election)) {
    // The leader is alive: whoever does not hear it is told who it is.
    send(m, signer, "leader-known", leaderCertificate, role.certificate);
    return ignore("leader-alive");
  }
  const cast = m.castVote;
  if (isSameVote(cast, body, signer)) {
    // The vote was lost.
    send(m, signer, VOTE_KIND, vote, cast);
    return ACCEPT;
  }
  if (role.type === "settled" && body.round <= role.certificate.round) return ignore("old-round");
  if (!mayVote(m, body.session, body.round)) return ignore("voted");
  if (role.type === "voter" && m.now < role.patientUntil) return ignore("waits-for-announcement");
  if (body.round > roundBound(m, m.now - view.enteredAt)) return ignore("unheard-of-round");
  if (role.type === "candidate" && !isOvertaken(m, live, election, view, body, signer)) return ignore("standing");
  election.round = Math.max(election.round, body.round);
  const patientUntil = later(m.now, announcementWait(m, view.members));
  election.role = { type: "voter", candidate: signer, patientUntil };
  send(m, signer, VOTE_KIND, vote, castFor(m, view, body.round, signer));
  setTimer(m, CLUSTER_ELECTION_TIMER, electionTimeout(m, view.members, election.failures));
  return ACCEPT;
}

/** A candidate gives its vote to one of a higher round, or to one that goes before it in its own round. */
function isOvertaken(
  m: Machine,
  live: Live,
  election: Election,
  view: SessionView,
  { round }: VoteRequest,
  other: NodeId,
): boolean {
  if (election.role.type !== "candidate" || round !== election.round) return round > election.round;
  return goesBefore(m, live, ballotOf(election, view), other);
}

function isSameVote(cast: Vote | null, { cluster, session, round }: VoteRequest, signer: NodeId): cast is Vote {
  return cast?.cluster === cluster && cast.session === session && cast.round === round && cast.candidate === signer;
}

/** The signature was checked: it goes into the certificate. */
export function onClusterVote(m: Machine, live: Live, body: Vote, signer: NodeId, signature: Uint8Array): Validity {
  const election = live.clusterElection;
  const view = live.sessions[0];
  if (election?.role.type !== "candidate" || view === undefined) return ignore("not-standing");
  if (body.session !== election.session || body.round !== election.round || body.cluster !== view.cluster) {
    return ignore("other-round");
  }
  if (body.candidate !== m.self || body.head !== null) return ignore("other-candidate");
  if (!view.members.includes(signer)) return reject("not-a-member");
  election.role.votes.set(signer, { head: null, signature });
  countVotes(m, live, election, view);
  return ACCEPT;
}

/** With its own vote, given now, it has a majority. */
function countVotes(m: Machine, live: Live, election: Election, view: SessionView): void {
  const { role } = election;
  if (role.type !== "candidate" || view.cluster === null) return;
  if (role.votes.size + 1 < majorityOf(view.members.length) || !mayVote(m, election.session, election.round)) return;
  const own = signed(m, VOTE_KIND, vote, castFor(m, view, election.round, m.self));
  const votes = new Map(role.votes).set(m.self, { head: null, signature: own.signature });
  const certificate: LeaderCertificate = {
    cluster: view.cluster,
    session: election.session,
    round: election.round,
    leader: m.self,
    votes: [...votes].map(([voter, cast]) => ({ voter, ...cast })),
  };
  const announcement = signed(m, "leader", leaderCertificate, certificate);
  // Directly to the cluster, which waits for it; to everybody else by gossip.
  for (const member of view.members) if (member !== m.self) forward(m, member, announcement);
  publish(m, announcement);
  happen(m, { type: "cluster-led", certificate, won: true });
}

/** An announcement or somebody's word of it: valid for any cluster of a session at hand. */
export function learnClusterLeader(
  m: Machine,
  live: Live,
  certificate: LeaderCertificate,
  announcement: SignedMessage | null,
): Validity {
  const view = live.sessions.find((each) => each.session === certificate.session);
  if (view === undefined || certificate.cluster === null) return ignore("other-session");
  const known = view.leaders.get(certificate.cluster);
  if (known !== undefined && known.round > certificate.round) return ignore("known");
  if (known?.round === certificate.round && known.leader === certificate.leader) return ignore("known");
  const members = view.drawn.map.clusters[certificate.cluster];
  if (members === undefined) return ignore("unknown-cluster");
  if (live.ledger.excluded.has(certificate.leader)) return ignore("excluded");
  const fault = clusterCertificateFault(live.rules, certificate, members);
  if (fault !== undefined) {
    if (announcement !== null) accuse(m, live, "false-announcement", announcement.signer, [announcement]);
    return reject(fault);
  }
  if (known?.round === certificate.round) {
    accuseDoubleVoters(m, live, known, certificate);
    return ignore("second-certificate");
  }
  happen(m, { type: "cluster-led", certificate, won: false });
  return ACCEPT;
}

/** Acts on a checked certificate, received or won. */
export function onClusterLed(m: Machine, live: Live, certificate: LeaderCertificate, won: boolean): void {
  const view = live.sessions.find((each) => each.session === certificate.session);
  if (view === undefined || certificate.cluster === null) return;
  const known = view.leaders.get(certificate.cluster);
  if (known !== undefined && known.round >= certificate.round) return;
  view.leaders.set(certificate.cluster, certificate);
  notify(m, {
    type: "leader-elected",
    scope: certificate.cluster,
    session: certificate.session,
    round: certificate.round,
    leader: certificate.leader,
    voters: certificate.votes.map((cast) => cast.voter),
  });
  const election = live.clusterElection;
  if (election !== null && view === live.sessions[0] && view.cluster === certificate.cluster) {
    settle(m, live, election, view, certificate, won);
  }
}

function settle(
  m: Machine,
  live: Live,
  election: Election,
  view: SessionView,
  certificate: LeaderCertificate,
  won: boolean,
): void {
  if (certificate.round < election.round && election.role.type === "settled") return;
  // Everybody who knows the leader goes on from its round: rounds that somebody alone ran through are forgotten.
  election.round = certificate.round;
  if (certificate.leader === m.self && !won) {
    // It led before it was restarted, and lost what it was doing: a new round makes the central leader hand it out again.
    nextRound(m, live, election, view, "leader-silent");
    return;
  }
  election.role = { type: "settled", certificate };
  election.failures = 0;
  election.heardAt = m.now;
  election.settledAt = m.now;
  live.heardLeaderAt = m.now;
  live.suspects.clear();
  live.dead.clear();
  setTimer(m, CLUSTER_ELECTION_TIMER, m.timing.suspectMs);
  happen(m, { type: "own-cluster-led", certificate });
}

/**
 * The leader lives after all: whoever began a round against it, alone, comes back. Without this a member that missed a few
 * heartbeats would ask for votes, be refused, and belong to no leader until the session's end.
 */
export function returnToLeader(m: Machine, live: Live, view: SessionView, leader: NodeId, round: number): boolean {
  const election = live.clusterElection;
  const known = view.cluster === null ? undefined : view.leaders.get(view.cluster);
  if (election === null || known === undefined || election.session !== view.session) return false;
  if (known.leader !== leader || known.round !== round || leader === m.self) return false;
  if (election.role.type === "settled" || view !== live.sessions[0]) return false;
  settle(m, live, election, view, known, false);
  return true;
}

/** The leader was proved to have lied: its cluster elects another one at once. */
export function deposeClusterLeader(m: Machine, live: Live, node: NodeId): void {
  const election = live.clusterElection;
  const [view] = live.sessions;
  if (election?.role.type !== "settled" || view === undefined || election.role.certificate.leader !== node) return;
  nextRound(m, live, election, view, "leader-silent");
}

/** A heartbeat of the leader keeps the peace. */
export function onClusterLeaderHeard(m: Machine, live: Live, election: Election): void {
  election.heardAt = m.now;
  live.heardLeaderAt = m.now;
  setTimer(m, CLUSTER_ELECTION_TIMER, m.timing.suspectMs);
}

function isHeard(m: Machine, election: Election): boolean {
  if (election.role.type !== "settled") return false;
  return election.role.certificate.leader === m.self || m.now - election.heardAt < patienceMs(m);
}

/** Durable before it is sent. */
function castFor(m: Machine, view: SessionView, round: number, candidate: NodeId): Vote {
  const ballot: Vote = { cluster: view.cluster, session: view.session, round, candidate, head: null };
  m.castVote = ballot;
  store(m, { key: VOTE_KEY, value: codec.encode(vote, ballot) });
  notify(m, { type: "vote-cast", scope: view.cluster ?? 0, session: view.session, round, candidate });
  return ballot;
}

export function restoreClusterVote(m: Machine, key: string, value: Uint8Array): void {
  if (key === VOTE_KEY) m.castVote = codec.decode(vote, value, ELECTION_BYTES_MAX) ?? null;
}
