/**
 * Invariant 6, seen from its root: no honest node ever signs two things that contradict each other, whatever crashed in
 * between; so there is nothing to frame it with. One vote of (scope, session, round), one block of (term, index), no
 * acknowledgement below a promised term.
 */
import {
  ACK_KIND,
  ack,
  append,
  type Block,
  block,
  BLOCK_BYTES_MAX,
  codec,
  type Effect,
  equalBytes,
  type LeaderCertificate,
  type NodeId,
  MESSAGE_BYTES_MAX,
  type SignedMessage,
  termOf,
  VOTE_KIND,
  type Vote,
  vote,
} from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "6-kept-promises";
const SMALL_BYTES_MAX = 4096;

export const keptPromises: CheckerMaker = ({ contest, isHonest }) => {
  const votes = new Map<string, string>();
  const blocks = new Map<string, Uint8Array>();
  /** Highest term in which each node voted for a central leader. */
  const promised = new Map<number, number>();
  const seen = new WeakSet<Uint8Array>();

  const voted = (node: number, cast: Pick<Vote, "cluster" | "session" | "round" | "candidate">): void => {
    const ballot = `${node}: ${cast.cluster ?? "central"}/${cast.session}/${cast.round}`;
    const other = votes.get(ballot);
    if (other !== undefined && other !== cast.candidate) throw new Violation(NAME, `two votes of node ${ballot}`);
    votes.set(ballot, cast.candidate);
    if (cast.cluster === null) {
      promised.set(node, Math.max(promised.get(node) ?? -1, termOf(cast.session, cast.round)));
    }
  };
  const certified = (certificate: LeaderCertificate): void => {
    for (const { voter } of certificate.votes) {
      const node = contest.nodeOf.get(voter);
      if (node !== undefined && isHonest(node)) voted(node, { ...certificate, candidate: certificate.leader });
    }
  };
  const signedBlock = (signer: NodeId, content: Block, encoded: Uint8Array): void => {
    const node = contest.nodeOf.get(signer);
    if (node === undefined || !isHonest(node)) return;
    const place = `${node}: ${content.term}/${content.index}`;
    const other = blocks.get(place);
    if (other !== undefined && !equalBytes(other, encoded)) throw new Violation(NAME, `two blocks of node ${place}`);
    blocks.set(place, encoded);
    for (const entry of content.entries) {
      if (entry.type === "term" || entry.type === "cluster-leader") certified(entry.certificate);
    }
  };
  const look = (node: number, message: SignedMessage): void => {
    if (seen.has(message.body)) return;
    if (message.kind === VOTE_KIND) {
      const cast = codec.decode(vote, message.body, SMALL_BYTES_MAX);
      if (cast !== undefined) voted(node, cast);
    } else if (message.kind === ACK_KIND) {
      const said = codec.decode(ack, message.body, SMALL_BYTES_MAX);
      if (said !== undefined && said.term < (promised.get(node) ?? -1)) {
        throw new Violation(NAME, `node ${node} acknowledges term ${said.term} after promising ${promised.get(node)}`);
      }
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
    stepped(host, _event, effects: readonly Effect[]) {
      if (!isHonest(host.index)) return;
      for (const effect of effects) {
        if ((effect.type === "send" || effect.type === "publish") && effect.message.signer === host.id) {
          look(host.index, effect.message);
        }
      }
    },
    committed({ block: content, message }) {
      signedBlock(message.signer, content, message.body);
    },
  };
};
