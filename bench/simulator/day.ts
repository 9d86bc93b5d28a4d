/**
 * What nodes hold during a long contest: a day with 100,000 submissions, by simulation.
 *
 *     node bench/simulator/day.ts [--nodes 12] [--hours 24] [--submissions 100000] [--every-minutes 60] [--seed 1] [--calm] [--json]
 *
 * The production machines with ordinary timing; sessions rotate, nodes and leaders crash, messages get lost (`--calm`: nothing
 * fails). Each line is of the node that holds most. Exits 1 if a bound of docs/protocol.md is exceeded or a submission is lost.
 */
import { parseArgs } from "node:util";
import { withShortCuts } from "../../sim/index.ts";
import { type Holdings, longContest, stateBoundOf } from "./long-contest.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "12" },
    hours: { type: "string", default: "24" },
    submissions: { type: "string", default: "100000" },
    "every-minutes": { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    calm: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function line(held: Holdings): string {
  const waiting = Object.entries(held.waiting)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`);
  return [
    `${held.hours.toFixed(1)} h: ${held.submissions} submissions, ${held.settled} settled, ${held.pending} pending, ${held.blocks} blocks`,
    `  state ${mb(held.stateBytes)} (${Math.round(held.stateBytes / Math.max(1, held.submissions))} bytes each), store ${mb(held.storeBytes)} in ${held.storeRecords} records`,
    `  ${waiting.join(", ")}`,
    `  heap of all nodes ${mb(held.heapBytes)}, ${held.restarts} restarts, ${(held.cpuMs / 1000).toFixed(0)} s of processor time`,
    ...(held.alone === undefined
      ? []
      : [
          `one node alone, restored from its store: heap ${mb(held.alone.heapBytes)}, ${(held.alone.restoreMs / 1000).toFixed(1)} s of processor time`,
        ]),
  ].join("\n");
}

withShortCuts({}, () => {
  const options = {
    nodes: Number(values.nodes),
    hours: Number(values.hours),
    submissions: Number(values.submissions),
    everyMinutes: Number(values["every-minutes"]),
    seed: Number(values.seed),
    faults: !values.calm,
  };
  for (const held of longContest(options)) {
    const isLost = held.alone !== undefined && held.settled < options.submissions;
    if (held.stateBytes > stateBoundOf(held.submissions) || isLost) process.exitCode = 1;
    process.stdout.write(values.json ? `${JSON.stringify({ type: "held", ...held })}\n` : `${line(held)}\n`);
  }
});
