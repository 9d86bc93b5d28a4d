/**
 * How soon the keys reach everybody in a contest of many nodes (issue 5: statements open on every online node within 2 s of the start), by
 * simulation: the production machines, the sage's keys by gossip.
 *
 *     node bench/simulator/opening.ts [--nodes 10000] [--median-ms 40] [--loss 0.01] [--uplink-mbit 0] [--elections]
 *
 * `--elections` has the first session's elections at the same time, as they are in a contest (their announcements to everybody are most of the
 * work by far); without it they come later. `--uplink-mbit`: what each node can send in a second; 0 is without bound.
 *
 * The world knows no cost of processing: what a node does with a key afterwards (some 100 ms for the demo's problems) comes on top.
 */
import { parseArgs } from "node:util";
import { ContestWorld, idealKeys, plainScenario } from "../../sim/index.ts";
import { quantile } from "../../sim/statistics/intervals.ts";
import { codec, problemKeys, signMessage } from "../../src/model/index.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "10000" },
    "median-ms": { type: "string", default: "40" },
    loss: { type: "string", default: "0.01" },
    "uplink-mbit": { type: "string", default: "0" },
    elections: { type: "boolean", default: false },
  },
});
const nodes = Number(values.nodes);
/** When contests with a given roster begin. */
const START_MS = 1500;
const GIVE_UP_MS = 10_000;
const scenario = plainScenario({
  joining: "given",
  participants: nodes,
  clusterSize: 5,
  sessionMs: 600_000,
  timing: values.elections ? {} : { electionSpreadMinMs: 60_000, electionSpreadMaxMs: 60_000 },
  uplinkBitsPerSecond: Number(values["uplink-mbit"]) * 1_000_000,
  latency: { type: "log-normal", medianMicros: Number(values["median-ms"]) * 1000, sigma: 0.5 },
  loss: Number(values.loss),
});
const keys = idealKeys(scenario.seed);
const contest = new ContestWorld(scenario, keys);
const { world } = contest;
const releasedMs: number[] = [];
world.observers.push({
  noticed(host, notice) {
    if (notice.type === "keys-released" && host.index > 0) releasedMs.push(world.now / 1000 - START_MS);
  },
});
contest.begin();
world.at(START_MS * 1000, () => {
  const sage = world.hosts[0];
  const body = codec.encode(problemKeys, { keys: [{ problem: "p0", key: new Uint8Array(32) }] });
  if (sage !== undefined) world.publish(sage, signMessage(keys.signer(0), contest.contest, "problem-keys", body));
});
world.runUntil(START_MS * 1000);
while (releasedMs.length < nodes && world.now < (START_MS + GIVE_UP_MS) * 1000) world.runUntil(world.now + 50_000);
releasedMs.sort((a, b) => a - b);
const ms = (share: number): string => quantile(releasedMs, share).toFixed(0);
process.stdout.write(
  `${releasedMs.length} of ${nodes} nodes have the keys: median ${ms(0.5)} ms, p99 ${ms(0.99)} ms, last ${ms(1)} ms after the start\n`,
);
