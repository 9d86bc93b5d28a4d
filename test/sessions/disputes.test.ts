/** Who hears a dispute, and whose results count (protocol.md §7, §9). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mapOf } from "../../sessions/clusters/history.ts";
import { doubtFault, type Doubting } from "../../sessions/disputes/fold.ts";
import { drawJury, juryQuorum } from "../../sessions/disputes/jury.ts";
import { addFault, bar, clearFault, electorate, isQuarantined } from "../../sessions/disputes/quarantine.ts";
import { type Ledger, type LedgerSubmission, newLedger } from "../../sessions/log/ledger.ts";
import { type Hash, hashOf, type Instant, type NodeId, type Statement } from "../../src/model/index.ts";
import { contestOf, STARTS_AT } from "./support/contest.ts";

function ledgerOf(nodes: number): Ledger {
  const { contest, manifest, roster, rosterHash } = contestOf(nodes);
  return newLedger({ contest, manifest, roster, rosterHash, startsAt: STARTS_AT });
}

function hash(text: string): Hash {
  return hashOf(new TextEncoder().encode(text));
}

/** Settled by the first two members of cluster 0 of session 0; sent in by a node of another cluster. */
function settled(ledger: Ledger): LedgerSubmission {
  const [judged = [], others = []] = mapOf(ledger.maps, 0)?.map.clusters ?? [];
  const statement: Statement = {
    submission: hash("submission"),
    attempt: 1,
    session: 0,
    cluster: 0,
    verdict: "AC",
    scoreMicros: 1_000_000,
    groupScoresMicros: [],
    costMax: 1,
    memoryBytesMax: 1,
    testsDone: 1,
    digest: hash("digest"),
    witness: null,
  };
  const at = (STARTS_AT + 1000) as Instant;
  const submission: LedgerSubmission = {
    id: statement.submission,
    submitter: others[0] as NodeId,
    problem: "hello",
    language: "cpp",
    at: STARTS_AT,
    index: 0,
    phase: "settled",
    assignments: [{ session: 0, cluster: 0, at: STARTS_AT, revision: 0, index: 1, jury: null }],
    verdict: { statement, voters: judged.slice(0, 2), at },
    practice: false,
    council: [],
    triesFrom: 0,
    validFrom: 0,
    rejudging: null,
    dismissed: false,
    hindrance: "",
  };
  ledger.submissions.set(submission.id, submission);
  return submission;
}

test("juries: quorum: two thirds, three, and more than had signed", () => {
  const rows = [
    [3, 2, 3],
    [4, 2, 3],
    [5, 2, 4],
    [7, 2, 5],
    [7, 5, 6],
    [11, 3, 8],
    [3, 3, 4],
  ] as const;
  for (const [size, votes, quorum] of rows) assert.equal(juryQuorum(size, votes), quorum, `${size} against ${votes}`);
});

test("juries: drawn: none who had to do with the verdict; by the beacon; twice the cluster and one at most", () => {
  const ledger = ledgerOf(24);
  const submission = settled(ledger);
  const before = submission.verdict;
  assert.ok(before !== null);
  const [judged = []] = mapOf(ledger.maps, 0)?.map.clusters ?? [];
  const everybody = ledger.basis.roster.members.map((member) => member.id);
  const [by, liar, suspect] = everybody.filter((node) => !judged.includes(node) && node !== submission.submitter);
  assert.ok(by !== undefined && liar !== undefined && suspect !== undefined);
  ledger.excluded.add(liar);
  bar(ledger, liar, 0);
  for (const each of ["a", "b"]) addFault(ledger, suspect, hash(each), 2);
  const doubt = { submission, before, by, dissents: new Map() };
  const members = new Set<NodeId>();
  const drawn = new Set<string>();
  for (let lot = 0; lot < 40; lot += 1) {
    const jury = drawJury(ledger, 0, hash(`beacon ${lot}`), doubt);
    assert.equal(jury?.members.length, 7);
    assert.equal(jury.quorum, 5);
    assert.deepEqual(drawJury(ledger, 0, hash(`beacon ${lot}`), doubt), jury, "anyone draws the same");
    drawn.add(jury.members.join());
    for (const member of jury.members) members.add(member);
  }
  for (const node of [...judged, submission.submitter, by, liar, suspect]) assert.ok(!members.has(node));
  assert.equal(members.size, 24 - judged.length - 4, "everybody else comes to sit in one");
  assert.equal(drawn.size, 40);
});

test("disputes: what is void: no jury, an earlier verdict, too many lost, a result that says the same", () => {
  const ledger = ledgerOf(9);
  const submission = settled(ledger);
  const [judged = [], others = []] = mapOf(ledger.maps, 0)?.map.clusters ?? [];
  const doubt: Doubting = {
    id: hash("doubt"),
    signer: others[1] as NodeId,
    submission: submission.id,
    attempt: 1,
    reason: "",
    result: null,
  };
  assert.equal(doubtFault(ledger, doubt), undefined);
  assert.equal(doubtFault(ledger, { ...doubt, attempt: 2 }), "other-attempt");
  assert.equal(doubtFault(ledger, { ...doubt, submission: hash("another") }), "unknown-submission");
  assert.equal(doubtFault(ledger, { ...doubt, signer: hash("stranger") as string as NodeId }), "not-in-roster");
  const same = submission.verdict?.statement as Statement;
  const outvoted = judged[2] as NodeId;
  assert.equal(doubtFault(ledger, { ...doubt, signer: outvoted, result: same }), "no-dissent");
  const other = { ...same, digest: hash("other") };
  assert.equal(doubtFault(ledger, { ...doubt, signer: outvoted, result: other }), undefined);
  assert.equal(doubtFault(ledger, { ...doubt, result: other }), "no-dissent", "it was not asked");
  assert.equal(doubtFault(ledger, { ...doubt, signer: outvoted, result: { ...other, cluster: 1 } }), "no-dissent");
  ledger.disputes.lost.set(doubt.signer, 3);
  assert.equal(doubtFault(ledger, doubt), "spent");
  ledger.disputes.lost.clear();
  for (const node of others) bar(ledger, node, 0);
  for (const node of mapOf(ledger.maps, 0)?.map.clusters[2] ?? []) bar(ledger, node, 0);
  assert.equal(doubtFault(ledger, doubt), "no-jury");
});

test("quarantine: two faults bar from later tasks on; a jury that agrees takes one back; a cluster is not left without a majority", () => {
  const ledger = ledgerOf(5);
  const [a, b, c, d, e] = ledger.basis.roster.members.map((member) => member.id) as [
    NodeId,
    NodeId,
    NodeId,
    NodeId,
    NodeId,
  ];
  const members = [a, b, c, d, e];
  assert.deepEqual(addFault(ledger, a, hash("one"), 5), []);
  assert.deepEqual(addFault(ledger, a, hash("one"), 6), [], "the same submission is one fault");
  assert.deepEqual(addFault(ledger, a, hash("two"), 7), [{ type: "quarantined", node: a, index: 7 }]);
  assert.deepEqual(electorate(ledger, members, e, 7), [a, b, c, d], "tasks of the same block and before count");
  assert.deepEqual(electorate(ledger, members, e, 8), [b, c, d]);
  bar(ledger, b, 7);
  assert.deepEqual(electorate(ledger, members, e, 8), [a, b, c, d], "two of five are no majority");
  assert.deepEqual(clearFault(ledger, a, hash("two"), 9), [{ type: "released", node: a, index: 9 }]);
  assert.ok(!isQuarantined(ledger, a));
  assert.deepEqual(electorate(ledger, members, e, 10), [a, c, d]);
});
