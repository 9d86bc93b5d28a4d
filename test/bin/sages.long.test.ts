/** Sages and joining with real processes: what an organizer and participants do before a contest, and what they do wrong. */
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { run, type Running, start } from "../support/command.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { eventually } from "../support/eventually.ts";
import { PACKAGE, writeTree } from "../support/trees.ts";

const FAKE = { DIKAST_SANDBOX: "fake", DIKAST_LISTEN: "/ip4/127.0.0.1/tcp/0" };
const START_MS = 60_000;

function daemon(t: TestContext, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const running = start([...args, "--json", "--stop-with-input"], { ...FAKE, ...environment });
  t.after(async () => {
    running.process.stdin?.end();
    await running.ended;
  });
  return running;
}

interface Line {
  readonly type: string;
  readonly [key: string]: unknown;
}

function linesOf(running: Running): readonly Line[] {
  return running
    .stdout()
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Line);
}

async function said(running: Running, type: string): Promise<Line> {
  let found: Line | undefined;
  await eventually(
    `${type} is said: ${running.stdout().slice(-300)}`,
    () => (found = linesOf(running).find((line) => line.type === type)) !== undefined,
    START_MS,
  );
  return found as Line;
}

/** What a node said of its problem. */
function statesOf(running: Running): readonly unknown[] {
  return linesOf(running).flatMap((line) => (line.type === "problem-changed" ? [line["state"]] : []));
}

async function contestIn(directory: string, yaml: string): Promise<string> {
  const files = Object.fromEntries(Object.entries(PACKAGE).map(([name, content]) => [`hello/${name}`, content]));
  return await writeTree(path.join(directory, "contest"), {
    ...files,
    "contest.yaml": `name: Spring\nproblems: [hello]\n${yaml}`,
  });
}

const registered = async (
  directory: string,
): Promise<readonly { readonly displayName: string; readonly removed: boolean }[]> => {
  const { lines } = await run("registration", "list", "--json", "--data-dir", directory);
  return (lines.at(-1)?.["registrations"] ?? []) as readonly {
    readonly displayName: string;
    readonly removed: boolean;
  }[];
};
const namesAt = async (directory: string): Promise<string> =>
  (await registered(directory))
    .filter(({ removed }) => !removed)
    .map(({ displayName }) => displayName)
    .toSorted()
    .join();

