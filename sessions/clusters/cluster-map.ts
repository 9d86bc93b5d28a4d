/**
 * Which nodes evaluate together in a session: a pure function of the session's beacon, the roster, the nodes known to be
 * away, and region hints (protocol.md §3). Anyone recomputes it.
 */
import { type Hash, hashOfText, type Manifest, type NodeId, type RosterMember } from "../../src/model/index.ts";

/** No cluster is smaller while there are so many nodes: two of three can outvote one. */
export const CLUSTER_SIZE_MIN = 3;

export interface ClusterMap {
  readonly beacon: Hash;
  /** Members of each cluster, in sortition order. */
  readonly clusters: readonly (readonly NodeId[])[];
  readonly clusterOf: ReadonlyMap<NodeId, number>;
}

export interface ClusterMapInputs {
  readonly beacon: Hash;
  readonly members: readonly RosterMember[];
  /** Dead or excluded nodes. */
  readonly away: ReadonlySet<NodeId>;
  readonly clusterSize: number;
  readonly keepRegions: boolean;
  readonly evaluators: Manifest["evaluators"];
  /** A node with another judge profile does not evaluate (§7). */
  readonly judgeProfile: Hash;
}

/** A node's place in the lot of a session; the lower one comes first. */
export function sortitionRank(beacon: Hash, node: NodeId): Hash {
  return hashOfText(`${beacon}/${node}`);
}

/** In the order of the session's lot. */
export function bySortition(beacon: Hash, nodes: readonly NodeId[]): readonly NodeId[] {
  const ranked = nodes.map((node) => ({ node, rank: sortitionRank(beacon, node) }));
  ranked.sort((a, b) => compareText(a.rank, b.rank));
  return ranked.map(({ node }) => node);
}

export function drawClusters(inputs: ClusterMapInputs): ClusterMap {
  const drawn = evaluatorsOf(inputs).map((member) => ({
    id: member.id,
    region: inputs.keepRegions ? member.region : "",
    rank: sortitionRank(inputs.beacon, member.id),
  }));
  drawn.sort((a, b) => compareText(a.region, b.region) || compareText(a.rank, b.rank));
  const clusters: NodeId[][] = [];
  let from = 0;
  for (const size of clusterSizes(drawn.length, inputs.clusterSize)) {
    clusters.push(drawn.slice(from, from + size).map((member) => member.id));
    from += size;
  }
  const clusterOf = new Map<NodeId, number>();
  for (const [index, members] of clusters.entries()) for (const member of members) clusterOf.set(member, index);
  return { beacon: inputs.beacon, clusters, clusterOf };
}

/** Sizes that differ by one at most, none below the wanted size unless there are too few nodes. */
export function clusterSizes(nodes: number, wanted: number): readonly number[] {
  if (nodes === 0) return [];
  const count = Math.max(1, Math.floor(nodes / Math.max(CLUSTER_SIZE_MIN, wanted)));
  const small = Math.floor(nodes / count);
  return Array.from({ length: count }, (_, index) => small + (index < nodes % count ? 1 : 0));
}

/** Who may evaluate: a node with a language, of a role that the manifest lets evaluate; jurors alone where enough are there. */
function evaluatorsOf(inputs: ClusterMapInputs): readonly RosterMember[] {
  const able = inputs.members.filter(
    ({ id, capabilities }) =>
      !inputs.away.has(id) && capabilities.languages.length > 0 && capabilities.judgeProfile === inputs.judgeProfile,
  );
  const jurors = able.filter((member) => member.role === "juror");
  switch (inputs.evaluators) {
    case "all":
      return able;
    case "jurors":
      return jurors;
    case "jurors-first":
      return jurors.length >= Math.max(CLUSTER_SIZE_MIN, inputs.clusterSize) ? jurors : able;
  }
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
