/** Evidence (protocol.md §9): what proves a lie, and that nobody can be framed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { evidenceHolds } from "../../sessions/evidence/proof.ts";
import {
  BLOCK_KIND,
  type Block,
  block,
  type ContestId,
  codec,
  type Evidence,
  hashOf,
  leaderCertificate,
  nobleVerifier,
  RESULT_KIND,
  type SignedMessage,
  type Signer,
  signMessage,
  type Statement,
  statement,
  VOTE_KIND,
  type Vote,
  vote,
} from "../../src/model/index.ts";
import { signerOf } from "./support/contest.ts";

const contest = hashOf(new Uint8Array([1])) as ContestId;
const check = { verifier: nobleVerifier, contest };
const [liar, honest, candidate] = [signerOf(0), signerOf(1), signerOf(2)];

function voteOf(signer: Signer, change: Partial<Vote>): SignedMessage {
  const ballot: Vote = { cluster: 1, session: 2, round: 3, candidate: candidate.id, head: null, ...change };
  return signMessage(signer, contest, VOTE_KIND, codec.encode(vote, ballot));
}

function blockOf(signer: Signer, change: Partial<Block>): SignedMessage {
  const made: Block = { index: 4, term: 5, previous: hashOf(new Uint8Array([2])), at: 6, entries: [], ...change };
  return signMessage(signer, contest, BLOCK_KIND, codec.encode(block, made));
}

function resultOf(signer: Signer, change: Partial<Statement>): SignedMessage {
  const said: Statement = {
    submission: hashOf(new Uint8Array([3])),
    attempt: 1,
    session: 2,
    cluster: 1,
    verdict: "AC",
    scoreMicros: 1_000_000,
    groupScoresMicros: [],
    costMax: 1,
    memoryBytesMax: 1,
    testsDone: 1,
    witness: null,
    digest: hashOf(new Uint8Array([4])),
    ...change,
  };
  return signMessage(signer, contest, RESULT_KIND, codec.encode(statement, said));
}

function announcementOf(signer: Signer, voters: readonly Signer[], forge = false): SignedMessage {
  const votes = voters.map((voter) => {
    const { signature } = voteOf(voter, { candidate: signer.id });
    return { voter: voter.id, head: null, signature: forge ? new Uint8Array(64).fill(1) : signature };
  });
  const certificate = { cluster: 1, session: 2, round: 3, leader: signer.id, votes };
  return signMessage(signer, contest, "leader", codec.encode(leaderCertificate, certificate));
}

const other = { candidate: honest.id };
const cases: readonly (readonly [string, Evidence["offence"], readonly SignedMessage[], boolean])[] = [
  ["two votes of one round", "double-vote", [voteOf(liar, {}), voteOf(liar, other)], true],
  ["one vote twice", "double-vote", [voteOf(liar, {}), voteOf(liar, {})], false],
  ["votes of two rounds", "double-vote", [voteOf(liar, {}), voteOf(liar, { ...other, round: 4 })], false],
  ["votes of two sessions", "double-vote", [voteOf(liar, {}), voteOf(liar, { ...other, session: 3 })], false],
  ["votes of two scopes", "double-vote", [voteOf(liar, {}), voteOf(liar, { ...other, cluster: 2 })], false],
  ["a vote of somebody else", "double-vote", [voteOf(liar, {}), voteOf(honest, other)], false],
  [
    "a vote with another's name",
    "double-vote",
    [voteOf(liar, {}), { ...voteOf(honest, other), signer: liar.id }],
    false,
  ],
  ["one vote", "double-vote", [voteOf(liar, {})], false],
  ["two blocks at one index", "fork", [blockOf(liar, {}), blockOf(liar, { at: 7 })], true],
  ["blocks of two terms", "fork", [blockOf(liar, {}), blockOf(liar, { term: 6 })], false],
  ["blocks of two indexes", "fork", [blockOf(liar, {}), blockOf(liar, { index: 5 })], false],
  ["two results of one task", "double-result", [resultOf(liar, {}), resultOf(liar, { verdict: "WA" })], true],
  ["results of two attempts", "double-result", [resultOf(liar, {}), resultOf(liar, { attempt: 2 })], false],
  ["an announcement with made-up votes", "false-announcement", [announcementOf(liar, [honest], true)], true],
  ["an announcement with one voter twice", "false-announcement", [announcementOf(liar, [honest, honest])], true],
  ["an announcement with true votes", "false-announcement", [announcementOf(liar, [honest, candidate])], false],
  ["votes called blocks", "fork", [voteOf(liar, {}), voteOf(liar, other)], false],
];

for (const [situation, offence, messages, holds] of cases) {
  test(`evidence: ${offence}: ${situation}: ${holds ? "proof" : "no proof"}`, () => {
    assert.equal(evidenceHolds(check, true, { offence, accused: liar.id, messages }), holds);
  });
}

test("evidence: two results where judging is not deterministic: no proof", () => {
  const messages = [resultOf(liar, {}), resultOf(liar, { verdict: "WA" })];
  assert.ok(!evidenceHolds(check, false, { offence: "double-result", accused: liar.id, messages }));
});
