/** The organizer's and participants' commands during and after a contest: the real command line, a real socket, real machines. */
import assert from "node:assert/strict";
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { FakeSandbox } from "../../sandbox/index.ts";
import { type ApiNode, serveApi } from "../../src/api/index.ts";
import { type ContestId, hashOf } from "../../src/model/index.ts";
import type { ParticipantCommand } from "../../sessions/index.ts";
import { LifeNetwork } from "../sessions/life/network.ts";
import { STARTS_AT } from "../sessions/support/contest.ts";
import { dikast } from "../support/dikast.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { writeTree } from "../support/trees.ts";

type Say = (...args: string[]) => ReturnType<typeof dikast>;

/** The command line of one machine of the network. */
async function at(context: TestContext, root: string, network: LifeNetwork, machine: number): Promise<Say> {
  const directory = path.join(root, `m${machine}`);
  await mkdir(directory);
  const id = network.machines[machine]?.signer.id as ApiNode["id"];
  const node: ApiNode = {
    id,
    contest: hashOf(new Uint8Array()) as ContestId,
    organized: undefined,
    library: { openCount: 1 },
    diskWarning: () => null,
    profile: new FakeSandbox().profile,
    manifest: () => null,
    command(body, reply) {
      const replies = network.command(machine, body as ParticipantCommand, 2000);
      for (const [index, each] of replies.entries()) reply(each, index === replies.length - 1);
      return () => undefined;
    },
    status: () => ({ role: "participant" }) as ReturnType<ApiNode["status"]>,
    subscribe: () => () => undefined,
    addresses: () => [],
    peers: () => [],
    sages: () => [],
    problems: () => [
      { id: "hello", label: "A", name: "Hello", state: "open", chunksDone: 1, chunksTotal: 1, fault: null },
    ],
    statement: async () => {
      throw new Error("no statement");
    },
    readiness: async () => ({ ready: true, healthy: true, checks: [] }),
    transferAuthority: async () => ({ type: "failed", code: "no-authority", reason: "no sage" }),
    counters: () => ({}) as ReturnType<ApiNode["counters"]>,
    problemNamed: (text) => (text === "A" || text === "hello" ? "hello" : undefined),
  };
  const server = await serveApi({ node, dataDirectory: directory, version: "1", onStop: () => undefined });
  context.after(async () => await server.close());
  return async (...args) => await dikast([...args, "--data-dir", directory]);
}

test("clarify: asked, listed, answered in private and to all; others see what they may", async (t) => {
  const root = await temporaryDirectory(t);
  const network = new LifeNetwork(4);
  const [sage, ann, bob] = await Promise.all(
    [network.sage, 0, 1].map(async (each) => await at(t, root, network, each)),
  );
  assert.ok(sage !== undefined && ann !== undefined && bob !== undefined);
  const asked = await ann("clarify", "ask", "-p", "A", "May n be 0?");
  assert.equal(asked.exitCode, 0, asked.stderr);
  const list = await sage("clarify", "list", "--unanswered", "--json");
  const questions = list.json[0]?.["questions"] as readonly { readonly id: string; readonly problem: string }[];
  assert.equal(questions[0]?.problem, "hello");
  const id = questions[0]?.id.slice(0, 6) ?? "";
  const wrong = await sage("clarify", "answer", "ffff", "Yes.", "--json");
  assert.deepEqual([wrong.exitCode, wrong.json[0]?.["code"]], [2, "DIKAST_NOT_FOUND"]);
  const answered = await sage("clarify", "answer", id, "Yes.", "--all");
  assert.deepEqual([answered.exitCode, answered.stdout], [0, "answered to all\n"]);
  const seen = await bob("clarify", "list");
  assert.match(seen.stdout, /May n be 0\?/);
  assert.match(seen.stdout, /answer to all:\n {4}Yes\./);
  const nobody = await bob("clarify", "answer", id, "No.", "--json");
  assert.deepEqual([nobody.exitCode, nobody.json[0]?.["code"]], [1, "DIKAST_NOT_AN_ORGANIZER"]);
});

