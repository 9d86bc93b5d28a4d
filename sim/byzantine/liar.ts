/** Liars as interceptors around unmodified machines (simulator.md "Byzantine roles"). */
import {
  ACK_KIND,
  ack,
  appendRefused,
  codec,
  type ContestId,
  type Effect,
  type Event,
  type Hash,
  leaderCertificate,
  MESSAGE_BYTES_MAX,
  type NodeId,
  ROUNDS_MAX,
  type SignedMessage,
  type Signer,
  SIGNATURE_BYTES,
  signMessage,
  submission,
  SUBMISSION_KIND,
  unreachable,
  type Vote,
  VOTE_KIND,
  vote,
  voteRequest,
} from "../../src/model/index.ts";
import type { RandomStream } from "../engine/random.ts";
import type { ParticipantState } from "../../sessions/index.ts";
import type { Interceptor } from "../world/machine.ts";
import { favour } from "./favouring.ts";
import { copy, fork, voteTwice } from "./two-faced.ts";

export const LIAR_ROLES = [
  /** Evaluates, but as a cluster leader tells nobody the verdict. */
  "withholding",
  /** As central leader takes submissions and logs nothing for some submitters: drops what they send. */
  "censoring",
  /** Announces itself as leader with made-up votes. */
  "forging",
  /** Answers everything it hears with junk to somebody. */
  "flooding",
  /** Sends old messages of others again. */
  "replaying",
  /** Sends altered copies of its own messages, properly signed. */
  "garbling",
  /** Hears everything and says nothing but heartbeats. */
  "mute",
  /** Gives its vote to everybody who asks. */
  "double-voting",
  /** As central leader proposes one block to some of the council and another one to the rest. */
  "forking",
  /** As central leader keeps its heart beating and logs nothing. */
  "stalling",
  /** Commits to what others committed to, instead of evaluating. */
  "copying",
  /** Wants elections without end: refuses what it acknowledges, asks for votes of rounds nobody reached, and complains of censorship. */
  "stirring",
  /** As central leader gives tasks to the cluster it likes. */
  "favouring",
] as const;
export type LiarRole = (typeof LIAR_ROLES)[number];

export interface LiarContext {
  readonly contest: ContestId;
  readonly signer: Signer;
  readonly others: readonly NodeId[];
  readonly random: RandomStream;
  /** Its machine's; undefined while it is down. */
  readonly state: () => ParticipantState | undefined;
}

const MEMORY_MAX = 200;

export function liar(role: LiarRole, context: LiarContext): Interceptor {
  switch (role) {
    case "withholding":
      return { name: role, outbound: dropKinds(new Set(["verdict"])) };
    case "censoring": {
      const censored = new Set(context.random.shuffle(context.others).slice(0, Math.ceil(context.others.length / 2)));
      return {
        name: role,
        inbound: (event) =>
          event.type === "message-received" && event.message.kind === "submission" && censored.has(event.message.signer)
            ? undefined
            : event,
      };
    }
    case "forging":
      return { name: role, outbound: forge(context) };
    case "flooding":
      return { name: role, outbound: flood(context) };
    case "replaying":
      return replay(role, context);
    case "garbling":
      return { name: role, outbound: garble(context) };
    case "mute":
      return {
        name: role,
        outbound: (effects) =>
          effects.filter((effect) => kindOf(effect) === undefined || kindOf(effect) === "heartbeat"),
      };
    case "stirring":
      return { name: role, outbound: stir(context) };
    case "double-voting":
      return voteTwice(role, context);
    case "forking":
      return { name: role, outbound: fork(context) };
    case "stalling":
      return { name: role, outbound: dropKinds(new Set(["append", "committed"])) };
    case "copying":
      return copy(role, context);
    case "favouring":
      return favour(role, context);
    default:
      return unreachable(role);
  }
}

function kindOf(effect: Effect): string | undefined {
  return effect.type === "send" || effect.type === "publish" ? effect.message.kind : undefined;
}

function dropKinds(kinds: ReadonlySet<string>): NonNullable<Interceptor["outbound"]> {
  return (effects) => effects.filter((effect) => !kinds.has(kindOf(effect) ?? ""));
}

/** Every vote request is followed by an announcement that nobody voted for: own vote, and invented ones of others. */
function forge({ contest, signer, random }: LiarContext): NonNullable<Interceptor["outbound"]> {
  return (effects) => {
    const forged: Effect[] = [];
    // Whom it asks are the voters: their names on the certificate are right, their signatures are not.
    const voters = effects.flatMap((effect) =>
      effect.type === "send" && effect.message.kind === "vote-request" ? [effect.to] : [],
    );
    for (const effect of effects) {
      if (effect.type !== "send" || effect.message.kind !== "vote-request" || forged.length > 0) continue;
      const asked = codec.decode(voteRequest, effect.message.body, MESSAGE_BYTES_MAX);
      if (asked === undefined) continue;
      const head = asked.cluster === null ? { index: -1, term: 0, hash: "0".repeat(64) as Hash } : null;
      const body = codec.encode(leaderCertificate, {
        cluster: asked.cluster,
        session: asked.session,
        round: asked.round,
        leader: signer.id,
        votes: [signer.id, ...new Set(voters)].map((voter) => ({
          voter,
          head,
          signature: random.bytes(SIGNATURE_BYTES),
        })),
      });
      forged.push({ type: "publish", message: signMessage(signer, contest, "leader", body) });
    }
    return forged.length === 0 ? effects : [...effects, ...forged];
  };
}

