/** Heartbeats, echoes, suspicion and death, and finding the way back (protocol.md §8). */
import {
  bearings,
  type codec,
  DEAD_REPORTED_MAX,
  echo,
  heartbeat,
  type Heartbeat,
  hello,
  type Instant,
  type LeaderCertificate,
  leaderCertificate,
  nextInteger,
  type NodeId,
  termOf,
  termOfCertificate,
} from "../../src/model/index.ts";
import { mapOf } from "../clusters/history.ts";
import { happen, notify, peerOf, randomWait, send, sendAll, setTimer } from "../context.ts";
import { replaceDeadMembers } from "../council/leading.ts";
import { onCentralLeaderHeard } from "../election/central-election.ts";
import { onClusterLeaderHeard, returnToLeader } from "../election/cluster-election.ts";
import { isDistrusted } from "../evidence/accusation.ts";
import { isSage, sagesOf } from "../joining/joining.ts";
import { noteHead, sourcesOf } from "../log/catch-up.ts";
import { askSomebody, askTime, noteRoundTrip } from "./clock.ts";
import type { Live, Machine, SessionView } from "../machine.ts";
import { answerRecovery } from "../recovery/councils.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";

export const HEARTBEAT_TIMER = "heartbeat";
export const ROAM_TIMER = "roam";

/** A new leader is heard at once; whoever leads nothing has no heart to beat. */
export function startBeating(m: Machine): void {
  setTimer(m, HEARTBEAT_TIMER, 0);
}

export function onHeartbeatTimer(m: Machine, live: Live): void {
  const view = live.sessions[0];
  const inCluster = view !== undefined && leadsCluster(m, live);
  if (inCluster) beatCluster(m, live, view);
  if (live.leading !== null) {
    beatCentral(m, live, view);
    replaceDeadMembers(m, live);
  }
  if (inCluster || live.leading !== null) setTimer(m, HEARTBEAT_TIMER, m.timing.heartbeatMs);
}

export function leadsCluster(m: Machine, live: Live): boolean {
  const role = live.clusterElection?.role;
  return role?.type === "settled" && role.certificate.leader === m.self;
}

function beatCluster(m: Machine, live: Live, view: SessionView): void {
  if (view.cluster === null) return;
  const certificate = view.leaders.get(view.cluster);
  if (certificate === undefined) return;
  const others = view.members.filter((member) => member !== m.self);
  sendAll(m, others, "heartbeat", heartbeat, {
    cluster: view.cluster,
    session: view.session,
    round: certificate.round,
    at: m.now,
    head: live.chain.committed.head,
  });
  for (const member of others) watchMember(m, live, view, member);
}

/** Silent members are suspected, then dead: their work is given to others. */
function watchMember(m: Machine, live: Live, view: SessionView, member: NodeId): void {
  const scope = view.cluster ?? 0;
  const since = Math.max(m.peers.get(member)?.heardAt ?? 0, live.clusterElection?.settledAt ?? 0);
  const silentMs = m.now - since;
  const wasSuspect = live.suspects.has(member);
  if (silentMs >= m.timing.deadMs) {
    if (live.dead.has(member)) return;
    live.suspects.add(member);
    live.dead.add(member);
    notify(m, { type: "died", peer: member, scope });
    happen(m, { type: "member-died", member, scope });
  } else if (silentMs >= m.timing.suspectMs) {
    if (wasSuspect) return;
    live.suspects.add(member);
    notify(m, { type: "suspected", peer: member, scope });
  } else if (wasSuspect) {
    live.suspects.delete(member);
    if (live.dead.delete(member)) notify(m, { type: "returned", peer: member, scope });
  }
}

/** To whoever may vote or stand: the council and the cluster leaders. */
function beatCentral(m: Machine, live: Live, view: SessionView | undefined): void {
  const { leading } = live;
  if (leading === null) return;
  const receivers = new Set<NodeId>(live.chain.committed.councils.flat());
  for (const certificate of view?.leaders.values() ?? []) receivers.add(certificate.leader);
  receivers.delete(m.self);
  const { session, round } = leading.certificate;
  sendAll(m, receivers, "heartbeat", heartbeat, {
    cluster: null,
    session,
    round,
    at: m.now,
    head: live.chain.committed.head,
  });
}

export function onHeartbeat(m: Machine, live: Live, body: Heartbeat, signer: NodeId): Validity {
  noteHead(m, live, signer, body.head.index);
  if (isDistrusted(live, signer)) return ignore("excluded");
  const isLeader = body.cluster === null ? hearCentral(m, live, body, signer) : hearCluster(m, live, body, signer);
  if (!isLeader) {
    const newer = newerLeader(live, body);
    if (newer === undefined) sayHello(m, live, signer);
    // A leader that was replaced learns it here.
    else if (newer.leader !== signer) send(m, signer, "leader-known", leaderCertificate, newer);
    return ignore("unknown-leader");
  }
  if (!isEchoDue(m, signer)) return ACCEPT;
  const { cluster, session, round, at } = body;
  const isTold = cluster === null && live.dead.size > 0;
  const dead = isTold ? [...live.dead].sort().slice(0, DEAD_REPORTED_MAX) : [];
  send(m, signer, "echo", echo, { cluster, session, round, at, dead });
  return ACCEPT;
}

/** Not every heartbeat needs an echo: a leader that misses one still hears the next before it suspects anybody. */
function isEchoDue(m: Machine, leader: NodeId): boolean {
  const peer = peerOf(m, leader);
  if (peer.echoedAt !== null && m.now - peer.echoedAt < m.timing.suspectMs / ECHOES_PER_SUSPICION) return false;
  peer.echoedAt = m.now;
  return true;
}

const ECHOES_PER_SUSPICION = 4;

