/**
 * Invariant 5 for clusters: nodes with the same log draw the same clusters. A node that learns of a session's inputs late
 * enters the session anew, so that only its last word counts.
 */
import { type Notice, statusOf } from "../../sessions/index.ts";
import type { Hash, NodeId } from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "5-cluster-maps";

/** All maps of a session that some node entered it with; usually one. */
export class SeenMaps {
  readonly #maps = new Map<number, Map<string, readonly (readonly NodeId[])[]>>();

  see(session: number, clusters: readonly (readonly NodeId[])[]): void {
    let maps = this.#maps.get(session);
    if (maps === undefined) this.#maps.set(session, (maps = new Map()));
    maps.set(JSON.stringify(clusters), clusters);
  }

  readonly #juries = new Map<string, readonly NodeId[]>();

  seeJury(submission: Hash, attempt: number, members: readonly NodeId[]): void {
    this.#juries.set(`${submission}/${attempt}`, members);
  }

  juryOf(submission: Hash, attempt: number): readonly NodeId[] | undefined {
    return this.#juries.get(`${submission}/${attempt}`);
  }

  /** Who was in some cluster of the session on every node that has entered it. */
  membersOf(session: number): ReadonlySet<NodeId> {
    const lists = [...(this.#maps.get(session)?.values() ?? [])].map((clusters) => new Set(clusters.flat()));
    const [first = new Set<NodeId>(), ...others] = lists;
    return new Set([...first].filter((node) => others.every((list) => list.has(node))));
  }

  /** The member lists that cluster `index` had on some node. */
  clustersOf(session: number, index: number): readonly (readonly NodeId[])[] {
    return [...(this.#maps.get(session)?.values() ?? [])].flatMap((clusters) => {
      const members = clusters[index];
      return members === undefined ? [] : [members];
    });
  }
}

export const clusterMaps: CheckerMaker = ({ contest, isHonest }) => {
  const last = new Map<number, { readonly session: number; readonly map: string }>();
  return {
    name: NAME,
    kinds: [],
    // Not when it is told, which waits for the disk: it is compared with what the node holds already.
    stepped(host, _event, effects) {
      for (const effect of effects) {
        if (effect.type !== "notify") continue;
        const notice = effect.notice as Notice;
        if (notice.type !== "session-started") continue;
        last.set(host.index, { session: notice.session, map: JSON.stringify(notice.clusters) });
      }
    },
    settled() {
      const byLog = new Map<string, string>();
      for (const host of contest.world.hosts) {
        const state = contest.stateOf(host);
        const entered = last.get(host.index);
        if (state === undefined || entered === undefined || !isHonest(host.index)) continue;
        const place = `${entered.session} after ${statusOf(state).head}`;
        const other = byLog.get(place);
        if (other !== undefined && other !== entered.map) {
          throw new Violation(
            NAME,
            `node ${host.index} has other clusters in session ${entered.session} with the same log`,
          );
        }
        byLog.set(place, entered.map);
      }
    },
  };
};