test("sages: three of them: registrations are everywhere, one bans, one hands its authority over and takes it back", async (t) => {
  const root = await temporaryDirectory(t);
  const at = (name: string): string => path.join(root, name);
  const cards: string[] = [];
  for (const name of ["s2", "s3"]) {
    const { lines, stderr } = await run(
      "sage",
      "card",
      "--json",
      "--data-dir",
      at(name),
      "--listen",
      "/ip4/127.0.0.1/tcp/0",
    );
    assert.equal(lines[0]?.["type"], "sage-card", stderr);
    cards.push(lines[0]?.["yaml"] as string);
  }
  const contest = await contestIn(root, `registration: token\nsages:\n${cards.join("\n")}\n`);
  const s1 = daemon(t, ["sage", "--contest", contest, "--data-dir", at("s1"), "--lead", "2"]);
  const invite = (await said(s1, "ready"))["invite"] as string;
  for (const name of ["s2", "s3"]) await said(daemon(t, ["sage", "--join", invite, "--data-dir", at(name)]), "ready");
  const nodes = ["Ada", "Bob", "Mallory"].map((name) =>
    daemon(t, ["join", invite, "--name", name, "--data-dir", at(name)]),
  );
  for (const node of nodes) await said(node, "registered");
  for (const name of ["s1", "s2", "s3"])
    await eventually(
      `all three are known to ${name}`,
      async () => (await namesAt(at(name))) === "Ada,Bob,Mallory",
      START_MS,
    );

  assert.equal((await run("registration", "ban", "mallory", "--data-dir", at("s2"), "--reason", "no")).code, 0);
  const mallory = await nodes[2]?.ended;
  assert.match(`${mallory?.stdout}${mallory?.stderr}`, /this node was removed from the contest: no\b/);
  await eventually("the ban is known to the others", async () => (await namesAt(at("s1"))) === "Ada,Bob", START_MS);

  const third = (cards[1] ?? "").match(/16Uiu2\w+/)?.[0] ?? "";
  const beside = await run("sage", "transfer", third.slice(-6), "--data-dir", at("s2"), "--json");
  assert.deepEqual([beside.code, beside.lines[0]?.["type"]], [0, "transferred"], beside.stderr);
  const returned = await run("sage", "transfer", "--back", "--data-dir", at("s2"), "--json");
  assert.deepEqual([returned.code, returned.lines[0]?.["type"]], [0, "taken-back"], returned.stderr);

  const moved = await run("sage", "transfer", "Ada", "--data-dir", at("s1"), "--json");
  assert.deepEqual([moved.code, moved.lines[0]?.["type"]], [0, "transferred"], moved.stderr);
  s1.process.stdin?.end();
  await s1.ended;
  const fresh = await run("invite", "--data-dir", at("Ada"));
  assert.equal(fresh.code, 0, fresh.stderr);
  await said(daemon(t, ["join", fresh.stdout.trim(), "--name", "Dan", "--data-dir", at("Dan")]), "registered");
  await eventually("the new sage has everybody", async () => (await namesAt(at("Ada"))) === "Ada,Bob,Dan", START_MS);

  const again = daemon(t, ["sage", "--data-dir", at("s1")]);
  await said(again, "ready");
  const back = await run("sage", "transfer", "--back", "--data-dir", at("s1"), "--json");
  assert.deepEqual([back.code, back.lines[0]?.["type"]], [0, "taken-back"], back.stderr);
  await eventually(
    "what was registered meanwhile is here",
    async () => (await namesAt(at("s1"))) === "Ada,Bob,Dan",
    START_MS,
  );
  assert.equal((await run("open", "--data-dir", at("s1"))).code, 0);
  for (const node of nodes.slice(0, 2)) assert.equal((await said(node, "roster"))["members"], 3);

  await said(nodes[1] as Running, "keys-released");
  const notice = async (from: string): Promise<string> => {
    const ran = await run("notice", `Told by ${from}.`, "--data-dir", at(from), "--json");
    return String(ran.lines.at(-1)?.["code"] ?? ran.lines.at(-1)?.["type"]);
  };
  const bobReads = async (): Promise<string> => (await run("clarify", "list", "--data-dir", at("Bob"))).stdout;
  assert.deepEqual([await notice("s1"), await notice("Ada")], ["ordered", "DIKAST_NOT_AN_ORGANIZER"]);
  const while_ = await run("sage", "transfer", "Ada", "--data-dir", at("s1"), "--json");
  assert.equal(while_.code, 0, while_.stderr);
  assert.deepEqual([await notice("s1"), await notice("Ada")], ["DIKAST_NOT_AN_ORGANIZER", "ordered"]);
  await eventually("what the new holder says is read", async () => /Told by Ada/.test(await bobReads()), START_MS);
  const home = await run("sage", "transfer", "--back", "--data-dir", at("s1"), "--json");
  assert.equal(home.code, 0, home.stderr);
  assert.deepEqual([await notice("s1"), await notice("Ada")], ["ordered", "DIKAST_NOT_AN_ORGANIZER"]);
});

