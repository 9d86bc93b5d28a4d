import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idealKeys } from "../../../sim/index.ts";
import { splitVote, wilson, wrongMajority, Z_999 } from "../../../sim/statistics/intervals.ts";
import { drawClusters } from "../../../sessions/clusters/cluster-map.ts";
import { hashOf, type RosterMember } from "../../../src/model/index.ts";

const NODES = 100;
const BAD = 30;
const CONTESTS = 6000;
const PROFILE = hashOf(new Uint8Array());

describe("simulator: wrong majority in a drawn cluster", () => {
  it("formula: simulator.md's figures: equal to four digits", () => {
    const figures: readonly [number, number][] = [
      [3, 0.2134],
      [5, 0.1576],
      [7, 0.1179],
      [21, 0.014],
    ];
    for (const [size, wanted] of figures) {
      assert.equal(Number(wrongMajority(NODES, BAD, size).toFixed(4)), wanted, `size ${size}`);
    }
  });

  const keys = idealKeys(3);
  const members: RosterMember[] = Array.from({ length: NODES }, (_, node) => ({
    id: keys.signer(node).id,
    displayName: `n${node}`,
    role: "participant" as const,
    capabilities: { languages: ["cpp"] as const, judgeProfile: PROFILE, slots: 1 },
    region: "",
  })).sort((a, b) => (a.id < b.id ? -1 : 1));
  const bad = new Set(members.slice(0, BAD).map((member) => member.id));

  for (const size of [3, 5, 7]) {
    it(`draw of clusters: size ${size}, ${CONTESTS} beacons: the formula lies in the 99.9 % interval`, () => {
      let wrong = 0;
      let drawn = 0;
      for (let contest = 0; contest < CONTESTS / size; contest += 1) {
        const beacon = hashOf(new TextEncoder().encode(`beacon ${size}/${contest}`));
        const { clusters } = drawClusters({
          beacon,
          judgeProfile: PROFILE,
          members,
          away: new Set(),
          clusterSize: size,
          keepRegions: false,
          evaluators: "all",
        });
        // One cluster of each draw: those of one draw depend on each other.
        const cluster = clusters.find((each) => each.length === size);
        if (cluster === undefined) continue;
        drawn += 1;
        if (cluster.filter((id) => bad.has(id)).length * 2 > size) wrong += 1;
      }
      const { low, high } = wilson(wrong, drawn, Z_999);
      const wanted = wrongMajority(NODES, BAD, size);
      assert.ok(drawn > 500 && low <= wanted && wanted <= high, `${wrong} of ${drawn}, wanted ${wanted}`);
    });
  }
});

describe("simulator: split vote formula", () => {
  it("Raft dissertation's cases: equal to its figures", () => {
    const figures: readonly [number, number, number, number][] = [
      [5, 4, 0.1, 0.0523],
      [5, 4, 0.2, 0.1808],
      [5, 3, 0.2, 0.488],
      [7, 6, 0.2, 0.0989],
      [9, 7, 0.2, 0.148],
      [9, 5, 0.1, 0.4095],
    ];
    for (const [servers, up, l, wanted] of figures) {
      assert.ok(
        Math.abs(splitVote(servers, up, l) - wanted) < 0.0006,
        `${servers}, ${up}, ${l}: ${splitVote(servers, up, l)}`,
      );
    }
  });
});
