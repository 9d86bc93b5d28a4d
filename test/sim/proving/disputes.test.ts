/** Disputes by re-execution, from the lie to the exclusion (protocol.md §7, §9). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Notice, peersOf, submissionOf } from "../../../sessions/index.ts";
import {
  ContestWorld,
  type EvaluatorRole,
  idealKeys,
  plainScenario,
  runScenario,
  type Scenario,
} from "../../../sim/index.ts";
import type { Hash } from "../../../src/model/index.ts";

const SAGES = 1;
const PARTICIPANTS = 12;

function contestOf(
  evaluatorRoles: Readonly<Record<number, EvaluatorRole>>,
  disputers: "none" | "wronged" | "quarrelsome",
  verdict: "AC" | "WA" = "AC",
) {
  return plainScenario({
    participants: PARTICIPANTS,
    clusterSize: 3,
    sessionMs: 15_000,
    evaluatorRoles,
    disputers,
    workload: Array.from({ length: 12 }, (_, index) => ({
      atMs: 4000 + 500 * index,
      node: SAGES + index,
      problem: 0,
      verdict,
      costMs: 100,
    })),
    safetyMs: 12_000,
    livenessMs: 120_000,
  });
}

function rolesOf(nodes: readonly number[], role: EvaluatorRole): Record<number, EvaluatorRole> {
  return Object.fromEntries(nodes.map((node) => [node, role]));
}

/** Evaluators of one cluster that together make the first verdict of the same contest without liars. */
function clusterMates(count: number): readonly number[] {
  const contest = new ContestWorld(contestOf({}, "none"), idealKeys(1));
  let mates: readonly number[] = [];
  contest.world.observers.push({
    noticed(_host, given) {
      const notice = given as Notice;
      if (notice.type !== "verdict-settled" || mates.length > 0) return;
      mates = notice.voters.slice(0, count).map((id) => contest.nodeOf.get(id) as number);
    },
  });
  contest.begin();
  contest.world.runUntil(8_000_000);
  return mates;
}

