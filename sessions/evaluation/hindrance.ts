/** Why a submission has no verdict (protocol.md §6.8): told by the leaders of its clusters, for whoever reads the dead letters. */
import type { abstention, codec, NodeId } from "../../src/model/index.ts";
import type { CoordinatedTask, Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";

/** Of submissions that are pending; beyond them nobody reads reasons. */
const HINDRANCES_MAX = 10_000;
const CHARACTERS_MAX = 300;

/** In words; empty: nothing to tell. */
export function hindranceOf({ abstained, asked, results }: CoordinatedTask): string {
  const counts = new Map<string, number>();
  for (const reason of abstained.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const digests = new Set([...results.values()].map(({ statement }) => statement.digest));
  const differing = digests.size > 1 ? `${digests.size} different results` : "";
  if (most === undefined) return differing;
  const end = `${differing === "" ? "" : `; ${differing}`} (${abstained.size} of ${asked.size} could not judge)`;
  return most[0].slice(0, CHARACTERS_MAX - end.length) + end;
}

/** At the central leader. */
export function onHindrance(
  _m: Machine,
  live: Live,
  { submission, session, cluster, reason }: codec.ShapeOf<typeof abstention>,
  signer: NodeId,
): Validity {
  const { leading, ledger } = live;
  if (leading === null || !ledger.pending.has(submission)) return ignore("not-pending");
  const view = live.sessions.find((each) => each.session === session);
  if (view?.leaders.get(cluster)?.leader !== signer) return ignore("not-leading");
  const { hindrances } = leading;
  // The latest last.
  hindrances.delete(submission);
  hindrances.set(submission, reason);
  const [oldest] = hindrances.keys();
  if (hindrances.size > HINDRANCES_MAX && oldest !== undefined) hindrances.delete(oldest);
  return ACCEPT;
}