test("sages: the only one hands over while the contest runs and is gone for good: its heir answers, finalizes and archives", async (t) => {
  const root = await temporaryDirectory(t);
  const at = (name: string): string => path.join(root, name);
  const contest = await contestIn(root, "registration: token\nduration: 1h\n");
  const sage = daemon(t, ["sage", "--contest", contest, "--data-dir", at("sage"), "--lead", "1"]);
  const invite = (await said(sage, "ready"))["invite"] as string;
  const nodes = ["Ada", "Bob", "Cid"].map((name) =>
    daemon(t, ["join", invite, "--name", name, "--data-dir", at(name)]),
  );
  for (const node of nodes) await said(node, "registered");
  const watching = daemon(t, ["join", invite, "--role", "observer", "--data-dir", at("observer")]);
  await eventually(
    "an observer has the problem before the start",
    () => statesOf(watching).includes("sealed"),
    START_MS,
  );
  assert.equal((await run("open", "--data-dir", at("sage"))).code, 0);
  for (const node of [...nodes, watching]) await said(node, "keys-released");
  await eventually("the observer reads it", () => statesOf(watching).includes("open"), START_MS);
  const late = daemon(t, ["join", invite, "--name", "Late", "--data-dir", at("late")]);
  assert.equal((await said(late, "latecomer"))["displayName"], "Late");
  await eventually("it reads the problem", () => statesOf(late).includes("open"), START_MS);
  const ok = async (from: string, ...args: readonly string[]): Promise<string> => {
    const ran = await run(...args, "--data-dir", at(from));
    assert.equal(ran.code, 0, `${args.join(" ")}: ${ran.stderr}`);
    return ran.stdout;
  };
  await ok("Bob", "clarify", "ask", "May it be empty?");
  await ok("sage", "sage", "transfer", "Ada");
  sage.process.stdin?.end();
  await sage.ended;
  await rm(at("sage"), { recursive: true });

  assert.equal(await namesAt(at("Ada")), "Ada,Bob,Cid,Late");
  let asked = "";
  await eventually(
    "the question can be read by the heir",
    async () => {
      asked = await ok("Ada", "clarify", "list", "--unanswered", "--json");
      return asked.includes("May it be empty?");
    },
    START_MS,
  );
  const id = /"id":"([0-9a-f]+)"/.exec(asked)?.[1] ?? "";
  await ok("Ada", "clarify", "answer", id, "No.");
  assert.match(await ok("Bob", "clarify", "list"), /No\./);
  await ok("Ada", "contest", "extend", "-59m");
  await eventually("the contest is over", async () => /over/.test(await ok("Ada", "contest", "state")), 90_000);
  await ok("Ada", "contest", "finalize");
  await ok("Ada", "export", "--archive", at("whole.dikast-archive"));
  assert.equal((await run("audit", at("whole.dikast-archive"))).code, 0);
});

