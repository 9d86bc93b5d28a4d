import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type ContestId, hashOf, signMessage } from "../../../src/model/index.ts";
import { fastSigner } from "../../../src/node/identity/index.ts";
import { createLibp2pNetwork, type Libp2pNetwork, type Libp2pNetworkOptions } from "../../../src/node/network/index.ts";
import { Recorder } from "../../compliance/network.ts";
import { eventually } from "../../support/eventually.ts";
import { secretKeyFor } from "../../support/keys.ts";

const contest = hashOf(new TextEncoder().encode("relay")) as ContestId;

interface Peer {
  readonly network: Libp2pNetwork;
  readonly heard: Recorder;
}

async function peer(
  context: TestContext,
  name: string,
  options: Partial<Libp2pNetworkOptions>,
  sage?: Libp2pNetwork,
): Promise<Peer> {
  const network = await createLibp2pNetwork({
    secretKey: secretKeyFor(name),
    contest,
    listen: ["/ip4/127.0.0.1/tcp/0"],
    ...options,
  });
  const heard = new Recorder();
  await network.start(heard);
  context.after(() => network.stop());
  if (sage !== undefined) network.remember(sage.id, sage.addresses(), true);
  return { network, heard };
}

test("relay: two nodes that nobody can dial: find it out, and reach each other through the sage", async (t) => {
  const sage = await peer(t, "relay sage", { serves: true });
  const open = await peer(t, "relay open", {}, sage.network);
  const x = await peer(t, "relay x", { listen: [] }, sage.network);
  const y = await peer(t, "relay y", { listen: [] }, sage.network);
  await eventually("the sage has told everybody", () =>
    [open, x, y].every(({ network }) => network.reach().direct !== null),
  );
  assert.equal(open.network.reach().direct, true);
  assert.equal(open.network.reach().observed, "/ip4/127.0.0.1");
  assert.deepEqual(open.network.reach().relayed, []);
  assert.equal(x.network.reach().direct, false);
  await eventually("both have a place at the relay", () =>
    [x, y].every(({ network }) => network.reach().relayed.length > 0),
  );
  assert.ok(x.network.addresses().every((address) => address.includes("/p2p-circuit")));
  const body = new Uint8Array([7]);
  const signed = signMessage(fastSigner(secretKeyFor("relay x")), contest, "test", body);
  await eventually(
    "a message from one to the other",
    () => {
      x.network.send(y.network.id, signed);
      return y.heard.messages.some(({ from }) => from === x.network.id);
    },
    45_000,
  );
  const [through] = y.network.host.getConnections().filter(({ remotePeer }) => remotePeer.toString() === x.network.id);
  assert.ok(through?.limits !== undefined, "the connection is a relayed one");
  await eventually("gossip goes through as well", () => {
    open.network.publish(
      signMessage(
        fastSigner(secretKeyFor("relay open")),
        contest,
        "test",
        new Uint8Array([8, Math.floor(Math.random() * 256), Math.floor(Math.random() * 256)]),
      ),
    );
    return x.heard.gossip.length > 0 && y.heard.gossip.length > 0;
  });
});
