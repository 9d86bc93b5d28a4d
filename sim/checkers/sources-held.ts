/**
 * Invariant 3 at its root: whoever acknowledges a block, or leads with it, has the sources of the receipts in it on its disk, so
 * that a committed receipt's source outlives whatever its block outlives (protocol.md §5).
 */
import {
  ACK_KIND,
  append,
  block,
  codec,
  type Hash,
  MESSAGE_BYTES_MAX,
  type SignedMessage,
} from "../../src/model/index.ts";
import type { Host } from "../world/host.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "3-sources-held";
const BODY_KEY_PREFIX = "session/body/";

export const sourcesHeld: CheckerMaker = ({ isHonest, model }) => {
  /** By the body of an append: what is in its blocks. */
  const named = new WeakMap<Uint8Array, readonly Hash[]>();
  /** Acknowledgements on their way out, with what they stand for. */
  const acknowledged = new WeakMap<SignedMessage, readonly Hash[]>();
  const receiptsIn = (message: SignedMessage): readonly Hash[] => {
    let known = named.get(message.body);
    if (known === undefined) named.set(message.body, (known = receiptsOf(message)));
    return known;
  };
  const check = (host: Host, receipts: readonly Hash[]): void => {
    // What an earlier block brought already is not promised again.
    const missing = receipts.find((id) => !host.disk.has(BODY_KEY_PREFIX + id) && !model.submissions.has(id));
    if (missing !== undefined) {
      throw new Violation(NAME, `node ${host.index} holds a receipt without its source ${missing.slice(0, 6)}`);
    }
  };
  return {
    name: NAME,
    kinds: ["append", ACK_KIND],
    stepped(host, event, effects) {
      if (event.type !== "message-received" || event.message.kind !== "append" || !isHonest(host.index)) return;
      for (const effect of effects) {
        if (effect.type !== "send" || effect.message.kind !== ACK_KIND) continue;
        acknowledged.set(effect.message, receiptsIn(event.message));
      }
    },
    sent(host, message) {
      if (message.kind === "append" && isHonest(host.index)) check(host, receiptsIn(message));
      else if (message.kind === ACK_KIND) check(host, acknowledged.get(message) ?? []);
    },
  };
};

function receiptsOf(message: SignedMessage): readonly Hash[] {
  const blocks = codec.decode(append, message.body, MESSAGE_BYTES_MAX)?.blocks ?? [];
  return blocks
    .flatMap(({ body }) => codec.decode(block, body, MESSAGE_BYTES_MAX)?.entries ?? [])
    .flatMap((entry) => (entry.type === "receipt" ? [entry.submission] : []));
}
