/**
 * What may follow what in the contest log (protocol.md §5): links, terms, the leader's right to append, and the
 * acknowledgements that commit. Pure: the same checks for council members, candidates and everyone who only follows.
 *
 * A block is committed once members of a majority of *every* council in force from the last committed block up to it hold
 * it under its own term. A leader is elected by the same majorities. Any two such sets share a member for the council of
 * the last block that both sides know to be committed, so that a committed block is in every later leader's log.
 */
import {
  ACK_KIND,
  ack,
  type Ack,
  type Block,
  BLOCK_BYTES_MAX,
  BLOCK_KIND,
  block,
  type Committed,
  type ContestId,
  codec,
  type EntryOf,
  type Hash,
  hashOf,
  type Instant,
  type LogHead,
  memo,
  type NodeId,
  type Recovery,
  type SignedMessage,
  signingDigest,
  termOfCertificate,
  verifyMessage,
} from "../../src/model/index.ts";
import { type CertificateCheck, centralCertificateFault } from "../election/certificate.ts";
import { majorityOfEach } from "../quorum.ts";

/** A log's end, as far as it decides what may follow. */
export interface LogView {
  readonly head: LogHead;
  /** In force from the last committed block on: its own council first, then each one that an uncommitted block sets. */
  readonly councils: readonly (readonly NodeId[])[];
  /** −1 before the first block. */
  readonly term: number;
  readonly leader: NodeId | null;
  readonly at: Instant;
  /** The last committed block below: what a recovery must name (§5). */
  readonly base: Hash;
  /** The attempt of the recovery since then; 0: none. */
  readonly recovered: number;
}

export interface LinkedBlock extends ParsedBlock {
  /** After this block, before it is committed. */
  readonly view: LogView;
}

export interface LogRules extends CertificateCheck {
  /** Whether these nodes may form a council: distinct members of the roster, not excluded, few enough. */
  readonly isCouncil: (council: readonly NodeId[]) => boolean;
  /** Whether a majority of the sages signed it. */
  readonly isRecovery: (recovery: Recovery) => boolean;
}

export type LinkFault =
  | "not-next"
  | "wrong-previous"
  | "old-term"
  | "clock-back"
  | "not-the-leader"
  | "term-without-certificate"
  | "unexpected-term-entry"
  | "unexpected-recovery"
  | "bad-certificate"
  | "ignores-sealed-head"
  | "bad-council"
  | "forged-block";

/** Room for a term's certificates beside the entries. */
const BLOCK_MESSAGE_BYTES_MAX = 2 * BLOCK_BYTES_MAX;

/** A block as received, parsed once; nothing about it is checked yet. */
export interface ParsedBlock {
  readonly message: SignedMessage;
  readonly block: Block;
  readonly hash: Hash;
}

/** A block comes to a member several times: proposed, committed, asked for. */
const parsedBlocks = memo<SignedMessage, ParsedBlock>();

export function parseBlock(message: SignedMessage): ParsedBlock | undefined {
  if (message.kind !== BLOCK_KIND) return undefined;
  const known = parsedBlocks.get(message);
  if (known !== undefined) return known;
  const content = codec.decode(block, message.body, BLOCK_MESSAGE_BYTES_MAX);
  if (content === undefined) return undefined;
  const parsed = { message, block: content, hash: hashOf(message.body) };
  parsedBlocks.set(message, parsed);
  return parsed;
}

/** All or nothing. */
export function parseBlocks(messages: readonly SignedMessage[]): readonly ParsedBlock[] | undefined {
  const parsed = messages.map(parseBlock);
  return parsed.every((each) => each !== undefined) ? parsed : undefined;
}

export function linkBlock(rules: LogRules, view: LogView, parsed: ParsedBlock): LinkedBlock | LinkFault {
  const { block: next, message } = parsed;
  if (next.index !== view.head.index + 1) return "not-next";
  if (next.previous !== view.head.hash) return "wrong-previous";
  if (next.term < view.term) return "old-term";
  if (next.at < view.at) return "clock-back";
  const isNewTerm = next.term > view.term;
  const fault = isNewTerm ? newTermFault(rules, view, next, message.signer) : sameTermFault(view, next, message.signer);
  if (fault !== undefined) return fault;
  if (!councilsSetBy(next).every(rules.isCouncil)) return "bad-council";
  if (!verifyMessage(rules.verifier, rules.contest, message)) return "forged-block";
  return linked(view, parsed);
}

