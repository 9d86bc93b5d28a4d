/** The life of a contest (issue 5 "During", "After") on a tiny network of machines: every node folds the same from the log. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { boardOf } from "../../../sessions/index.ts";
import { applyBlock } from "../../../sessions/log/fold.ts";
import type { Ledger } from "../../../sessions/log/ledger.ts";
import type { Hash } from "../../../src/model/index.ts";
import { manifestOf, STARTS_AT } from "../support/contest.ts";
import { LifeNetwork } from "./network.ts";

const DURATION_MS = 600_000;
const { rules: RULES, problems: PROBLEMS } = manifestOf();

function failure(reply: unknown): unknown {
  return (reply as { readonly code?: string } | undefined)?.code;
}

function assertEqualBoards(network: LifeNetwork): void {
  const boards = network.machines.map(({ state }) => JSON.stringify(boardOf(state)));
  assert.equal(new Set(boards).size, 1);
}

test("life: clarifications: asked by a participant, answered to all and in private, unanswered ones are counted", () => {
  const network = new LifeNetwork(4);
  const asked = network.command(1, { type: "ask", problem: "hello", text: "May n be 0?" });
  assert.deepEqual(
    asked.map(({ type }) => type),
    ["sent", "asked"],
  );
  assert.equal(network.life().unfinished.unanswered, 1);
  const [list] = network.command(network.sage, { type: "clarifications" }, 0);
  assert.ok(list?.type === "clarifications");
  const [question] = list.questions;
  assert.equal(question?.text, "May n be 0?");
  const answer = {
    type: "answer",
    question: question?.id ?? ("" as never),
    toAll: true,
    quote: true,
    text: "Yes.",
  } as const;
  assert.equal(network.order(answer)?.type, "ordered");
  const [others] = network.command(2, { type: "clarifications" }, 0);
  assert.ok(others?.type === "clarifications");
  assert.equal(others.questions[0]?.answers[0]?.asked, "May n be 0?");
  assert.equal(others.questions[0]?.answers[0]?.text, "Yes.");
  assert.equal(network.life(3).unfinished.unanswered, 0);
  assert.equal(network.order({ type: "notice", problem: null, text: "Lunch at noon." })?.type, "ordered");
  assert.equal(network.life(0).notices, 1);
});

test("life: orders: only from the organizer and the sages; each mistake has its code", () => {
  const network = new LifeNetwork(4);
  const [refused] = network.command(0, { type: "order", wish: { type: "pause", reason: "" } });
  assert.equal(failure(refused), "not-an-organizer");
  assert.equal(failure(network.order({ type: "resume" })), "not-paused");
  assert.equal(failure(network.order({ type: "unfreeze" })), "not-frozen");
  assert.equal(failure(network.order({ type: "finalize" })), "not-over");
  assert.equal(failure(network.order({ type: "extend", byMs: -2 * DURATION_MS })), "too-short");
  assert.equal(failure(network.order({ type: "replay", submission: null })), "no-dead-letter");
  assert.equal(failure(network.order({ type: "notice", problem: "nothing", text: "x" })), "unknown-problem");
  assert.equal(failure(network.order({ type: "notice", problem: null, text: " \n" })), "empty");
});

test("life: a pause stops the contest's clock, refuses submissions, and moves the end; an extension moves it too", () => {
  const network = new LifeNetwork(4);
  const { endsAt } = network.life();
  assert.equal(endsAt, STARTS_AT + DURATION_MS);
  assert.equal(network.order({ type: "pause", reason: "fire drill" })?.type, "ordered");
  assert.equal(network.life(2).paused, true);
  assert.equal(network.life(2).endsAt, null);
  assert.throws(() => network.submit(1, "x"), /paused/);
  network.wait(120_000);
  assert.equal(network.order({ type: "resume" })?.type, "ordered");
  const resumed = network.life(2).endsAt ?? 0;
  assert.ok(resumed - STARTS_AT - DURATION_MS >= 120_000 && resumed - STARTS_AT - DURATION_MS < 122_000);
  network.order({ type: "extend", byMs: 600_000 });
  assert.equal(network.life(3).endsAt, resumed + 600_000);
  network.run(STARTS_AT + 5 * 60_000);
  network.submit(1, "x");
  network.wait(2000);
  // 5 minutes less the 2 of the pause.
  assert.equal(network.board().rows[0]?.cells[0]?.minutes, 2);
  assertEqualBoards(network);
});

test("life: the freeze: participants see pending until it is lifted, organizers look behind it", () => {
  const network = new LifeNetwork(4, { rules: { ...RULES, freezeMs: 300_000 } });
  network.run(STARTS_AT + 301_000);
  network.submit(0, "x");
  network.wait(2000);
  assert.equal(network.board(1).frozen, true);
  assert.equal(network.board(1).rows[0]?.cells[0]?.pending, 1);
  assert.equal(network.board(network.sage, true).rows[0]?.solved, 1);
  assert.equal(network.board(1, true).rows[0]?.solved, 0);
  assert.equal((network.order({ type: "unfreeze" }) as { readonly code?: string }).code, "not-over");
  network.run(STARTS_AT + DURATION_MS + 10);
  assert.equal(network.order({ type: "unfreeze" })?.type, "ordered");
  assert.equal(network.board(1).frozen, false);
  assert.equal(network.board(1).rows[0]?.solved, 1);
  assertEqualBoards(network);
});

test("life: a rejudging is judged beside the old verdicts, previewed, then applied or cancelled", () => {
  const network = new LifeNetwork(5);
  network.judge = (source) => (source === "wrong" ? "WA" : "AC");
  const ids = [network.submit(0, "right"), network.submit(1, "wrong")];
  network.wait(3000);
  assert.deepEqual(
    ids.map((id) => network.submission(2, id).verdict),
    ["AC", "WA"],
  );
  // The data was wrong: now both are accepted.
  network.judge = () => "AC";
  const selection = { submission: null, problem: "hello", language: null, verdict: null };
  const ordered = network.order({ type: "rejudge", selection, reason: "test 3" });
  assert.ok(ordered?.type === "ordered", JSON.stringify(ordered));
  network.wait(5000);
  const [reply] = network.command(network.sage, { type: "rejudging", rejudging: ordered.id }, 0);
  assert.ok(reply?.type === "rejudging");
  const { status, changes, rows, judged } = reply.rejudging;
  assert.equal(status, "judged");
  assert.equal(judged, 2);
  assert.deepEqual(
    changes.map(({ submission, before, after }) => [submission, before, after]),
    [[ids[1], "WA", "AC"]],
  );
  const solver = rows.find(({ team }) => team === network.machines[1]?.signer.id);
  assert.deepEqual([solver?.before?.solved, solver?.after?.solved], [0, 1]);
  // Not in force yet, and the contest cannot be final with it open.
  assert.equal(network.submission(3, ids[1] as never).verdict, "WA");
  assert.equal(network.life().unfinished.rejudgings, 1);
  assert.equal(network.order({ type: "rejudge-apply", rejudging: ordered.id })?.type, "ordered");
  assert.equal(network.submission(3, ids[1] as never).verdict, "AC");
  assert.equal(network.board(4).rows.filter((row) => row.solved === 1).length, 2);
  const again = network.order({ type: "rejudge", selection, reason: "" });
  assert.ok(again?.type === "ordered");
  assert.equal(network.order({ type: "rejudge-cancel", rejudging: again.id })?.type, "ordered");
  network.wait(3000);
  assert.equal(network.life().waiting, 0);
  assertEqualBoards(network);
});

test("life: exchanged test data: what is judged from then on is judged with them, the rest when it is judged again", () => {
  const network = new LifeNetwork(5);
  network.judge = (source, revision) => (source === "fits" || revision > 0 ? "AC" : "WA");
  const before = network.submit(0, "does not");
  network.wait(3000);
  assert.equal(network.submission(2, before).verdict, "WA");
  const bundle = "a".repeat(64) as never;
  const key = "b".repeat(64);
  const wish = { type: "replace", problem: "hello", sealedBundle: bundle, package: null, key, reason: "typo" } as const;
  assert.equal(network.order(wish)?.type, "ordered");
  assert.equal(failure(network.order({ ...wish, problem: "nothing" })), "unknown-problem");
  const after = network.submit(1, "does not");
  network.wait(3000);
  assert.equal(network.submission(2, after).verdict, "AC");
  assert.equal(network.submission(2, before).verdict, "WA");
  const selection = { submission: before, problem: null, language: null, verdict: null };
  const ordered = network.order({ type: "rejudge", selection, reason: "" });
  assert.ok(ordered?.type === "ordered");
  network.wait(5000);
  assert.equal(network.order({ type: "rejudge-apply", rejudging: ordered.id })?.type, "ordered");
  assert.equal(network.submission(4, before).verdict, "AC");
  assertEqualBoards(network);
});

test("life: dead letters are replayed when the evaluators can judge again; one that never can is dismissed", () => {
  const network = new LifeNetwork(4, { attemptsMax: 1 });
  network.judge = () => undefined;
  const [one, two] = [network.submit(0, "a"), network.submit(1, "b")];
  network.wait(300_000);
  assert.equal(network.life().deadLetters.length, 2);
  network.judge = (source) => (source === "a" ? "AC" : undefined);
  assert.equal(network.order({ type: "replay", submission: null })?.type, "ordered");
  network.wait(300_000);
  assert.equal(network.submission(2, one).verdict, "AC");
  assert.deepEqual(
    network.life(2).deadLetters.map(({ submission }) => submission),
    [two],
  );
  assert.equal(network.order({ type: "dismiss", submission: two, reason: "no evaluator can" })?.type, "ordered");
  assert.equal(network.life(2).deadLetters.length, 0);
  assertEqualBoards(network);
});

test("life: the end: practice does not count, finalizing waits for verdicts and answers, nothing changes after it", () => {
  const network = new LifeNetwork(4);
  network.submit(0, "counts");
  network.command(1, { type: "ask", problem: null, text: "When is dinner?" });
  network.run(STARTS_AT + DURATION_MS + 1000);
  const practice = network.submit(1, "too late");
  network.wait(3000);
  assert.equal(network.submission(2, practice).verdict, "AC");
  assert.equal(network.board().rows.filter((row) => row.solved > 0).length, 1);
  const early = network.order({ type: "finalize" });
  assert.ok(early?.type === "failed");
  assert.equal(early.code, "unanswered");
  assert.match(early.reason, /1 question is not answered/);
  const [list] = network.command(network.sage, { type: "clarifications" }, 0);
  assert.ok(list?.type === "clarifications");
  const question = list.questions[0]?.id ?? ("" as never);
  network.order({ type: "answer", question, toAll: false, quote: false, text: "At eight." });
  assert.equal(network.order({ type: "finalize" })?.type, "ordered");
  assert.notEqual(network.life(3).finalized, null);
  const late = network.order({ type: "extend", byMs: 60_000 });
  assert.ok(late?.type === "failed");
  assert.equal(late.code, "finalized");
  assertEqualBoards(network);
});

test("life: sages gather every source, so that rejudging and the archive have them", () => {
  const network = new LifeNetwork(5);
  const ids = [network.submit(0, "a"), network.submit(1, "b"), network.submit(2, "c")];
  network.wait(10_000);
  assert.equal(network.life().uncollected, 0);
  const { store } = network.machines[network.sage] as LifeNetwork["machines"][number];
  for (const id of ids) assert.ok(store.has(`session/body/${id}`));
});

test("life: a disqualified participant is off the board and cannot submit; it can be taken back", () => {
  const network = new LifeNetwork(4);
  const node = network.machines[1]?.signer.id ?? ("" as never);
  assert.equal(network.order({ type: "disqualify", node, out: true, reason: "copied" })?.type, "ordered");
  assert.equal(network.board().rows.length, 3);
  assert.throws(() => network.submit(1, "x"), /disqualified/);
  network.order({ type: "disqualify", node, out: false, reason: "a mistake" });
  assert.equal(network.board().rows.length, 4);
});

test("life: limits: so many submissions of one problem, and a wait between two; practice knows none", () => {
  const [problem] = PROBLEMS;
  assert.ok(problem !== undefined);
  const problems = [{ ...problem, submissionsMax: 2 }];
  const network = new LifeNetwork(4, { problems, rules: { ...RULES, submissionIntervalMs: 30_000 } });
  const [first, second] = [network.submit(0, "a"), network.submit(0, "b")];
  network.wait(5000);
  assert.equal(network.submission(0, first).phase, "settled");
  const early = network.submission(0, second);
  assert.deepEqual([early.phase, early.refusal], ["queued", "too-fast"]);
  assert.throws(() => network.submit(0, "c"), /too-many.*allows 2 submissions for A/s);
  network.submit(1, "another one's");
  network.wait(60_000);
  assert.equal(network.submission(2, second).phase, "settled");
  const [one, two] = [first, second].map((id) => network.submission(0, id).receivedAt ?? 0);
  assert.ok((two ?? 0) - (one ?? 0) >= 30_000);
  assert.throws(() => network.submit(0, "c"), /too-many/);
  network.run(STARTS_AT + DURATION_MS + 1000);
  const practice = [network.submit(0, "d"), network.submit(0, "e")];
  network.wait(5000);
  for (const id of practice) assert.equal(network.submission(1, id).phase, "settled");
  assertEqualBoards(network);
});

test("life: limits: a leader that logs more than is allowed: void on every node; a dismissed judge error is given back", () => {
  const [problem] = PROBLEMS;
  assert.ok(problem !== undefined);
  const network = new LifeNetwork(4, { problems: [{ ...problem, submissionsMax: 1 }], attemptsMax: 1 });
  network.judge = () => undefined;
  const lost = network.submit(0, "a");
  network.wait(300_000);
  const { state, signer } = network.machines[0] as LifeNetwork["machines"][number];
  const ledger = state.live?.ledger as Ledger;
  const receipt = {
    type: "receipt",
    submission: "a".repeat(64) as Hash,
    submitter: signer.id,
    problem: "hello",
    language: "cpp",
    at: network.now,
    sourceBytes: 1,
  } as const;
  const { term } = ledger;
  const block = { index: 0, term, previous: "0".repeat(64) as Hash, at: network.now, entries: [receipt] };
  assert.deepEqual(applyBlock(ledger, block, state.config.verifier), [
    { type: "void", entry: "receipt", fault: "too-many" },
  ]);
  assert.throws(() => network.submit(0, "b"), /too-many/);
  network.order({ type: "dismiss", submission: lost, reason: "" });
  network.judge = () => "AC";
  const again = network.submit(0, "b");
  network.wait(3000);
  assert.equal(network.submission(1, again).verdict, "AC");
});
