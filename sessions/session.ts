/** Entering sessions by the clock (protocol.md §3): the cluster map, the elections, the inputs of the next map. */
import type { Instant, NodeId } from "../src/model/index.ts";
import { endOf } from "../src/contest/index.ts";
import { sessionAt, sessionStart } from "./clock.ts";
import { mapOf } from "./clusters/history.ts";
import { clearTimer, happen, notify, setTimerAt } from "./context.ts";
import { deadNodes, enqueue } from "./council/leading.ts";
import { beginCentralElection } from "./election/central-election.ts";
import { beginClusterElection } from "./election/cluster-election.ts";
import type { Live, Machine, SessionView } from "./machine.ts";

export const SESSION_TIMER = "session";
export const MAP_TIMER = "map";
export const END_TIMER = "end";
/** Sessions whose clusters may still be judging: the current one and the ones before. */
const SESSIONS_KEPT = 3;

/** Enters the session that the clock says, if it is not this node's current one. `late`: it began before this node was there. */
export function followClock(m: Machine, live: Live, late: boolean): void {
  const session = sessionAt(live.basis, m.now);
  setTimerAt(m, SESSION_TIMER, sessionStart(live.basis, session === undefined ? 0 : session + 1));
  followEnd(m, live);
  if (session !== undefined && session !== live.sessions[0]?.session) enter(m, live, session, late);
  scheduleMap(m, live);
}

function enter(m: Machine, live: Live, session: number, late: boolean): void {
  const drawn = mapOf(live.ledger.maps, session);
  if (drawn === undefined) return;
  const { map } = drawn;
  const cluster = map.clusterOf.get(m.self) ?? null;
  const view: SessionView = {
    session,
    drawn,
    cluster,
    members: cluster === null ? [] : (map.clusters[cluster] ?? []),
    leaders: new Map(),
    enteredAt: late ? sessionStart(live.basis, session) : m.now,
  };
  live.sessions = [view, ...live.sessions.filter((each) => each.session !== session)].slice(0, SESSIONS_KEPT);
  live.suspects.clear();
  live.dead.clear();
  const endsAt = sessionStart(live.basis, session + 1);
  notify(m, { type: "session-started", session, endsAt, clusters: map.clusters, cluster });
  for (const certificate of live.ledger.leaders.values()) {
    if (certificate.session === session) happen(m, { type: "cluster-led", certificate, won: false });
  }
  beginClusterElection(m, live, view, late);
  beginCentralElection(m, live, session);
}

/** Inputs of the current session's map became known late: the same session again, with the right clusters. */
export function onMapLogged(m: Machine, live: Live, session: number): void {
  const view = live.sessions[0];
  if (view === undefined || view.session < session) return;
  const drawn = mapOf(live.ledger.maps, view.session);
  if (drawn !== undefined && drawn !== view.drawn) enter(m, live, view.session, false);
}

/** The inputs are logged a while before the session starts. */
function scheduleMap(m: Machine, live: Live): void {
  const session = sessionAt(live.basis, m.now);
  if (session === undefined) return;
  const { mapLeadMs } = m.timing;
  const leadMs = Math.min(mapLeadMs, live.basis.manifest.sessionMs / 4);
  const at = sessionStart(live.basis, session + 1) - leadMs;
  setTimerAt(m, MAP_TIMER, Math.max(m.now, Math.ceil(at)) as Instant);
}

export function onMapTimer(m: Machine, live: Live): void {
  const { leading } = live;
  const session = (sessionAt(live.basis, m.now) ?? -1) + 1;
  if (leading === null || leading.mapProposed >= session || session < 1) return;
  leading.mapProposed = session;
  const reveals = [...live.reveals.values()]
    .filter((shown) => shown.session === session)
    .sort((a, b) => (a.sage < b.sage ? -1 : 1));
  const dead = deadMembers(m, live);
  enqueue(m, live, { type: "entry", entry: { type: "map", session, epoch: live.roster.epoch, reveals, dead } });
}

function deadMembers(m: Machine, live: Live): readonly NodeId[] {
  const { members } = live.ledger.maps;
  return [...deadNodes(m, live)].filter((id) => members.has(id)).sort();
}

/** The end may move, and a pause hides it. */
export function followEnd(m: Machine, live: Live): void {
  const end = endOf(live.ledger.life.timeline);
  if (end !== null && m.now >= end) {
    onContestEnd(m, live);
    return;
  }
  live.ended = false;
  if (end === null) clearTimer(m, END_TIMER);
  else setTimerAt(m, END_TIMER, end);
}

function onContestEnd(m: Machine, live: Live): void {
  if (live.ended) return;
  live.ended = true;
  notify(m, { type: "contest-ended" });
}
