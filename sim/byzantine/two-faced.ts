/** Liars that say one thing here and another there. */
import {
  append,
  BLOCK_KIND,
  block,
  COMMITMENT_KIND,
  codec,
  commitment,
  commitmentSet,
  type ContestId,
  type Effect,
  type Hash,
  MESSAGE_BYTES_MAX,
  RESULT_KIND,
  type SignedMessage,
  type Signer,
  signMessage,
  VOTE_KIND,
  type Vote,
  vote,
  voteRequest,
} from "../../src/model/index.ts";
import type { Interceptor } from "../world/machine.ts";

export interface TwoFaced {
  readonly contest: ContestId;
  readonly signer: Signer;
}

/** Whoever asks gets a vote; what the machine itself answers goes out too. */
export function voteTwice(name: string, { contest, signer }: TwoFaced): Interceptor {
  let head: Vote["head"] = null;
  return {
    name,
    outbound(effects, event) {
      for (const effect of effects) {
        if (effect.type !== "send" || effect.message.kind !== VOTE_KIND) continue;
        head = codec.decode(vote, effect.message.body, MESSAGE_BYTES_MAX)?.head ?? head;
      }
      if (event.type !== "message-received" || event.message.kind !== "vote-request") return effects;
      const candidate = event.message.signer;
      const asked = codec.decode(voteRequest, event.message.body, MESSAGE_BYTES_MAX);
      if (asked === undefined || (asked.cluster === null && head === null)) return effects;
      const { cluster, session, round } = asked;
      const cast = { cluster, session, round, candidate, head: cluster === null ? head : null };
      const message = signMessage(signer, contest, VOTE_KIND, codec.encode(vote, cast));
      return [...effects, { type: "send", to: candidate, message }];
    },
  };
}

/** Every other receiver of a proposal gets one whose last block has another time. */
export function fork({ contest, signer }: TwoFaced): NonNullable<Interceptor["outbound"]> {
  return (effects) => {
    let count = 0;
    return effects.map((effect): Effect => {
      if (effect.type !== "send" || effect.message.kind !== "append" || effect.message.signer !== signer.id)
        return effect;
      count += 1;
      return count % 2 === 0
        ? { ...effect, message: forked(contest, signer, effect.message) ?? effect.message }
        : effect;
    });
  };
}

function forked(contest: ContestId, signer: Signer, message: SignedMessage): SignedMessage | undefined {
  const proposed = codec.decode(append, message.body, MESSAGE_BYTES_MAX);
  const last = proposed?.blocks.at(-1);
  const content = last === undefined ? undefined : codec.decode(block, last.body, MESSAGE_BYTES_MAX);
  if (proposed === undefined || last?.signer !== signer.id || content === undefined) return undefined;
  const other = signMessage(signer, contest, BLOCK_KIND, codec.encode(block, { ...content, at: content.at + 1 }));
  const body = codec.encode(append, { ...proposed, blocks: [...proposed.blocks.slice(0, -1), other] });
  return signMessage(signer, contest, "append", body);
}

/** What others committed to is all it ever says; without that it says nothing. */
export function copy(name: string, { contest, signer }: TwoFaced): Interceptor {
  let seen: Hash | undefined;
  return {
    name,
    inbound(event) {
      if (event.type === "message-received" && event.message.kind === "commitment-set") {
        const set = codec.decode(commitmentSet, event.message.body, MESSAGE_BYTES_MAX);
        seen = set?.commitments.find((each) => each.evaluator !== signer.id)?.commitment ?? seen;
      }
      return event;
    },
    outbound: (effects) =>
      effects.flatMap((effect): readonly Effect[] => {
        if (effect.type !== "send" || effect.message.signer !== signer.id) return [effect];
        if (effect.message.kind === RESULT_KIND) return [];
        if (effect.message.kind !== COMMITMENT_KIND) return [effect];
        const own = codec.decode(commitment, effect.message.body, MESSAGE_BYTES_MAX);
        if (own === undefined || seen === undefined) return [];
        const body = codec.encode(commitment, { ...own, commitment: seen });
        return [{ ...effect, message: signMessage(signer, contest, COMMITMENT_KIND, body) }];
      }),
  };
}