test("joining: what people do wrong: one sentence with the way out, exit code 1, nothing lost", async (t) => {
  const root = await temporaryDirectory(t);
  const at = (name: string): string => path.join(root, name);
  const contest = await contestIn(root, "registration: token\nlate_registration: false\n");
  const sage = daemon(t, ["sage", "--contest", contest, "--data-dir", at("sage"), "--lead", "1"]);
  const invite = (await said(sage, "ready"))["invite"] as string;
  const ada = daemon(t, ["join", invite, "--name", "Ada", "--data-dir", at("ada")]);
  await said(ada, "registered");
  const clock = path.join(root, "clock.mjs");
  await writeFile(clock, "const real = Date.now;\nDate.now = () => real() + 5 * 60_000;\n");
  const short = await run("invite", "--valid", "1s", "--data-dir", at("sage"));
  const fails = async (
    what: string,
    given: string,
    code: string,
    says: RegExp,
    more: { readonly name?: string; readonly environment?: Readonly<Record<string, string>> } = {},
  ): Promise<void> => {
    const args = ["join", given, "--name", more.name ?? what, "--data-dir", at(what.replaceAll(" ", "-")), "--json"];
    const ran = await start(args, { ...FAKE, ...more.environment }).ended;
    assert.notEqual(ran.code, 0, what);
    assert.equal(ran.lines.at(-1)?.["code"], code, `${what}: ${ran.stderr}`);
    assert.match(ran.stderr.trim().split("\n").at(-1) ?? "", says, what);
    assert.doesNotMatch(ran.stderr, /\n\s+at /, what);
  };
  await fails(
    "wrong token",
    invite.replace(/token=.*/, "token=nope"),
    "DIKAST_REJECTED_WRONG_TOKEN",
    /ask the organizer for the invite/,
  );
  await fails("name taken", invite, "DIKAST_REJECTED_NAME_TAKEN", /choose another one with --name/, { name: "ＡＤＡ" });
  await fails("newer version", invite.replace("v=1", "v=2"), "DIKAST_BAD_INVITE", /this invite is of version 2/);
  const environment = { NODE_OPTIONS: `--import ${pathToFileURL(clock).href}` };
  await fails("clock off", invite, "DIKAST_REJECTED_CLOCK", /your clock is 300 s off/, { environment });
  await fails(
    "expired",
    short.stdout.trim(),
    "DIKAST_REJECTED_EXPIRED",
    /expired at .*; ask the organizer for a new one/,
  );

  const waiting = await run("statement", "A", "--data-dir", at("ada"), "--json");
  assert.deepEqual([waiting.code, waiting.lines.at(-1)?.["code"]], [1, "DIKAST_PROBLEM_SEALED"], waiting.stderr);
  assert.equal((await run("registration", "withdraw", "--data-dir", at("ada"))).code, 0);
  await eventually("the withdrawal is known", async () => (await namesAt(at("sage"))) === "", START_MS);
  const bob = daemon(t, ["join", invite, "--name", "ada", "--data-dir", at("bob")]);
  await said(bob, "registered"); // The name is free again.
  assert.equal((await run("open", "--data-dir", at("sage"))).code, 0);
  await said(bob, "keys-released");
  await eventually(
    "the statement opens",
    async () => /Say it\./.test((await run("statement", "A", "--data-dir", at("bob"))).stdout),
    START_MS,
  );
  await fails("too late", invite, "DIKAST_REJECTED_CLOSED", /--role observer/);
});

test("sages: the heir is killed before the start: the sage takes its authority back, whoever the heir registered takes part, and the heir that returns may not order", async (t) => {
  const root = await temporaryDirectory(t);
  const at = (name: string): string => path.join(root, name);
  const contest = await contestIn(root, "registration: open\nduration: 1h\n");
  const sage = daemon(t, ["sage", "--contest", contest, "--data-dir", at("sage"), "--lead", "1"]);
  const invite = (await said(sage, "ready"))["invite"] as string;
  const join = (name: string): Running => daemon(t, ["join", invite, "--name", name, "--data-dir", at(name)]);
  const nodes = ["Ada", "Bob", "Cid"].map(join);
  for (const node of nodes) await said(node, "registered");
  assert.equal((await run("sage", "transfer", "Ada", "--data-dir", at("sage"))).code, 0);
  await said(join("Dan"), "registered");
  const [ada] = nodes as [Running, ...Running[]];
  ada.process.kill("SIGKILL");
  await ada.ended;
  const taken = await run("sage", "transfer", "--reclaim", "--data-dir", at("sage"), "--json");
  assert.deepEqual([taken.code, taken.lines[0]?.["forced"]], [0, true], taken.stderr);
  await eventually(
    "Dan, whom only Ada registered, is known",
    async () => (await namesAt(at("sage"))) === "Ada,Bob,Cid,Dan",
    START_MS,
  );
  await eventually("it opens", async () => (await run("open", "--data-dir", at("sage"))).code === 0, START_MS);
  for (const node of nodes.slice(1)) await said(node, "keys-released");
  const again = join("Ada");
  await said(again, "keys-released");
  const notice = async (from: string): Promise<unknown> => {
    const ran = await run("notice", `Told by ${from}.`, "--data-dir", at(from), "--json");
    return ran.lines.at(-1)?.["code"] ?? ran.lines.at(-1)?.["type"];
  };
  assert.deepEqual([await notice("Ada"), await notice("sage")], ["DIKAST_NOT_AN_ORGANIZER", "ordered"]);
});
