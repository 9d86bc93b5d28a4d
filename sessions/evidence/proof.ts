/**
 * Whether evidence proves what it says. Every offence needs the accused's own signatures, and an honest machine never
 * signs such a pair, whatever is lost or restarted: votes are stored before they are sent, blocks too, and a leader that
 * restarts does not lead its old term. So nobody can be framed (protocol.md §9).
 */
import {
  BLOCK_BYTES_MAX,
  BLOCK_KIND,
  block,
  type Block,
  codec,
  ELECTION_BYTES_MAX,
  equalBytes,
  type Evidence,
  leaderCertificate,
  type NodeId,
  RESULT_KIND,
  type SignedMessage,
  statement,
  VOTE_KIND,
  verifyMessage,
  vote,
} from "../../src/model/index.ts";
import { type CertificateCheck, votesHold } from "../election/certificate.ts";

/** `deterministic`: whether two different results of one task are a lie (§7). */
export function evidenceHolds(check: CertificateCheck, deterministic: boolean, evidence: Evidence): boolean {
  const { accused, messages } = evidence;
  if (!offends(check, deterministic, evidence)) return false;
  return messages.every((message) => isSignedBy(check, accused, message));
}

function isSignedBy(check: CertificateCheck, accused: NodeId, message: SignedMessage): boolean {
  return message.signer === accused && verifyMessage(check.verifier, check.contest, message);
}

function offends(check: CertificateCheck, deterministic: boolean, evidence: Evidence): boolean {
  const [one, two] = evidence.messages;
  if (one === undefined) return false;
  if (evidence.offence === "false-announcement") return two === undefined && isFalseAnnouncement(check, one);
  if (two === undefined || equalBytes(one.body, two.body)) return false;
  switch (evidence.offence) {
    case "double-vote":
      return isDoubleVote(one, two);
    case "fork":
      return isFork(one, two);
    // The log's business: a jury's certificate against the accused's (disputes/), a block against the log before it.
    case "wrong-result":
    case "wrong-assignment":
      return false;
    case "double-result":
      return deterministic && isDoubleResult(one, two);
  }
}

function isDoubleVote(one: SignedMessage, two: SignedMessage): boolean {
  const [a, b] = [one, two].map((message) => opened(VOTE_KIND, vote, message, ELECTION_BYTES_MAX));
  if (a === undefined || b === undefined) return false;
  const sameElection = a.cluster === b.cluster && a.session === b.session && a.round === b.round;
  return sameElection && a.candidate !== b.candidate;
}

/** Only what is false in itself: whether the voters are the right ones depends on the log, and honest nodes may be behind. */
function isFalseAnnouncement(check: CertificateCheck, message: SignedMessage): boolean {
  const certificate = opened("leader", leaderCertificate, message, ELECTION_BYTES_MAX);
  if (certificate?.leader !== message.signer) return false;
  const voters = new Set(certificate.votes.map((cast) => cast.voter));
  return voters.size !== certificate.votes.length || !votesHold(check, certificate);
}

function isFork(one: SignedMessage, two: SignedMessage): boolean {
  const [a, b] = [one, two].map((message) => opened<Block>(BLOCK_KIND, block, message, 2 * BLOCK_BYTES_MAX));
  return a !== undefined && b !== undefined && a.index === b.index && a.term === b.term;
}

function isDoubleResult(one: SignedMessage, two: SignedMessage): boolean {
  const [a, b] = [one, two].map((message) => opened(RESULT_KIND, statement, message, 1024));
  if (a === undefined || b === undefined) return false;
  return a.submission === b.submission && a.attempt === b.attempt && a.session === b.session && a.cluster === b.cluster;
}

function opened<T>(kind: string, shape: codec.Shape<T>, message: SignedMessage, bytesMax: number): T | undefined {
  return message.kind === kind ? codec.decode(shape, message.body, bytesMax) : undefined;
}
