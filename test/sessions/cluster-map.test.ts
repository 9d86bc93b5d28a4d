/** The cluster map (protocol.md §3): a pure, fair function of its inputs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { beaconBefore, nextBeacon, revealFits } from "../../sessions/clusters/beacon.ts";
import { clusterSizes, drawClusters } from "../../sessions/clusters/cluster-map.ts";
import { beaconChain, tipOf } from "../../sage/index.ts";
import { hashOf, type RosterMember } from "../../src/model/index.ts";
import { PROFILE, rosterOf, signerOf } from "./support/contest.ts";

const pool: readonly RosterMember[] = rosterOf(Array.from({ length: 40 }, (_, index) => signerOf(index))).members;

const inputs = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  clusterSize: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
  regions: fc.constantFrom(1, 2, 3),
});

function draw({
  count,
  clusterSize,
  seed,
  regions,
}: {
  count: number;
  clusterSize: number;
  seed: number;
  regions: number;
}) {
  const members = pool.slice(0, count).map((member, index) => ({ ...member, region: `r${index % regions}` }));
  return drawClusters({
    beacon: hashOf(new TextEncoder().encode(String(seed))),
    members,
    away: new Set(),
    clusterSize,
    keepRegions: regions > 1,
    evaluators: "all",
    judgeProfile: PROFILE,
  });
}

test("clusters: any roster: everybody is in exactly one cluster, none below three while there are enough", () => {
  fc.assert(
    fc.property(inputs, (each) => {
      const { clusters, clusterOf } = draw(each);
      const placed = clusters.flat();
      assert.equal(placed.length, each.count);
      assert.equal(new Set(placed).size, each.count);
      for (const [index, members] of clusters.entries())
        for (const id of members) assert.equal(clusterOf.get(id), index);
      const sizes = clusters.map((members) => members.length);
      if (each.count >= 3) assert.ok(Math.min(...sizes) >= 3, `sizes ${sizes.join()}`);
      if (sizes.length > 0) assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});

test("clusters: the same inputs in another order of the roster: the same map", () => {
  fc.assert(
    fc.property(inputs, (each) => {
      const map = draw(each);
      const again = drawClusters({
        beacon: map.beacon,
        members: pool
          .slice(0, each.count)
          .map((member, index) => ({ ...member, region: `r${index % each.regions}` }))
          .reverse(),
        away: new Set(),
        clusterSize: each.clusterSize,
        keepRegions: each.regions > 1,
        evaluators: "all",
        judgeProfile: PROFILE,
      });
      assert.deepEqual(again.clusters, map.clusters);
    }),
  );
});

test("clusters: another beacon: another map", () => {
  const one = draw({ count: 40, clusterSize: 5, seed: 1, regions: 1 });
  const two = draw({ count: 40, clusterSize: 5, seed: 2, regions: 1 });
  assert.notDeepEqual(one.clusters, two.clusters);
});

test("clusters: away nodes, jurors only, another profile: left out", () => {
  const members = pool.slice(0, 12).map((member, index) => ({
    ...member,
    role: index < 6 ? ("juror" as const) : ("participant" as const),
    capabilities: { ...member.capabilities, judgeProfile: index === 0 ? hashOf(new Uint8Array(0)) : PROFILE },
  }));
  const away = new Set([members[1]?.id ?? pool[0]?.id].filter((id) => id !== undefined));
  const base = { beacon: PROFILE, members, away, clusterSize: 3, keepRegions: false, judgeProfile: PROFILE };
  assert.equal(drawClusters({ ...base, evaluators: "all" }).clusterOf.size, 10);
  assert.equal(drawClusters({ ...base, evaluators: "jurors" }).clusterOf.size, 4);
  assert.equal(drawClusters({ ...base, evaluators: "jurors-first" }).clusterOf.size, 4);
  assert.equal(drawClusters({ ...base, clusterSize: 5, evaluators: "jurors-first" }).clusterOf.size, 10);
});

for (const [nodes, wanted, sizes] of [
  [0, 3, []],
  [2, 3, [2]],
  [5, 3, [5]],
  [9, 3, [3, 3, 3]],
  [11, 5, [6, 5]],
  [10, 1, [4, 3, 3]],
] as const) {
  test(`clusters: ${nodes} nodes at size ${wanted}: ${sizes.join("+") || "none"}`, () => {
    assert.deepEqual(clusterSizes(nodes, wanted), sizes);
  });
}

test("beacon: revealed preimages: fit their session and no other, and change the draw", () => {
  const secret = new Uint8Array(32).fill(5);
  const chain = beaconChain(secret, 6);
  const tip = tipOf(secret, 6);
  for (const session of [0, 1, 2, 3, 4, 5]) {
    const preimage = chain[session + 1] ?? tip;
    assert.ok(revealFits(tip, session, preimage));
    assert.ok(!revealFits(tip, session + 1, preimage));
  }
  const before = beaconBefore(PROFILE, PROFILE);
  const sage = signerOf(1).id;
  const shown = [{ sage, session: 0, preimage: chain[1] ?? tip }];
  assert.notEqual(nextBeacon(before, shown), nextBeacon(before, []));
});
