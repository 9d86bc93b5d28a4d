import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type TestContext, test } from "node:test";
import { lpStream } from "@libp2p/utils";
import { multiaddr } from "@multiformats/multiaddr";
import {
  codec,
  type ContestId,
  encodeMessage,
  hashOf,
  nobleSigner,
  type SignedMessage,
} from "../../../src/model/index.ts";
import { createLibp2pNetwork, type Libp2pNetwork } from "../../../src/node/network/index.ts";
import { messageOf, Recorder, textOf } from "../../compliance/network.ts";
import { eventually } from "../../support/eventually.ts";
import { secretKeyFor } from "../../support/keys.ts";

const contest = hashOf(new TextEncoder().encode("hostile peers")) as ContestId;
const LISTEN = ["/ip4/127.0.0.1/tcp/0"];

interface Node {
  readonly network: Libp2pNetwork;
  readonly recorder: Recorder;
  readonly secretKey: Uint8Array;
}

async function started(context: TestContext, name: string, listen = LISTEN): Promise<Node> {
  const secretKey = secretKeyFor(name);
  const network = await createLibp2pNetwork({ secretKey, contest, listen });
  const recorder = new Recorder();
  await network.start(recorder);
  context.after(() => network.stop());
  return { network, recorder, secretKey };
}

/** A raw stream of the message protocol to a node, as only a modified client would open it. */
async function rawStream(from: Node, to: Node) {
  const address = to.network.addresses()[0] as string;
  const connection = await from.network.host.dial(multiaddr(address));
  return await connection.newStream("/dikast/message/1");
}

test("network: frames that do not parse: counted, good ones still arrive, after ten the peer is thrown out", async (context) => {
  const [good, evil] = [await started(context, "victim"), await started(context, "evil")];
  const stream = await rawStream(evil, good);
  const frames = lpStream(stream);
  for (let count = 0; count < 9; count += 1) await frames.write(new Uint8Array(randomBytes(50)));
  await frames.write(encodeMessage(messageOf({ ...evil }, "still welcome")));
  await eventually("the good one has arrived", () => good.recorder.messages.length === 1);
  assert.equal(good.network.counters().malformed, 9);
  assert.ok(good.recorder.connected.has(evil.network.id));
  await frames.write(new Uint8Array([1, 2, 3]));
  await eventually("thrown out", () => !good.recorder.connected.has(evil.network.id));
  // Banned: a new connection is closed again.
  await evil.network.host.dial(multiaddr(good.network.addresses()[0] as string)).catch(() => undefined);
  await eventually("closed again", () => evil.network.host.getConnections().length === 0);
  assert.ok(!good.recorder.connected.has(evil.network.id));
});

test("network: a frame that says it is larger than allowed: the stream is cut before it is read", async (context) => {
  const [good, evil] = [await started(context, "victim 2"), await started(context, "evil 2")];
  const stream = await rawStream(evil, good);
  const closed = new Promise((resolve) => stream.addEventListener("close", resolve, { once: true }));
  // A varint of 2^40 bytes.
  stream.send(new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x80, 0x20]));
  await closed;
  assert.equal(good.network.counters().malformed, 1);
});

test("network: garbage in gossip: rejected, not handed on, the handler is not asked", async (context) => {
  const [good, evil] = [await started(context, "victim 3"), await started(context, "evil 3")];
  evil.network.remember(good.network.id, good.network.addresses(), true);
  await eventually(
    "subscribed",
    () => evil.network.host.services.gossip.getSubscribers(`/dikast/1/${contest}`).length === 1,
  );
  await evil.network.host.services.gossip.publish(`/dikast/1/${contest}`, new Uint8Array(randomBytes(100)));
  await eventually("counted", () => good.network.counters().malformed === 1);
  assert.equal(good.recorder.gossip.length, 0);
});

test("network: a peer that reads nothing: what waits for it is bounded, others are served", async (context) => {
  const [sender, reader] = [await started(context, "sender"), await started(context, "reader")];
  // A listener that accepts connections and streams and never reads.
  const deaf = await started(context, "deaf");
  await deaf.network.host.unhandle("/dikast/message/1");
  await deaf.network.host.handle("/dikast/message/1", (stream) => stream.pause());
  for (const node of [reader, deaf]) sender.network.remember(node.network.id, node.network.addresses());
  await eventually("connected", () => sender.recorder.connected.size === 2);
  const big: SignedMessage = { ...messageOf(sender, ""), body: new Uint8Array(1024 * 1024) };
  for (let count = 0; count < 60; count += 1) sender.network.send(deaf.network.id, big);
  sender.network.send(reader.network.id, messageOf(sender, "hello"));
  await eventually("the reader is served", () => reader.recorder.messages.length === 1);
  assert.ok(sender.network.counters().dropped >= 30, `dropped ${sender.network.counters().dropped}`);
});

test("network: a peer's process ends and comes back under the same address: reconnected by itself", async (context) => {
  const stays = await started(context, "stays");
  const first = await started(context, "comes back");
  stays.network.remember(first.network.id, first.network.addresses());
  await eventually("connected", () => stays.recorder.connected.size === 1);
  const address = first.network.host
    .getMultiaddrs()[0]
    ?.toString()
    .replace(/\/p2p\/.*/, "") as string;
  await first.network.stop();
  await eventually("disconnected", () => stays.recorder.connected.size === 0);
  const again = await started(context, "comes back", [address]);
  await eventually("connected again", () => stays.recorder.connected.size === 1);
  stays.network.send(again.network.id, messageOf(stays, "welcome back"));
  await eventually("heard", () => again.recorder.messages.some((entry) => textOf(entry) === "welcome back"));
});

test("network: a message to a known peer that is not connected: dialled, then delivered", async (context) => {
  const [a, b] = [await started(context, "caller"), await started(context, "called")];
  a.network.remember(b.network.id, b.network.addresses());
  a.network.send(b.network.id, messageOf(a, "first contact"));
  await eventually("heard", () => b.recorder.messages.some((entry) => textOf(entry) === "first contact"));
});

test("network: a taken port: a NetworkError with code and address", async (context) => {
  const first = await started(context, "owner of the port");
  const address = first.network.host
    .getMultiaddrs()[0]
    ?.toString()
    .replace(/\/p2p\/.*/, "") as string;
  const second = await createLibp2pNetwork({ secretKey: secretKeyFor("latecomer"), contest, listen: [address] });
  await assert.rejects(second.start(new Recorder()), (error: Error & { code: string }) => {
    assert.equal(error.code, "DIKAST_ADDRESS_IN_USE");
    assert.ok(error.message.includes(address), error.message);
    return true;
  });
});

test("network: a malformed list of peers: ignored", async (context) => {
  const asker = await started(context, "asker");
  const liar = await started(context, "liar");
  await liar.network.host.unhandle("/dikast/peers/1");
  let asked = 0;
  await liar.network.host.handle("/dikast/peers/1", async (stream) => {
    asked += 1;
    const self = nobleSigner(liar.secretKey).id;
    const shape = codec.list(codec.struct({ id: codec.nodeId, addresses: codec.list(codec.text(5_000), 100) }), 10);
    await lpStream(stream).write(
      codec.encode(shape, [{ id: self, addresses: [`/ip4/1.2.3.4/tcp/1/${"x".repeat(3_000)}`] }]),
    );
    await stream.close();
  });
  asker.network.remember(liar.network.id, liar.network.addresses());
  await eventually("asked", () => asked > 0);
  assert.ok(asker.network.peers().every(({ addresses }) => addresses.every((address) => address.length <= 200)));
});