/** A certificate of the same scope that this node knows to be above the one a heartbeat speaks for. */
function newerLeader(live: Live, body: Heartbeat): LeaderCertificate | undefined {
  const view = live.sessions.find((each) => each.session === body.session);
  const known = body.cluster === null ? live.leader : view?.leaders.get(body.cluster);
  if (known === null || known === undefined) return undefined;
  return termOfCertificate(known) > termOf(body.session, body.round) ? known : undefined;
}

function hearCentral(m: Machine, live: Live, body: Heartbeat, signer: NodeId): boolean {
  const { leader } = live;
  if (leader?.leader !== signer || leader.session !== body.session || leader.round !== body.round) return false;
  onCentralLeaderHeard(m, live);
  return true;
}

function hearCluster(m: Machine, live: Live, body: Heartbeat, signer: NodeId): boolean {
  const view = live.sessions[0];
  const election = live.clusterElection;
  // An outgoing leader still beats for a moment after the session's end: no news.
  if (view === undefined || view.session > body.session) return true;
  if (view.session !== body.session || view.cluster !== body.cluster || election === null) return false;
  if (election.role.type !== "settled") return returnToLeader(m, live, view, signer, body.round);
  const { leader, round } = election.role.certificate;
  if (leader !== signer || round !== body.round) return false;
  onClusterLeaderHeard(m, live, election);
  return true;
}

export function onEcho(m: Machine, live: Live, body: codec.ShapeOf<typeof echo>, signer: NodeId): Validity {
  const rttMs = Math.max(0, m.now - body.at);
  if (rttMs < m.timing.deadMs) noteRoundTrip(m, signer, rttMs);
  if (body.cluster === null && live.leading !== null) noteDead(m, live, body.dead, signer);
  return ACCEPT;
}

/** A cluster leader speaks for the members of its own cluster only. */
function noteDead(m: Machine, live: Live, dead: readonly NodeId[], signer: NodeId): void {
  const view = live.sessions[0];
  const cluster = view?.drawn.map.clusterOf.get(signer);
  if (view === undefined || cluster === undefined || view.leaders.get(cluster)?.leader !== signer) return;
  live.clusterTold.set(signer, m.now);
  const said = new Set(dead);
  for (const member of view.drawn.map.clusters[cluster] ?? []) {
    if (said.has(member)) live.reportedDead.set(member, m.now);
    else live.reportedDead.delete(member);
  }
}

/** Who hears no leader, or has none, asks somebody who should know. */
export function onRoamTimer(m: Machine, live: Live): void {
  const isLost = m.now - live.heardLeaderAt > m.timing.deadMs;
  if (isLost) {
    const anyone = nextInteger(m.random, 2) === 0 ? sourcesOf(m, live) : live.roster.members.map((member) => member.id);
    const sages = sagesOf(m);
    const pool = nextInteger(m.random, 4) === 0 ? sages : anyone;
    const peer = pool[nextInteger(m.random, Math.max(1, pool.length))];
    if (peer !== undefined && peer !== m.self) sayHello(m, live, peer);
  }
  askSomebody(m, live);
  const isIdle = hasNoCluster(m, live);
  const leader = live.leader?.leader;
  if (isIdle && leader !== undefined && leader !== m.self) sayHello(m, live, leader);
  setTimer(m, ROAM_TIMER, m.timing.deadMs / 2 + (isIdle ? 0 : randomWait(m, m.timing.deadMs)));
}

/** A member that came late, or was thought away: nobody hears from it unless it says that it is there, and it would be left out again. */
function hasNoCluster(m: Machine, { ledger, sessions: [view] }: Live): boolean {
  return ledger.maps.members.has(m.self) && view !== undefined && !view.drawn.map.clusterOf.has(m.self);
}

/** Ahead of a session: connections to those who will vote with this node, so that the first votes need not wait for a dial. */
export function greetNextCluster(m: Machine, live: Live, session: number): void {
  const map = mapOf(live.ledger.maps, session)?.map;
  const cluster = map?.clusterOf.get(m.self);
  if (map === undefined || cluster === undefined) return;
  const voters = new Set<NodeId>([...(map.clusters[cluster] ?? []), ...live.chain.committed.councils.flat()]);
  voters.delete(m.self);
  for (const voter of voters) if (m.peers.get(voter)?.connected !== true) sayHello(m, live, voter);
  askTime(m, map.clusters[cluster] ?? []);
}

export function sayHello(m: Machine, live: Live, peer: NodeId): void {
  send(m, peer, "hello", hello, {
    session: Math.max(0, live.sessions[0]?.session ?? 0),
    head: live.chain.committed.head,
  });
}

export function onHello(m: Machine, live: Live, body: codec.ShapeOf<typeof hello>, signer: NodeId): Validity {
  live.reportedDead.delete(signer);
  noteHead(m, live, signer, body.head.index);
  const view = live.sessions[0];
  const cluster = view?.drawn.map.clusterOf.get(signer);
  const certificate = cluster === undefined ? undefined : view?.leaders.get(cluster);
  const { head } = live.chain.committed;
  answerRecovery(m, live, signer);
  send(m, signer, "bearings", bearings, { central: live.leader, cluster: certificate ?? null, head });
  return ACCEPT;
}

/** Any message is a sign of life of whoever signed it. */
export function hear(m: Machine, peer: NodeId, at: Instant): void {
  const known = m.peers.get(peer);
  if (known !== undefined) known.heardAt = at;
  else if (isKnown(m, peer)) peerOf(m, peer).heardAt = at;
}

/** Strangers get no record. */
function isKnown(m: Machine, peer: NodeId): boolean {
  if (m.live?.ledger.maps.members.has(peer)) return true;
  return isSage(m, peer);
}
