/** What every `Network` must do; run on libp2p and on the in-memory one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type NodeId, nobleSigner, type SignedMessage, signMessage } from "../../src/model/index.ts";
import type { GossipValidity, Network, NetworkHandlers } from "../../src/node/network/index.ts";
import { eventually } from "../support/eventually.ts";

export interface TestNode {
  readonly network: Network;
  readonly secretKey: Uint8Array;
}
/** Makes a network of `count` nodes of one contest, none of them started. */
export type MakeNodes = (count: number) => Promise<readonly TestNode[]>;

export class Recorder implements NetworkHandlers {
  readonly messages: { readonly from: NodeId; readonly message: SignedMessage }[] = [];
  readonly gossip: { readonly from: NodeId; readonly message: SignedMessage }[] = [];
  readonly connected = new Set<NodeId>();
  validity: GossipValidity = "accept";

  onMessage(from: NodeId, message: SignedMessage): void {
    this.messages.push({ from, message });
  }
  onGossip(from: NodeId, message: SignedMessage): GossipValidity {
    this.gossip.push({ from, message });
    return this.validity;
  }
  onPeerConnected(peer: NodeId): void {
    this.connected.add(peer);
  }
  onPeerDisconnected(peer: NodeId): void {
    this.connected.delete(peer);
  }
}

export function messageOf({ secretKey }: TestNode, text: string, kind = "note"): SignedMessage {
  return signMessage(nobleSigner(secretKey), undefined, kind, new TextEncoder().encode(text));
}

export function textOf({ message }: { readonly message: SignedMessage }): string {
  return new TextDecoder().decode(message.body);
}

const stopAll = async (nodes: readonly TestNode[]): Promise<void> => {
  await Promise.all(nodes.map(({ network }) => network.stop()));
};

export function networkCompliance(name: string, make: MakeNodes): void {
  async function started(count: number): Promise<{ nodes: readonly TestNode[]; recorders: readonly Recorder[] }> {
    const nodes = await make(count);
    const recorders = nodes.map(() => new Recorder());
    for (const [index, { network }] of nodes.entries()) await network.start(recorders[index] as Recorder);
    const [first] = nodes as [TestNode];
    for (const { network } of nodes.slice(1)) network.remember(first.network.id, first.network.addresses(), true);
    await eventually("all are connected", () => recorders.every(({ connected }) => connected.size === count - 1));
    return { nodes, recorders };
  }

  test(`network ${name}: everybody knows only the first: all are connected to all`, async () => {
    const { nodes } = await started(4);
    for (const { network } of nodes) assert.equal(network.peers().filter(({ connected }) => connected).length, 3);
    await stopAll(nodes);
  });

  test(`network ${name}: many direct messages: arrive once, in order, from the authenticated peer`, async () => {
    const { nodes, recorders } = await started(2);
    const [a, b] = nodes as [TestNode, TestNode];
    for (let count = 0; count < 200; count += 1) a.network.send(b.network.id, messageOf(a, `${count}`));
    const received = (recorders[1] as Recorder).messages;
    await eventually("all arrived", () => received.length >= 200);
    assert.deepEqual(received.map(textOf), [...Array(200).keys()].map(String));
    assert.ok(received.every(({ from }) => from === a.network.id));
    await stopAll(nodes);
  });

  test(`network ${name}: a published message: reaches every other node once and not its publisher`, async () => {
    const { nodes, recorders } = await started(4);
    const [a] = nodes as [TestNode];
    // Gossip needs a moment to learn who listens: the first publishes may be lost (facts.md), so publish until heard.
    let round = 0;
    await eventually("heard by all", () => {
      a.network.publish(messageOf(a, `round ${(round += 1)}`));
      return recorders.slice(1).every(({ gossip }) => gossip.length > 0);
    });
    a.network.publish(messageOf(a, "last"));
    const last = (recorder: Recorder): number => recorder.gossip.filter((entry) => textOf(entry) === "last").length;
    await eventually("the last one is heard by all", () =>
      recorders.slice(1).every((recorder) => last(recorder) === 1),
    );
    assert.equal((recorders[0] as Recorder).gossip.length, 0);
    await stopAll(nodes);
  });

  test(`network ${name}: a peer stops: the others are told, and reach it again when it is back`, async () => {
    const { nodes, recorders } = await started(2);
    const [a, b] = nodes as [TestNode, TestNode];
    await b.network.stop();
    await eventually("disconnected", () => (recorders[0] as Recorder).connected.size === 0);
    a.network.send(b.network.id, messageOf(a, "to nobody"));
    await a.network.stop();
  });

  test(`network ${name}: to itself or after stop: nothing happens`, async () => {
    const { nodes, recorders } = await started(2);
    const [a, b] = nodes as [TestNode, TestNode];
    a.network.send(a.network.id, messageOf(a, "me"));
    await stopAll(nodes);
    a.network.send(b.network.id, messageOf(a, "late"));
    a.network.publish(messageOf(a, "late"));
    await a.network.stop();
    assert.ok(recorders.every(({ messages }) => messages.length === 0));
  });
}
