/** Who sits on the council (protocol.md §5): the leader, the cluster leaders by lot, then others by lot where clusters are few. */
import type { NodeId } from "../../src/model/index.ts";
import { bySortition } from "../clusters/cluster-map.ts";
import { awayIn, beaconOf } from "../clusters/history.ts";
import type { Live, Machine, SessionView } from "../machine.ts";

/** Fewer would not survive a single loss. */
const COUNCIL_MIN = 3;

export function composeCouncil(
  m: Machine,
  live: Live,
  view: SessionView,
  dead: ReadonlySet<NodeId>,
): readonly NodeId[] {
  const { manifest, roster } = live.basis;
  const size = Math.max(COUNCIL_MIN, manifest.councilSize);
  const beacon = beaconOf(live.ledger.maps, view.session) ?? live.basis.rosterHash;
  const council = new Set<NodeId>([m.self]);
  const { excluded } = live.ledger;
  const leaders = [...view.leaders.values()].map(({ leader }) => leader).filter((id) => !excluded.has(id));
  fill(council, size, bySortition(beacon, leaders), dead);
  if (council.size < size) {
    const away = awayIn(live.ledger.maps, view.session);
    const others = roster.members.map((member) => member.id).filter((id) => !away.has(id) && !excluded.has(id));
    fill(council, size, bySortition(beacon, others), dead);
    // Rather a member that may be dead than a council too small to lose one.
    fill(council, COUNCIL_MIN, bySortition(beacon, others), new Set());
  }
  return [...council].sort();
}

function fill(council: Set<NodeId>, size: number, from: readonly NodeId[], dead: ReadonlySet<NodeId>): void {
  for (const node of from) {
    if (council.size >= size) return;
    if (!dead.has(node)) council.add(node);
  }
}
