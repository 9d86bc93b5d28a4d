/** Makes the read-only pictures of `views.ts`. */
import { type Board, boardOf as boardOfStandings, endOf, isOver, isPaused } from "../src/contest/index.ts";
import { type Hash, type Instant, type NodeId, termOfCertificate } from "../src/model/index.ts";
import { sessionStart } from "./clock.ts";
import { isQuarantined } from "./disputes/quarantine.ts";
import { sagesOf } from "./joining/joining.ts";
import { mayOrder } from "./life/authority.ts";
import { hiddenFrom } from "./life/orders.ts";
import { uncertaintyMs } from "./liveness/clock.ts";
import { leadsCluster } from "./liveness/heartbeats.ts";
import type { Live, Machine } from "./machine.ts";
import { submissionView } from "./submissions/view.ts";
import type { PeerView, Phase, Status, SubmissionView } from "./views.ts";

const SUBMISSIONS_SHOWN_MAX = 10_000;

export function statusOf(m: Machine): Status {
  const { live } = m;
  const view = live?.sessions[0];
  return {
    node: m.self,
    role: m.config.role,
    phase: phaseOf(m),
    contest: m.contest,
    name: m.manifest?.name ?? null,
    startsAt: live?.basis.startsAt ?? (m.manifest?.startsAt as Instant | null | undefined) ?? null,
    endsAt: live === null ? null : endOf(live.ledger.life.timeline),
    paused: live !== null && isPaused(live.ledger.life.timeline, m.now),
    frozen: live !== null && hiddenFrom(live.ledger, m.now) !== null,
    final: (live?.ledger.life.finalized ?? null) !== null,
    registered: live?.ledger.maps.members.size ?? m.registered,
    session: view?.session ?? null,
    sessionEndsAt: live === null || view === undefined ? null : sessionStart(live.basis, view.session + 1),
    cluster:
      view?.cluster === null || view === undefined
        ? null
        : {
            index: view.cluster,
            members: view.members,
            leader: view.leaders.get(view.cluster)?.leader ?? null,
            isElecting: isElecting(live),
          },
    clusters: view?.drawn.map.clusters.length ?? 0,
    central: live?.leader ? { leader: live.leader.leader, term: termOfCertificate(live.leader) } : null,
    council: live?.chain.committed.councils.at(-1) ?? [],
    blocks: (live?.chain.committed.head.index ?? -1) + 1,
    head: live?.chain.committed.head.hash ?? null,
    pending: live?.ledger.pending.size ?? 0,
    judged: live?.ledger.judged ?? 0,
    disputed: live?.ledger.disputes.open.size ?? 0,
    outbox: m.outbox.size,
    undelivered: [...m.outbox.keys()].filter((id) => !live?.ledger.submissions.has(id)).length,
    evaluating: live?.evaluator.running.size ?? 0,
    queued: live?.evaluator.queue.size ?? 0,
    isClusterLeader: live !== null && leadsCluster(m, live),
    isCentralLeader: live?.leading?.status === "active",
    clock: { offsetMs: Math.round(m.clock.offsetMs), uncertaintyMs: uncertaintyMs(m) },
  };
}

/** Whether its cluster has no leader that this node knows of. */
export function isElecting(live: Live | null): boolean {
  const role = live?.clusterElection?.role.type;
  return role === "waiting" || role === "candidate" || role === "voter";
}

function phaseOf(m: Machine): Phase {
  const { live } = m;
  if (live === null)
    return m.admission === null && m.config.role !== "observer" && m.config.role !== "sage" ? "joining" : "waiting";
  if (m.now < live.basis.startsAt) return "waiting";
  return isOver(live.ledger.life.timeline, m.now) ? "ended" : "running";
}

/** Null before the roster is known. The same object until the board changes. `full`: organizers may look behind the freeze. */
export function boardOf(m: Machine, full = false): Board | null {
  const { live } = m;
  if (live === null) return null;
  const isHidden = !full || !mayOrder(live.ledger, m.self);
  return boardOfStandings(live.ledger.standings, isHidden ? hiddenFrom(live.ledger, m.now) : null);
}

export function peersOf(m: Machine): readonly PeerView[] {
  const { live } = m;
  const sages = sagesOf(m);
  const ids = new Set<NodeId>([...(live?.ledger.maps.members.keys() ?? []), ...sages, ...m.peers.keys()]);
  ids.delete(m.self);
  return [...ids].sort().map((peer) => peerView(m, live, peer, sages));
}

function peerView(m: Machine, live: Live | null, peer: NodeId, sages: readonly NodeId[]): PeerView {
  const member = live?.ledger.maps.members.get(peer);
  const view = live?.sessions[0];
  const cluster = view?.drawn.map.clusterOf.get(peer) ?? null;
  const isSage = sages.includes(peer);
  return {
    peer,
    displayName: member?.displayName ?? (isSage ? "sage" : ""),
    role: member?.role ?? (isSage ? "sage" : "unknown"),
    connected: m.peers.get(peer)?.connected ?? false,
    lastHeardAt: m.peers.get(peer)?.heardAt ?? null,
    cluster,
    isClusterLeader: cluster !== null && view?.leaders.get(cluster)?.leader === peer,
    isCentralLeader: live?.leader?.leader === peer,
    onCouncil: live?.chain.committed.councils.at(-1)?.includes(peer) ?? false,
    standing: live === null ? "good" : standingOf(live, peer),
  };
}

function standingOf({ ledger }: Live, node: NodeId): PeerView["standing"] {
  if (ledger.excluded.has(node)) return "excluded";
  return isQuarantined(ledger, node) ? "quarantined" : "good";
}

/** Newest first; null: of everybody. */
export function submissionsOf(m: Machine, of: NodeId | null, countMax: number): readonly SubmissionView[] {
  const found: SubmissionView[] = [];
  const wanted = Math.min(countMax, SUBMISSIONS_SHOWN_MAX);
  const logged = m.live?.ledger.submissions;
  for (const id of [...m.outbox.keys()].reverse()) {
    if (found.length >= wanted) return found;
    const view = logged?.has(id) || (of !== null && of !== m.self) ? undefined : submissionView(m, id);
    if (view !== undefined) found.push(view);
  }
  for (const submission of [...(logged?.values() ?? [])].reverse()) {
    if (found.length >= wanted) break;
    if (of !== null && submission.submitter !== of) continue;
    const view = submissionView(m, submission.id);
    if (view !== undefined) found.push(view);
  }
  return found;
}

export function submissionOf(m: Machine, submission: Hash): SubmissionView | undefined {
  return submissionView(m, submission);
}