describe("disputes", () => {
  it("a majority of a cluster colludes: a jury overturns its verdicts and excludes it", () => {
    const liars = clusterMates(2);
    assert.equal(liars.length, 2);
    const scenario = contestOf(rolesOf(liars, "colluding"), "wronged");
    const result = runScenario(scenario);
    assert.equal(result.failure, undefined);
    assert.ok((result.sometimes["dispute overturned"] ?? 0) >= PARTICIPANTS, "every node tells of it");
    assert.ok((result.sometimes["excluded for wrong-result"] ?? 0) >= PARTICIPANTS);

    const contest = new ContestWorld(scenario, idealKeys(scenario.seed));
    contest.begin();
    contest.world.runUntil(100_000_000);
    const judge = contest.world.hosts[SAGES + PARTICIPANTS - 1];
    assert.ok(judge !== undefined);
    const state = contest.stateOf(judge);
    assert.ok(state !== undefined);
    assert.equal(contest.taken.length, 12);
    for (const { submission } of contest.taken) assert.equal(submissionOf(state, submission)?.verdict, "AC");
    const excluded = peersOf(state).filter(({ standing }) => standing === "excluded");
    assert.deepEqual(
      excluded.map(({ peer }) => contest.nodeOf.get(peer)).toSorted(ascending),
      liars.toSorted(ascending),
    );
  });

  it("one evaluator lies and is outvoted: its own signature excludes it, though nobody else complains", () => {
    const [liar] = clusterMates(1);
    assert.ok(liar !== undefined);
    const result = runScenario(contestOf(rolesOf([liar], "wrong"), "none"));
    assert.equal(result.failure, undefined);
    assert.ok((result.sometimes["dispute upheld"] ?? 0) > 0);
    assert.equal(result.sometimes["excluded for wrong-result"], SAGES + PARTICIPANTS);
  });

  it("a majority of a cluster colludes and nobody says a word: the lot finds it out", () => {
    const liars = clusterMates(2);
    // Only what the two alone judged: a third one would have been outvoted, and complained.
    const scenario = contestOf(rolesOf(liars, "colluding"), "none");
    const lies = (checksPercent: number): { readonly wrong: number; readonly unheard: number } => {
      const contest = new ContestWorld({ ...scenario, checksPercent }, idealKeys(scenario.seed));
      const disputed = new Set<Hash>();
      contest.world.observers.push({
        noticed(_host, given) {
          const notice = given as Notice;
          if (notice.type === "disputed" && notice.dissenters.length > 0) disputed.add(notice.submission);
        },
      });
      contest.begin();
      contest.world.runUntil(100_000_000);
      const host = contest.world.hosts[0];
      const state = host && contest.stateOf(host);
      assert.ok(state !== undefined);
      const wrong = contest.taken.filter(({ submission }) => submissionOf(state, submission)?.verdict !== "AC");
      return { wrong: wrong.length, unheard: wrong.filter(({ submission }) => !disputed.has(submission)).length };
    };
    const unchecked = lies(0);
    assert.ok(unchecked.unheard > 0, "some lies go through unseen");
    assert.deepEqual(lies(100), { wrong: 0, unheard: 0 });
  });

  it("a node was away meanwhile: it tells the overturned verdict first, and then what the jury found", () => {
    const liars = clusterMates(2);
    const away = [12, 11, 10].find((node) => !liars.includes(node));
    assert.ok(away !== undefined);
    const scenario = contestOf(rolesOf(liars, "colluding"), "wronged");
    const fault = { type: "crash", atMs: 3900, node: away, downMs: 60_000 } as const;
    assert.equal(runScenario({ ...scenario, faults: [fault], safetyMs: 70_000 }).failure, undefined);

    const contest = new ContestWorld(scenario, idealKeys(scenario.seed));
    const told = new Map<Hash, string[]>();
    contest.world.observers.push({
      noticed(host, given) {
        const notice = given as Notice;
        if (host.index !== away) return;
        const isTold = notice.type === "verdict-settled" || notice.type === "dispute-heard";
        if (!isTold) return;
        const what =
          notice.type === "verdict-settled" ? `${notice.verdict} of attempt ${notice.attempt}` : notice.after;
        told.set(notice.submission, [...(told.get(notice.submission) ?? []), what]);
      },
    });
    contest.begin();
    contest.world.runUntil(3_900_000);
    contest.world.crash(away);
    contest.world.runUntil(60_000_000);
    contest.world.start(away);
    contest.world.runUntil(70_000_000);
    const overturned = [...told.values()].filter((each) => each.length > 1 && each[0]?.startsWith("WA"));
    assert.ok(overturned.length > 0, "verdict and overturning came at once");
    for (const each of overturned) assert.deepEqual(each, ["WA of attempt 1", "AC"]);
  });

  it("people dispute what is right: the verdict stays, nobody is excluded, and after three it is enough", () => {
    const scenario = contestOf({}, "none", "WA");
    const contest = new ContestWorld(scenario, idealKeys(scenario.seed));
    contest.begin();
    contest.world.runUntil(14_000_000);
    const answers: string[] = [];
    for (const { submission } of contest.taken.slice(0, 5)) dispute(contest, submission, answers);
    contest.world.runUntil(80_000_000);
    assert.deepEqual(answers, ["sent", "sent", "sent", "spent", "spent", "disputed", "disputed", "disputed"]);
    const host = contest.world.hosts[2];
    assert.ok(host !== undefined);
    const state = contest.stateOf(host);
    assert.ok(state !== undefined);
    for (const { submission } of contest.taken) assert.equal(submissionOf(state, submission)?.verdict, "WA");
    assert.ok(peersOf(state).every(({ standing }) => standing === "good"));
    const later: string[] = [];
    for (const { submission } of contest.taken.slice(5, 6)) dispute(contest, submission, later);
    contest.world.runUntil(81_000_000);
    assert.deepEqual(later, ["spent"], "lost disputes do not come back");
  });
});

/** One cluster of everybody: nobody is left for a jury. */
function lonely(role: EvaluatorRole): Scenario {
  return plainScenario({
    participants: 5,
    clusterSize: 5,
    sessionMs: 600_000,
    evaluatorRoles: { 3: role },
    disputers: "none",
    workload: Array.from({ length: 24 }, (_, index) => ({
      atMs: 4000 + 400 * index,
      node: 1 + (index % 5),
      problem: 0,
      verdict: "AC" as const,
      costMs: 100,
    })),
    safetyMs: 15_000,
  });
}

describe("quarantine", () => {
  it("an evaluator contradicts two verdicts, and no jury can be had: it judges on trial, three right ones free it", () => {
    const result = runScenario(lonely("reforming"));
    assert.equal(result.failure, undefined);
    assert.equal(result.sometimes["quarantined"], 6, "every node tells of it once");
    assert.equal(result.sometimes["released"], 6);
    assert.equal(result.sometimes["excluded for wrong-result"], undefined);
  });

  it("an evaluator goes on lying: it stays on trial", () => {
    const result = runScenario(lonely("wrong"));
    assert.equal(result.failure, undefined);
    assert.equal(result.sometimes["quarantined"], 6);
    assert.equal(result.sometimes["released"], undefined);
  });
});

function ascending(a = 0, b = 0): number {
  return a - b;
}

function dispute(contest: ContestWorld, submission: Hash, answers: string[]): void {
  contest.world.command(
    1,
    { type: "dispute", submission, reason: "it must be right" } as { readonly type: string },
    (body) => {
      const reply = body as { readonly type: string; readonly code?: string };
      answers.push(reply.type === "failed" ? (reply.code ?? "") : reply.type);
    },
  );
}