test("contest orders: pause, resume, extend, freeze, finalize: done, or one sentence why not", async (t) => {
  const root = await temporaryDirectory(t);
  const network = new LifeNetwork(4);
  const sage = await at(t, root, network, network.sage);
  assert.equal((await sage("contest", "pause", "--reason", "fire")).stdout, "the contest is paused\n");
  const again = await sage("contest", "pause", "--json");
  assert.deepEqual([again.exitCode, again.json[0]?.["code"]], [1, "DIKAST_PAUSED"]);
  assert.match((await sage("contest", "state")).stdout, /^contest\s+paused: fire$/m);
  assert.match((await sage("contest", "state")).stdout, /^end\s+moves along while it is paused$/m);
  await sage("contest", "resume");
  const { endsAt } = network.life();
  assert.equal((await sage("contest", "extend", "-1m30s")).exitCode, 0);
  assert.equal((network.life().endsAt ?? 0) - (endsAt ?? 0), -90_000);
  const bad = await sage("contest", "extend", "5", "--json");
  assert.deepEqual([bad.exitCode, bad.json[0]?.["code"]], [2, "DIKAST_USAGE"]);
  assert.equal((await sage("notice", "Lunch.")).stdout, "announced\n");
  const early = await sage("contest", "finalize");
  assert.deepEqual([early.exitCode, early.stderr], [1, "dikast: the contest is still running\n"]);
  network.run(STARTS_AT + 1_200_000);
  const frozen = await sage("contest", "freeze");
  assert.equal(frozen.exitCode, 0, frozen.stderr);
  const final = await sage("contest", "finalize");
  assert.equal(final.exitCode, 0);
  assert.match(final.stdout, /^participants still see the frozen board: dikast contest unfreeze shows it$/m);
  assert.notEqual(network.life(2).finalized, null);
});

test("contest replace: packs the mended package for the sage and orders it; without a stated time limit it says so", async (t) => {
  const root = await temporaryDirectory(t);
  const network = new LifeNetwork(4);
  const sage = await at(t, root, network, network.sage);
  const yaml = "name: Hello\nlimits:\n  time_limit: 1\n";
  const tests = { "hello/data/secret/1.in": "1\n", "hello/data/secret/1.ans": "2\n" };
  const statement = { "hello/problem_statement/problem.en.tex": "\\problemname{Hello}\n" };
  const folder = path.join(root, "contest");
  await writeTree(folder, { ...tests, ...statement, "hello/problem.yaml": yaml });
  const done = await sage("contest", "replace", "hello", folder, "--reason", "answer 1 was wrong");
  assert.equal(done.exitCode, 0, done.stderr);
  const bundles = await readdir(path.join(root, `m${network.sage}`, "bundles"));
  assert.ok(bundles.some((name) => name.endsWith(".bundle")));
  await writeTree(folder, { "hello/problem.yaml": "name: Hello\n" });
  const unstated = await sage("contest", "replace", "hello", folder, "--json");
  assert.deepEqual([unstated.exitCode, unstated.json[0]?.["code"]], [1, "DIKAST_NO_TIME_LIMIT"]);
  const unknown = await sage("contest", "replace", "goodbye", folder, "--json");
  assert.deepEqual([unknown.exitCode, unknown.json[0]?.["code"]], [2, "DIKAST_NOT_FOUND"]);
});

test("rejudge: shows what would change, applies when asked; dead letters are listed and replayed", async (t) => {
  const root = await temporaryDirectory(t);
  const network = new LifeNetwork(5, { attemptsMax: 1 });
  const sage = await at(t, root, network, network.sage);
  network.judge = (source) => (source === "lost" ? undefined : "WA");
  const wrong = network.submit(0, "right after all");
  network.submit(1, "lost");
  network.wait(300_000);
  network.judge = () => "AC";
  const unknown = await sage("rejudge", "--problem", "Z");
  assert.deepEqual([unknown.exitCode, unknown.stderr], [2, "dikast: there is no problem Z: A (hello)\n"]);
  const nothing = await sage("rejudge", "--json");
  assert.deepEqual([nothing.exitCode, nothing.json[0]?.["code"]], [2, "DIKAST_USAGE"]);
  const preview = await sage("rejudge", "--problem", "A", "--reason", "test 3");
  assert.equal(preview.exitCode, 0, preview.stderr);
  assert.match(preview.stdout, /WA → AC/);
  assert.match(preview.stdout, /team 0\s+rank 1: 0 solved, 0 min → rank 1: 1 solved/);
  assert.equal(network.submission(3, wrong).verdict, "WA");
  const { json } = await sage("rejudge", "list", "--json");
  const [rejudging] = (json[0]?.["rejudgings"] ?? []) as readonly { readonly id: string }[];
  assert.equal((await sage("rejudge", "apply", rejudging?.id.slice(0, 8) ?? "")).stdout, "applied\n");
  assert.equal(network.submission(3, wrong).verdict, "AC");
  assert.match(
    (await sage("dead-letters", "list")).stdout,
    /team 1\s+hello\s+cpp\s+1 attempt\s+test \(\d of \d could not judge\)/,
  );
  assert.equal((await sage("dead-letters", "replay", "--all")).exitCode, 0);
  network.wait(10_000);
  assert.equal(network.life().deadLetters.length, 0);
});
