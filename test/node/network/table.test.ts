import assert from "node:assert/strict";
import { test } from "node:test";
import { type ContestId, hashOf } from "../../../src/model/index.ts";
import { createLibp2pNetwork, type Libp2pNetwork } from "../../../src/node/network/index.ts";
import { Recorder } from "../../compliance/network.ts";
import { eventually } from "../../support/eventually.ts";
import { secretKeyFor } from "../../support/keys.ts";

const contest = hashOf(new TextEncoder().encode("table")) as ContestId;

test("distributed table: a bundle that somebody announced: others find who has it, and where", async (t) => {
  const made: Libp2pNetwork[] = [];
  for (let index = 0; index < 4; index += 1) {
    const options = { contest, listen: ["/ip4/127.0.0.1/tcp/0"], tableAfterMs: 500 };
    const network = await createLibp2pNetwork({ secretKey: secretKeyFor(`table ${index}`), ...options });
    await network.start(new Recorder());
    t.after(() => network.stop());
    const [first] = made;
    if (first !== undefined) network.remember(first.id, first.addresses(), true);
    made.push(network);
  }
  const [, holder, , seeker] = made as [Libp2pNetwork, Libp2pNetwork, Libp2pNetwork, Libp2pNetwork];
  const bundle = hashOf(new TextEncoder().encode("bundle"));
  holder.announceBundle(bundle);
  await eventually("it is found", async () => (await seeker.findBundle(bundle)).includes(holder.id), 45_000);
  assert.ok(seeker.peers().some(({ id, addresses }) => id === holder.id && addresses.length > 0));
  assert.deepEqual(await seeker.findBundle(hashOf(new TextEncoder().encode("another"))), []);
});
