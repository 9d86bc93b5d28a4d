import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryDirectory } from "../../support/directories.ts";
import { fetchAll, randomStream, swarm } from "../../support/swarm.ts";

const BYTES = 6_000_000;
const NODES = 6;

test("bundles: many at once, and the sage dies after the first copy: all have it, the sage sent it three times at most", async (t) => {
  const peers = await swarm(await temporaryDirectory(t), NODES + 1);
  t.after(async () => {
    await Promise.all(peers.map(({ network }) => network.stop()));
  });
  const [sage, ...others] = peers as [(typeof peers)[0], ...typeof peers];
  const bundle = await sage.files.add(randomStream(BYTES));
  let copies = 0;
  await Promise.all(
    others.map(async (peer) => {
      await fetchAll(peer, bundle, AbortSignal.timeout(60_000));
      copies += 1;
      if (copies === 1) await sage.network.stop();
    }),
  );
  for (const { files } of others) assert.ok(await files.verify(bundle));
  assert.ok(sage.counters.uploadedBytes <= 3 * BYTES, `the sage sent ${sage.counters.uploadedBytes} bytes`);
  assert.ok(
    others.some(({ counters }) => counters.uploadedBytes > 0),
    "nodes give to each other",
  );
});