/** Refusals and requests with the highest rounds there are, and a submission that no honest leader accepts, shown to everybody. */
function stir({ contest, signer, others, random }: LiarContext): NonNullable<Interceptor["outbound"]> {
  const sign = <T>(kind: string, shape: codec.Shape<T>, value: T): SignedMessage =>
    signMessage(signer, contest, kind, codec.encode(shape, value));
  return (effects) => {
    const stirred: Effect[] = [];
    for (const effect of effects) {
      if (effect.type !== "send") continue;
      const { to, message } = effect;
      if (message.kind === ACK_KIND) {
        const said = codec.decode(ack, message.body, MESSAGE_BYTES_MAX);
        if (said === undefined) continue;
        const { term } = said;
        const head = { index: said.index, term, hash: said.hash };
        const promised = term + 1 + random.integer(2) * 60_000;
        stirred.push({ type: "send", to, message: sign("append-refused", appendRefused, { term, promised, head }) });
      } else if (message.kind === VOTE_KIND || message.kind === "vote-request") {
        const shape = message.kind === VOTE_KIND ? vote : voteRequest;
        const said = codec.decode<Pick<Vote, "cluster" | "session">>(shape, message.body, MESSAGE_BYTES_MAX);
        if (said === undefined || said.cluster === null) continue;
        const { cluster, session } = said;
        const asked = { cluster, session, round: ROUNDS_MAX - random.integer(2), standing: null };
        stirred.push({ type: "send", to, message: sign("vote-request", voteRequest, asked) });
      }
    }
    if (random.chance(0.02)) {
      const wrong = {
        problem: "no-such-problem",
        language: "cpp",
        filename: "a.cpp",
        companions: [],
        source: new Uint8Array(),
        nonce: random.bytes(16),
        at: 1,
      } as const;
      const complaint = sign(SUBMISSION_KIND, submission, wrong);
      for (const to of others) stirred.push({ type: "send", to, message: complaint });
    }
    return [...effects, ...stirred];
  };
}

/** Junk of known kinds, some signed properly and some not, a few for each event. */
function flood({ contest, signer, others, random }: LiarContext): NonNullable<Interceptor["outbound"]> {
  const kinds = [
    "vote",
    "ack",
    "append",
    "committed",
    "leader",
    "submission",
    "result",
    "heartbeat",
    "echo",
    "unheard-of",
  ];
  return (effects) => {
    const junk: Effect[] = [];
    for (let count = random.integer(4); count > 0; count -= 1) {
      const signed = signMessage(signer, contest, random.pick(kinds), random.bytes(random.integer(200)));
      const message = random.chance(0.5) ? signed : { ...signed, signature: random.bytes(SIGNATURE_BYTES) };
      junk.push(random.chance(0.2) ? { type: "publish", message } : { type: "send", to: random.pick(others), message });
    }
    return [...effects, ...junk];
  };
}

function replay(name: string, { others, random }: LiarContext): Interceptor {
  const memory: SignedMessage[] = [];
  return {
    name,
    inbound(event: Event) {
      if (event.type === "message-received") {
        if (memory.length < MEMORY_MAX) memory.push(event.message);
        else memory[random.integer(MEMORY_MAX)] = event.message;
      }
      return event;
    },
    outbound(effects) {
      if (memory.length === 0 || !random.chance(0.3)) return effects;
      return [...effects, { type: "send", to: random.pick(others), message: random.pick(memory) }];
    },
  };
}

/** One in four messages is followed by a copy with a few bytes changed, signed again: right signature, wrong words. */
function garble({ contest, signer, random }: LiarContext): NonNullable<Interceptor["outbound"]> {
  return (effects) =>
    effects.flatMap((effect): readonly Effect[] => {
      if ((effect.type !== "send" && effect.type !== "publish") || effect.message.signer !== signer.id) return [effect];
      // Votes and acknowledgements are let alone: two different ones are equivocation, another lie.
      if (["vote", "ack", "append", "committed"].includes(effect.message.kind) || !random.chance(0.25)) return [effect];
      const body = effect.message.body.slice();
      for (let changes = 1 + random.integer(3); changes > 0 && body.length > 0; changes -= 1) {
        const at = random.integer(body.length);
        body[at] = (body[at] as number) ^ (1 << random.integer(8));
      }
      return [effect, { ...effect, message: signMessage(signer, contest, effect.message.kind, body) }];
    });
}
