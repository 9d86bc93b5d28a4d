/**
 * Invariant 6, seen from its root: no honest node ever signs two things that contradict each other, whatever crashed in
 * between; so there is nothing to frame it with. One vote of (scope, session, round), one block of (term, index), no
 * acknowledgement below a promised term, no sealed log end below what was acknowledged.
 */
import {
  ACK_KIND,
  type Ack,
  ack,
  append,
  type Block,
  block,
  BLOCK_BYTES_MAX,
  codec,
  type Committed,
  committed,
  ELECTION_BYTES_MAX,
  equalBytes,
  type LeaderCertificate,
  leaderCertificate,
  LOG_RANGE_BYTES_MAX,
  logRange,
  type NodeId,
  MESSAGE_BYTES_MAX,
  type SignedMessage,
  signingDigest,
  termOf,
  VOTE_KIND,
  type Vote,
  vote,
} from "../../src/model/index.ts";
import { bodyHash } from "./body-hash.ts";
import { type CheckerMaker, Violation } from "./checker.ts";
import { isBelow, Pledges } from "./pledges.ts";

const NAME = "6-kept-promises";
const SMALL_BYTES_MAX = 4096;

export const keptPromises: CheckerMaker = ({ contest, isHonest, contradicted }) => {
  const votes = new Map<string, string>();
  const blocks = new Map<string, Uint8Array>();
  /** Highest term in which each node voted for a central leader. */
  const promised = new Map<number, number>();
  /** The highest block each node acknowledged. */
  const held = new Map<number, { readonly term: number; readonly index: number }>();
  const seen = new WeakSet<Uint8Array>();

  /** Who is not honest is only noted: it may break what its voters rely on. */
  const contradicts = (node: number, what: string): void => {
    if (isHonest(node)) throw new Violation(NAME, what);
    contradicted.add(node);
  };

  /** Of nodes that are not honest. */
  const pledges = new Map<number, Pledges>();
  const pledgesOf = (node: number): Pledges => {
    let known = pledges.get(node);
    if (known === undefined) pledges.set(node, (known = new Pledges()));
    return known;
  };

  const voted = (node: number, cast: Pick<Vote, "cluster" | "session" | "round" | "candidate">): void => {
    const ballot = `${node}: ${cast.cluster ?? "central"}/${cast.session}/${cast.round}`;
    const other = votes.get(ballot);
    if (other !== undefined && other !== cast.candidate) contradicts(node, `two votes of node ${ballot}`);
    votes.set(ballot, cast.candidate);
    if (cast.cluster === null) {
      promised.set(node, Math.max(promised.get(node) ?? -1, termOf(cast.session, cast.round)));
    }
  };
  /** A central vote tells the voter's log end: nothing that it acknowledged may be missing. */
  const sealed = (node: number, cast: Pick<Vote, "session" | "round" | "head">): void => {
    if (!isHonest(node)) {
      if (pledgesOf(node).seal(cast)) contradicted.add(node);
      return;
    }
    const most = held.get(node);
    // An old vote that is sent again says what was true then; and once two blocks are committed at one place, one of them goes.
    if (most === undefined || cast.head === null || contradicted.size > 0) return;
    if (termOf(cast.session, cast.round) > most.term && isBelow(cast.head, most)) {
      const told = `${cast.head.term}/${cast.head.index} after it held ${most.term}/${most.index}`;
      throw new Violation(NAME, `node ${node} seals ${told}`);
    }
  };
  const acknowledged = (node: number, said: Pick<Ack, "term" | "index">): void => {
    if (!isHonest(node)) {
      if (pledgesOf(node).acknowledge(said)) contradicted.add(node);
      return;
    }
    if (said.term < (promised.get(node) ?? -1)) {
      const told = `term ${said.term} after promising ${promised.get(node)}`;
      throw new Violation(NAME, `node ${node} acknowledges ${told}`);
    }
    const most = held.get(node);
    if (most === undefined || isBelow(most, said)) held.set(node, said);
  };
  const certified = (certificate: LeaderCertificate): void => {
    const { cluster, session, round, leader } = certificate;
    for (const { voter, head } of certificate.votes) {
      const node = contest.nodeOf.get(voter);
      if (node === undefined) continue;
      if (isHonest(node)) voted(node, { cluster, session, round, candidate: leader });
      else sealed(node, { session, round, head });
    }
  };
  /** A candidate sends its own vote to nobody: it shows it in its announcement. Forged ones are no votes. */
  const announced = (node: number, body: Uint8Array): void => {
    const certificate = codec.decode(leaderCertificate, body, ELECTION_BYTES_MAX);
    const own = certificate?.votes.find(({ voter }) => voter === certificate.leader);
    if (certificate === undefined || own === undefined || contest.nodeOf.get(certificate.leader) !== node) return;
    const { cluster, session, round, leader } = certificate;
    const cast = { cluster, session, round, candidate: leader, head: own.head };
    const digest = signingDigest(VOTE_KIND, contest.contest, codec.encode(vote, cast));
    if (!contest.keys.verifier.verify(digest, own.signature, leader)) return;
    voted(node, cast);
    if (!isHonest(node)) sealed(node, cast);
  };
  /** A leader acknowledges its own blocks here only. What honest members signed was seen when they sent it. */
  const told = ({ blocks: said, acks }: Committed): void => {
    const last = said.at(-1);
    const end = last === undefined ? undefined : codec.decode(block, last.body, BLOCK_BYTES_MAX);
    for (const { member } of acks) {
      const node = contest.nodeOf.get(member);
      if (end !== undefined && node !== undefined && !isHonest(node)) acknowledged(node, end);
    }
  };
  const signedBlock = (signer: NodeId, content: Block, encoded: Uint8Array): void => {
    const node = contest.nodeOf.get(signer);
    if (node === undefined) return;
    const place = `${node}: ${content.term}/${content.index}`;
    const other = blocks.get(place);
    if (other !== undefined && !equalBytes(other, encoded)) contradicts(node, `two blocks of node ${place}`);
    blocks.set(place, encoded);
    // Nor does a term's leader continue another log than its own.
    const before = blocks.get(`${node}: ${content.term}/${content.index - 1}`);
    if (before !== undefined && bodyHash(before) !== content.previous) contradicts(node, `two logs of node ${place}`);
    const after = blocks.get(`${node}: ${content.term}/${content.index + 1}`);
    if (after !== undefined && codec.decode(block, after, BLOCK_BYTES_MAX)?.previous !== bodyHash(encoded))
      contradicts(node, `two logs of node ${place}`);
    for (const entry of content.entries) {
      if (entry.type === "term" || entry.type === "cluster-leader") certified(entry.certificate);
    }
  };
  const look = (node: number, message: SignedMessage): void => {
    if (seen.has(message.body)) return;
    if (message.kind === VOTE_KIND) {
      const cast = codec.decode(vote, message.body, SMALL_BYTES_MAX);
      if (cast !== undefined) {
        voted(node, cast);
        sealed(node, cast);
      }
    } else if (message.kind === ACK_KIND) {
      const said = codec.decode(ack, message.body, SMALL_BYTES_MAX);
      if (said !== undefined) acknowledged(node, said);
    } else if (message.kind === "leader") {
      announced(node, message.body);
    } else if (message.kind === "committed") {
      const said = codec.decode(committed, message.body, MESSAGE_BYTES_MAX);
      if (said !== undefined) told(said);
    } else if (message.kind === "log-range" && !isHonest(node)) {
      // It may have said nothing of its block but to those who asked.
      for (const group of codec.decode(logRange, message.body, LOG_RANGE_BYTES_MAX)?.committed ?? []) told(group);
    } else if (message.kind === "append") {
      for (const each of codec.decode(append, message.body, MESSAGE_BYTES_MAX)?.blocks ?? []) {
        if (seen.has(each.body)) continue;
        seen.add(each.body);
        const content = codec.decode(block, each.body, BLOCK_BYTES_MAX);
        if (content !== undefined) signedBlock(each.signer, content, each.body);
      }
    } else return;
    seen.add(message.body);
  };
  return {
    name: NAME,
    kinds: [VOTE_KIND, ACK_KIND, "leader", "committed", "log-range", "append"],
    // What comes of a lie may show before the lie is on its way.
    stepped(host, _event, effects) {
      if (isHonest(host.index)) return;
      for (const effect of effects) {
        if (effect.type !== "send" && effect.type !== "publish") continue;
        if (effect.message.signer === host.id) look(contest.nodeOf.get(host.id) ?? host.index, effect.message);
      }
    },
    // Not when it is meant to be sent: what is lost in a crash before it is durable promises nothing.
    sent(host, message) {
      if (message.signer !== host.id) return;
      // Twins share a name, and what one of them promised binds the other.
      look(contest.nodeOf.get(host.id) ?? host.index, message);
    },
    committed({ block: content, message }) {
      signedBlock(message.signer, content, message.body);
    },
  };
};