/** A block that this node made or checked before. */
export function linked(view: LogView, parsed: ParsedBlock): LinkedBlock {
  const { block: next, message, hash } = parsed;
  return {
    ...parsed,
    view: {
      head: { index: next.index, term: next.term, hash },
      councils: [...councilsBefore(view, next), ...councilsSetBy(next)],
      term: next.term,
      leader: message.signer,
      at: next.at as Instant,
      base: view.base,
      recovered: recoveryIn(next)?.statement.attempt ?? view.recovered,
    },
  };
}

/** In the second place of a term's first block only. */
function recoveryIn(next: Block): Recovery | undefined {
  const [, entry] = next.entries;
  return entry?.type === "recovery" ? entry.recovery : undefined;
}

/** Councils whose majorities the block needs: a recovery takes the place of all of them. */
function councilsBefore(view: LogView, next: Block): readonly (readonly NodeId[])[] {
  const recovered = recoveryIn(next);
  return recovered === undefined ? view.councils : [recovered.statement.council];
}

/** The same log end once its last block is committed: only the newest council stays in force. */
export function committedView(view: LogView): LogView {
  return { ...view, councils: view.councils.slice(-1), base: view.head.hash, recovered: 0 };
}

export function compareHeads(a: LogHead, b: LogHead): number {
  return a.term - b.term || a.index - b.index;
}

/** What a member signs to acknowledge a block. */
export function ackOf(next: LinkedBlock): Ack {
  return { index: next.block.index, term: next.block.term, hash: next.hash };
}

export type CommitFault = "duplicate-member" | "no-majority" | "forged-ack";

/** Undefined when the acknowledgements commit the block; members of no council in force do not count, nor harm. */
export function commitFault(rules: LogRules, end: LinkedBlock, acks: Committed["acks"]): CommitFault | undefined {
  const members = new Set(acks.map((one) => one.member));
  if (members.size !== acks.length) return "duplicate-member";
  if (!majorityOfEach(end.view.councils, members)) return "no-majority";
  const digest = ackDigestOf(rules.contest, end);
  const genuine = acks.every((one) => rules.verifier.verify(digest, one.signature, one.member));
  return genuine ? undefined : "forged-ack";
}

const ackDigests = memo<SignedMessage, { readonly contest: ContestId; readonly digest: Uint8Array }>();

/** What every member signed that acknowledged the block. */
function ackDigestOf(contest: ContestId, end: LinkedBlock): Uint8Array {
  const known = ackDigests.get(end.message);
  if (known?.contest === contest) return known.digest;
  const digest = signingDigest(ACK_KIND, contest, codec.encode(ack, ackOf(end)));
  ackDigests.set(end.message, { contest, digest });
  return digest;
}

function sameTermFault(view: LogView, next: Block, signer: NodeId): LinkFault | undefined {
  if (signer !== view.leader) return "not-the-leader";
  if (next.entries.some((entry) => entry.type === "recovery")) return "unexpected-recovery";
  return next.entries.some((entry) => entry.type === "term") ? "unexpected-term-entry" : undefined;
}

function newTermFault(rules: LogRules, view: LogView, next: Block, signer: NodeId): LinkFault | undefined {
  const [first, ...rest] = next.entries;
  if (first?.type !== "term") return "term-without-certificate";
  if (rest.some((entry) => entry.type === "term")) return "unexpected-term-entry";
  if (rest.slice(1).some((entry) => entry.type === "recovery")) return "unexpected-recovery";
  const recovered = recoveryIn(next);
  if (recovered !== undefined) {
    const { base, attempt, council } = recovered.statement;
    const isFit = base.hash === view.base && attempt > view.recovered && rules.isCouncil(council);
    if (!isFit || !rules.isRecovery(recovered)) return "unexpected-recovery";
  }
  const { certificate } = first;
  if (certificate.leader !== signer) return "not-the-leader";
  if (certificate.cluster !== null || termOfCertificate(certificate) !== next.term) return "bad-certificate";
  // Whoever leads continues from the highest head that its voters sealed.
  if (certificate.votes.some((cast) => cast.head !== null && compareHeads(cast.head, view.head) > 0)) {
    return "ignores-sealed-head";
  }
  return centralCertificateFault(rules, certificate, councilsBefore(view, next)) === undefined
    ? undefined
    : "bad-certificate";
}

function councilsSetBy(next: Block): readonly (readonly NodeId[])[] {
  return next.entries
    .filter((entry): entry is EntryOf<"term"> | EntryOf<"council"> => entry.type === "term" || entry.type === "council")
    .map((entry) => entry.council);
}
