/**
 * How much of a bundle a sage sends when many nodes fetch it at once, and whether they finish when the sage dies after the first full copy
 * (issue 5: 100 MB to 20 nodes, at most 3 times the bundle). All nodes run in this process, over real libp2p connections on loopback.
 *
 *     node bench/distribution/distribution.ts [--mb 100] [--nodes 20] [--kill]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fetchAll, randomStream, swarm } from "../../test/support/swarm.ts";

const { values } = parseArgs({
  options: {
    mb: { type: "string", default: "100" },
    nodes: { type: "string", default: "20" },
    kill: { type: "boolean" },
  },
});
const bytes = Number(values.mb) * 1_000_000;
const nodes = Number(values.nodes);
const directory = await mkdtemp(path.join(tmpdir(), "dikast-distribution-"));
try {
  const [sage, ...others] = await swarm(directory, nodes + 1);
  if (sage === undefined) throw new RangeError("no nodes");
  const bundle = await sage.files.add(randomStream(bytes));
  const began = performance.now();
  const seconds = (): string => ((performance.now() - began) / 1000).toFixed(1);
  let copies = 0;
  await Promise.all(
    others.map(async (peer) => {
      await fetchAll(peer, bundle, AbortSignal.timeout(600_000));
      copies += 1;
      if (copies > 1) return;
      process.stdout.write(`first full copy after ${seconds()} s\n`);
      if (values.kill === true) await sage.network.stop();
    }),
  );
  const sent = sage.counters.uploadedBytes;
  const most = Math.max(...others.map(({ counters }) => counters.uploadedBytes));
  process.stdout.write(
    `${nodes} nodes have ${values.mb} MB after ${seconds()} s; the sage sent ${(sent / bytes).toFixed(2)} times the bundle` +
      `${values.kill === true ? " (and was stopped after the first copy)" : ""}, the busiest node ${(most / bytes).toFixed(2)} times\n`,
  );
  for (const { network } of [sage, ...others]) await network.stop();
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.exit(0);
