/** A whole contest on a real network, from the first submission to the audit of its archive with every verdict executed again. */
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { createWasmSandbox } from "../../sandbox/index.ts";
import type { LifeReply, Wish } from "../../sessions/index.ts";
import { auditArchive, exportArchive, exportSubmissions, reexecute } from "../../src/archive/index.ts";
import { fastVerifier } from "../../src/node/identity/index.ts";
import { packContestProblem } from "../../src/node/packing/index.ts";
import { readContest } from "../../src/packages/index.ts";
import { toHex } from "../../src/model/index.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { eventually } from "../support/eventually.ts";
import { LiveNetwork } from "../support/live-network.ts";
import { writeTree } from "../support/trees.ts";

const RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n";
const WRONG = "a, b = map(int, input().split())\nprint(a - b)\n";

function packageIn(folder: string): Readonly<Record<string, string>> {
  return {
    [`${folder}/problem.yaml`]: "name: Sum\nlimits:\n  time_limit: 1\n",
    [`${folder}/problem_statement/problem.en.tex`]: "\\problemname{Sum}\nAdd.\n",
    [`${folder}/data/secret/1.in`]: "1 2\n",
  };
}

const CONTEST = {
  "contest/contest.yaml": "name: Evening\nduration: 1:00:00\n",
  ...packageIn("contest/sum"),
  "contest/sum/data/secret/1.ans": "3\n",
};

async function final(network: LiveNetwork, name: string, command: { readonly type: string }): Promise<LifeReply> {
  const { promise, resolve } = Promise.withResolvers<LifeReply>();
  network.node(name).command(command, (reply, last) => {
    if (last) resolve(reply as LifeReply);
  });
  return await promise;
}

test("a contest's evening on a real network: question, rejudging, end, finalize, archive, audit, every verdict again", async (context) => {
  const directory = await temporaryDirectory(context);
  await writeTree(directory, CONTEST);
  const sandbox = await createWasmSandbox({ workers: 1 });
  const contest = path.join(directory, "contest");
  const network = await LiveNetwork.start({ directory, contest, participants: 4, clusterSize: 4, sandbox });
  context.after(async () => {
    await network.stopAll();
    await sandbox.close();
  });
  const order = async (wish: Wish): Promise<LifeReply> =>
    await final(network, "sage", { type: "order", wish } as never);
  const life = async () => {
    const reply = await final(network, "sage", { type: "life" });
    assert.ok(reply.type === "life");
    return reply.life;
  };

  await network.verdict("p1", await network.submit("p1", "sum", "python3", RIGHT));
  const wrong = await network.verdict("p2", await network.submit("p2", "sum", "python3", WRONG));
  assert.equal(wrong.verdict, "WA");

  // Sealed for the organizers: another participant has it in the log and cannot read it.
  assert.equal(
    (await final(network, "p1", { type: "ask", problem: "sum", text: "May it be negative?" } as never)).type,
    "asked",
  );
  const asked = async (node: "sage" | "p3") => {
    const listed = await final(network, node, { type: "clarifications" });
    assert.ok(listed.type === "clarifications");
    return listed.questions;
  };
  // The sage follows the log by gossip: the asker has the block first.
  await eventually("the sage has the question", async () => (await asked("sage")).length === 1, 20_000);
  const [question] = await asked("sage");
  assert.equal(question?.text, "May it be negative?");
  assert.deepEqual(await asked("p3"), []);
  await order({ type: "answer", question: question?.id ?? ("" as never), toAll: false, quote: false, text: "No." });

  // The data was wrong: differences are wanted after all.
  const mended = { "2/contest.yaml": "name: Evening\nduration: 1:00:00\n", "2/sum/data/secret/1.ans": "-1\n" };
  await writeTree(directory, { ...mended, ...packageIn("2/sum") });
  const [problem] = (await readContest(path.join(directory, "2"))).problems;
  assert.ok(problem !== undefined);
  const key = new Uint8Array(32).fill(7);
  const packed = await packContestProblem(problem, key, network.node("sage").archived.files);
  const replaced = await order({
    type: "replace",
    problem: "sum",
    sealedBundle: packed.sealedBundle ?? ("" as never),
    package: packed.package,
    key: toHex(key),
    reason: "differences",
  });
  assert.equal(replaced.type, "ordered", JSON.stringify(replaced));

  const selection = { submission: null, problem: "sum", language: null, verdict: null };
  const rejudging = await order({ type: "rejudge", selection, reason: "doubts" });
  assert.ok(rejudging.type === "ordered");
  await eventually("everything is judged again", async () => (await life()).waiting === 0, 60_000);
  const preview = await final(network, "sage", { type: "rejudging", rejudging: rejudging.id } as never);
  assert.ok(preview.type === "rejudging");
  assert.deepEqual(
    preview.rejudging.changes.map(({ displayName, before, after }) => [displayName, before, after]),
    [
      ["p1", "AC", "WA"],
      ["p2", "WA", "AC"],
    ],
  );
  assert.equal((await order({ type: "rejudge-apply", rejudging: rejudging.id })).type, "ordered");

  const { durationMs, startsAt } = await life();
  await order({ type: "extend", byMs: Date.now() + 1500 - startsAt - durationMs });
  await eventually("the end", async () => (await life()).over);
  const practice = await network.verdict("p3", await network.submit("p3", "sum", "python3", RIGHT));
  assert.equal(practice.practice, true);
  const finalized = await order({ type: "finalize" });
  assert.equal(finalized.type, "ordered", JSON.stringify(finalized));
  await eventually("every source is at the sage", async () => (await life()).uncollected === 0);

  const sage = network.node("sage");
  const file = path.join(directory, "evening.archive");
  await exportArchive(sage.archived, file, { sources: true, bundles: true });
  await exportSubmissions(sage.archived, path.join(directory, "evening.zip"));
  assert.ok((await stat(path.join(directory, "evening.zip"))).size > 500);
  const result = await auditArchive(createReadStream(file), {
    verifier: fastVerifier,
    contest: sage.contest,
    reexecute: "all",
    directory: path.join(directory, "audit"),
  });
  assert.ok(result.ok, JSON.stringify(result));
  const { log, kept, opened } = result.audited;
  assert.equal(opened, 2);
  assert.equal(kept.length, 3);
  assert.equal(log.finalized?.board, log.boardHash);
  assert.deepEqual(log.board.rows.map(({ displayName, solved }) => [displayName, solved]).slice(0, 1), [["p2", 1]]);
  for await (const { holds, certified, found } of reexecute(sandbox, kept)) assert.ok(holds, `${certified} / ${found}`);
});
