/** Certificates: what elects a leader (protocol.md §4.4) and what settles a verdict (§6.6), and everything that does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { centralCertificateFault, clusterCertificateFault } from "../../sessions/election/certificate.ts";
import { verdictFault } from "../../sessions/evaluation/verdict-certificate.ts";
import {
  type ContestId,
  codec,
  hashOf,
  type LeaderCertificate,
  nobleVerifier,
  RESULT_KIND,
  type Signer,
  signMessage,
  type Statement,
  statement,
  VOTE_KIND,
  type Vote,
  type VerdictCertificate,
  vote,
} from "../../src/model/index.ts";
import { signerOf } from "./support/contest.ts";

const contest = hashOf(new Uint8Array([1])) as ContestId;
const check = { verifier: nobleVerifier, contest };
const members = [0, 1, 2, 3, 4].map(signerOf);
const ids = members.map((member) => member.id);
const leader = members[0] as Signer;
const head = { index: 3, term: 1, hash: hashOf(new Uint8Array([2])) };

function certificateBy(voters: readonly Signer[], change: Partial<Vote> = {}): LeaderCertificate {
  const central = change.cluster === null;
  const ballot: Vote = {
    cluster: 2,
    session: 4,
    round: 1,
    candidate: leader.id,
    head: central ? head : null,
    ...change,
  };
  const votes = voters.map((voter) => {
    const { signature } = signMessage(voter, contest, VOTE_KIND, codec.encode(vote, ballot));
    return { voter: voter.id, head: ballot.head, signature };
  });
  return { cluster: central ? null : 2, session: 4, round: 1, leader: leader.id, votes };
}

function first(count: number): readonly Signer[] {
  return members.slice(0, count);
}

const clusterCases: readonly (readonly [string, LeaderCertificate, string | undefined])[] = [
  ["three of five", certificateBy(first(3)), undefined],
  ["all five", certificateBy(members), undefined],
  ["two of five", certificateBy(first(2)), "no-majority"],
  ["one voter three times", certificateBy([leader, leader, leader]), "duplicate-voter"],
  ["a voter of another cluster", certificateBy([...first(2), signerOf(9)]), "foreign-voter"],
  ["votes of another round", certificateBy(first(3), { round: 2 }), "forged-vote"],
  ["votes of another session", certificateBy(first(3), { session: 5 }), "forged-vote"],
  ["votes for somebody else", certificateBy(first(3), { candidate: ids[1] as Vote["candidate"] }), "forged-vote"],
  ["votes of another cluster's election", certificateBy(first(3), { cluster: 3 }), "forged-vote"],
  ["central votes", { ...certificateBy(first(3), { cluster: null }), cluster: 2 }, "misplaced-head"],
];

for (const [situation, certificate, fault] of clusterCases) {
  test(`election: a certificate with ${situation}: ${fault ?? "holds"}`, () => {
    assert.equal(clusterCertificateFault(check, certificate, ids), fault);
  });
}

test("election: a leader who is no member of the cluster: foreign-voter", () => {
  assert.equal(clusterCertificateFault(check, certificateBy(first(3)), ids.slice(1)), "foreign-voter");
});

test("election: a central certificate: needs a majority of every council in force", () => {
  const certificate = certificateBy(first(3), { cluster: null });
  const other = [7, 8, 9].map((each) => signerOf(each).id);
  assert.equal(centralCertificateFault(check, certificate, [ids]), undefined);
  assert.equal(centralCertificateFault(check, certificate, [ids, ids.slice(1, 4)]), undefined);
  assert.equal(centralCertificateFault(check, certificate, [ids, other]), "no-majority");
  assert.equal(centralCertificateFault(check, certificate, [ids.slice(3)]), "no-majority");
});

test("election: any changed byte of a signature: forged-vote", () => {
  const certificate = certificateBy(first(3));
  fc.assert(
    fc.property(fc.nat(2), fc.nat(63), fc.integer({ min: 1, max: 255 }), (which, at, by) => {
      const votes = certificate.votes.map((cast, index) => {
        if (index !== which) return cast;
        const signature = cast.signature.slice();
        signature[at] = (signature[at] ?? 0) ^ by;
        return { ...cast, signature };
      });
      assert.equal(clusterCertificateFault(check, { ...certificate, votes }, ids), "forged-vote");
    }),
    { numRuns: 20 },
  );
});

const said: Statement = {
  submission: hashOf(new Uint8Array([3])),
  attempt: 1,
  session: 4,
  cluster: 2,
  verdict: "AC",
  scoreMicros: 1_000_000,
  groupScoresMicros: [],
  costMax: 5,
  memoryBytesMax: 6,
  testsDone: 7,
  witness: null,
  digest: hashOf(new Uint8Array([4])),
};

function verdictBy(evaluators: readonly Signer[], signed: Statement = said): VerdictCertificate {
  const votes = evaluators.map((evaluator) => ({
    evaluator: evaluator.id,
    signature: signMessage(evaluator, contest, RESULT_KIND, codec.encode(statement, signed)).signature,
  }));
  return { statement: said, votes };
}

const stranger = signerOf(20).id;
const verdictCases: readonly (readonly [string, VerdictCertificate, typeof stranger, string | undefined])[] = [
  ["three of five", verdictBy(first(3)), stranger, undefined],
  ["two of five", verdictBy(first(2)), stranger, "no-majority"],
  ["three, one of them the submitter", verdictBy(first(3)), leader.id, "own-verdict"],
  ["one evaluator three times", verdictBy([leader, leader, leader]), stranger, "duplicate-evaluator"],
  ["an evaluator of another cluster", verdictBy([...first(2), signerOf(9)]), stranger, "foreign-evaluator"],
  ["signatures under another verdict", verdictBy(first(3), { ...said, verdict: "WA" }), stranger, "forged-result"],
  ["signatures of another attempt", verdictBy(first(3), { ...said, attempt: 2 }), stranger, "forged-result"],
];

for (const [situation, certificate, submitter, fault] of verdictCases) {
  test(`verdict: a certificate of ${situation}: ${fault ?? "holds"}`, () => {
    assert.equal(verdictFault(check, certificate, ids, submitter), fault);
  });
}
