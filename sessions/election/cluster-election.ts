/** One cluster elects its leader (protocol.md §4, cluster scope). */
import {
  codec,
  ELECTION_BYTES_MAX,
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
import { happen, notify, publish, send, sendAll, setTimer, signed, store } from "../context.ts";
import type { Election, Live, Machine, SessionView } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";
import { accuse, accuseDoubleVoters, isDistrusted } from "../evidence/accusation.ts";
import { majorityOf } from "../quorum.ts";
import { clusterCertificateFault } from "./certificate.ts";
import { electionTimeout, randomSpread } from "./pace.ts";

export const CLUSTER_ELECTION_TIMER = "election/cluster";
const VOTE_KEY = "session/vote/cluster";

/** A node that was there when the session began asks for votes soon; one that came later listens for a leader first. */
export function beginClusterElection(m: Machine, live: Live, view: SessionView, listenFirst: boolean): void {
  if (view.cluster === null) {
    live.clusterElection = null;
    return;
  }
  const cast = lastVote(m);
  const voted = cast?.session === view.session && cast.cluster === view.cluster;
  const election: Election = {
    session: view.session,
    round: voted ? Math.min(ROUNDS_MAX, cast.round + 1) : 0,
    role: { type: "waiting" },
    failures: 0,
    heardAt: m.now,
    settledAt: m.now,
  };
  live.clusterElection = election;
  const known = view.leaders.get(view.cluster);
  if (known !== undefined) settle(m, live, election, view, known, false);
  else {
    const wait = randomSpread(m, view.members, 0);
    setTimer(m, CLUSTER_ELECTION_TIMER, listenFirst ? m.timing.suspectMs + wait : wait);
  }
}

export function onClusterElectionTimer(m: Machine, live: Live): void {
  const election = live.clusterElection;
  const view = live.sessions[0];
  if (election === null || view === undefined) return;
  switch (election.role.type) {
    case "idle":
      return;
    case "waiting":
      standForCluster(m, election, view);
      return;
    case "candidate":
    case "voter":
      nextRound(m, election, view, "timeout");
      return;
    case "settled":
      if (election.role.certificate.leader !== m.self) nextRound(m, election, view, "leader-silent");
  }
}

function nextRound(m: Machine, election: Election, view: SessionView, reason: "timeout" | "leader-silent"): void {
  election.failures = reason === "timeout" ? election.failures + 1 : 0;
  election.round = Math.min(ROUNDS_MAX, election.round + 1);
  election.role = { type: "waiting" };
  notify(m, { type: "re-election", scope: view.cluster ?? 0, session: view.session, round: election.round, reason });
  setTimer(m, CLUSTER_ELECTION_TIMER, randomSpread(m, view.members, election.failures));
}

function standForCluster(m: Machine, election: Election, view: SessionView): void {
  const ballot = ballotFor(election, view, m.self);
  storeVote(m, ballot);
  const own = signed(m, VOTE_KIND, vote, ballot);
  election.role = {
    type: "candidate",
    votes: new Map([[m.self, { head: null, signature: own.signature }]]),
    asked: new Set(view.members),
  };
  notifyVote(m, ballot);
  const others = view.members.filter((member) => member !== m.self);
  sendAll(m, others, "vote-request", voteRequest, {
    cluster: view.cluster,
    session: election.session,
    round: election.round,
    standing: null,
  });
  setTimer(m, CLUSTER_ELECTION_TIMER, electionTimeout(m, view.members, election.failures));
  countVotes(m, election, view);
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
  if (body.round < election.round) return ignore("old-round");
  if (body.round === election.round) {
    if (role.type === "voter" && role.candidate === signer) {
      send(m, signer, VOTE_KIND, vote, ballotFor(election, view, signer));
      return ACCEPT;
    }
    if (role.type !== "waiting") return ignore("voted");
  }
  election.round = body.round;
  const ballot = ballotFor(election, view, signer);
  storeVote(m, ballot);
  election.role = { type: "voter", candidate: signer };
  notifyVote(m, ballot);
  send(m, signer, VOTE_KIND, vote, ballot);
  setTimer(m, CLUSTER_ELECTION_TIMER, electionTimeout(m, view.members, election.failures));
  return ACCEPT;
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
  countVotes(m, election, view);
  return ACCEPT;
}

function countVotes(m: Machine, election: Election, view: SessionView): void {
  if (election.role.type !== "candidate" || view.cluster === null) return;
  if (election.role.votes.size < majorityOf(view.members.length)) return;
  const certificate: LeaderCertificate = {
    cluster: view.cluster,
    session: election.session,
    round: election.round,
    leader: m.self,
    votes: [...election.role.votes].map(([voter, cast]) => ({ voter, ...cast })),
  };
  const announcement = signed(m, "leader", leaderCertificate, certificate);
  // Directly to the cluster, which waits for it; to everybody else by gossip.
  for (const member of view.members)
    if (member !== m.self) m.effects.push({ type: "send", to: member, message: announcement });
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
  election.round = Math.max(election.round, certificate.round);
  if (certificate.leader === m.self && !won) {
    // It led before it was restarted, and lost what it was doing: a new round makes the central leader hand it out again.
    nextRound(m, election, view, "leader-silent");
    return;
  }
  election.role = { type: "settled", certificate };
  election.failures = 0;
  election.heardAt = m.now;
  election.settledAt = m.now;
  live.heardLeaderAt = m.now;
  live.suspects.clear();
  live.dead.clear();
  setTimer(m, CLUSTER_ELECTION_TIMER, m.timing.suspectMs + randomSpread(m, view.members, 0));
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
  nextRound(m, election, view, "leader-silent");
}

/** A heartbeat of the leader keeps the peace. */
export function onClusterLeaderHeard(m: Machine, live: Live, election: Election, view: SessionView): void {
  election.heardAt = m.now;
  live.heardLeaderAt = m.now;
  setTimer(m, CLUSTER_ELECTION_TIMER, m.timing.suspectMs + randomSpread(m, view.members, 0));
}

function isHeard(m: Machine, election: Election): boolean {
  if (election.role.type !== "settled") return false;
  return election.role.certificate.leader === m.self || m.now - election.heardAt < m.timing.suspectMs;
}

function ballotFor(election: Election, view: SessionView, candidate: NodeId): Vote {
  return { cluster: view.cluster, session: election.session, round: election.round, candidate, head: null };
}

/** One vote for each (scope, session, round), also across restarts: it is durable before it is sent. */
function storeVote(m: Machine, ballot: Vote): void {
  m.castVote = ballot;
  store(m, { key: VOTE_KEY, value: codec.encode(vote, ballot) });
}

function lastVote(m: Machine): Vote | null {
  return m.castVote;
}

export function restoreClusterVote(m: Machine, key: string, value: Uint8Array): void {
  if (key === VOTE_KEY) m.castVote = codec.decode(vote, value, ELECTION_BYTES_MAX) ?? null;
}

function notifyVote(m: Machine, ballot: Vote): void {
  notify(m, {
    type: "vote-cast",
    scope: ballot.cluster ?? "central",
    session: ballot.session,
    round: ballot.round,
    candidate: ballot.candidate,
  });
}
