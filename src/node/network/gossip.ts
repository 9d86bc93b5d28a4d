/** The contest's one gossip topic: messages are validated by the machine before they are forwarded (protocol.md §1). */
import { TopicValidatorResult } from "@libp2p/gossipsub";
import { decodeMessage, encodeMessage, type NodeId, type SignedMessage } from "../../model/index.ts";
import type { Host } from "./host.ts";
import type { GossipValidity } from "./network.ts";
import { nodeIdOf } from "./peer-ids.ts";

/** Gossipsub penalizes validation that takes longer than 100 ms; by then a catch-up by range is the better way. */
const VALIDATION_MS_MAX = 5_000;

export interface GossipEvents {
  onGossip(from: NodeId, message: SignedMessage): GossipValidity | Promise<GossipValidity>;
  onFault(from: NodeId): void;
  onDropped(count: number): void;
}

export class Gossip {
  readonly #host: Host;
  readonly #topic: string;

  constructor(host: Host, topic: string) {
    this.#host = host;
    this.#topic = topic;
  }

  start(events: GossipEvents): void {
    const gossip = this.#host.services.gossip;
    gossip.topicValidators.set(this.#topic, async (peer, message) => {
      const from = nodeIdOf(peer);
      if (from === undefined) return TopicValidatorResult.Reject;
      const decoded = decodeMessage(message.data);
      if (decoded === undefined) {
        events.onFault(from);
        return TopicValidatorResult.Reject;
      }
      return RESULTS[await withDeadline(events.onGossip(from, decoded))];
    });
    gossip.subscribe(this.#topic);
  }

  publish(message: SignedMessage, onDropped: (count: number) => void): void {
    this.#host.services.gossip.publish(this.#topic, encodeMessage(message)).catch(() => onDropped(1));
  }

  /** Peers that this node has an open gossip stream to. */
  streams(): ReadonlySet<NodeId> {
    const ids = this.#host.services.gossip.getPeers().map(nodeIdOf);
    return new Set(ids.filter((id) => id !== undefined));
  }

  subscribers(): number {
    return this.#host.services.gossip.getSubscribers(this.#topic).length;
  }
}

const RESULTS: Readonly<Record<GossipValidity, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

async function withDeadline(answer: GossipValidity | Promise<GossipValidity>): Promise<GossipValidity> {
  if (typeof answer === "string") return answer;
  const { promise, resolve } = Promise.withResolvers<GossipValidity>();
  const timer = setTimeout(() => resolve("ignore"), VALIDATION_MS_MAX);
  answer.then(resolve, () => resolve("ignore"));
  return await promise.finally(() => clearTimeout(timer));
}
