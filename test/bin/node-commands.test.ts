/** Commands that ask the running node, against the real socket and a node that answers as it is told. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { FakeSandbox } from "../../sandbox/index.ts";
import { type ApiNode, type NodeInfo, serveApi } from "../../src/api/index.ts";
import type { Board } from "../../src/contest/index.ts";
import { type ContestId, hashOf, type Manifest, nobleSigner } from "../../src/model/index.ts";
import { start } from "../support/command.ts";
import { dikast } from "../support/dikast.ts";
import { temporaryDirectory } from "../support/directories.ts";
import { eventually } from "../support/eventually.ts";
import { secretKeyFor } from "../support/keys.ts";
import { writeTree } from "../support/trees.ts";

const CONTEST = hashOf(new Uint8Array()) as ContestId;
const BOARD: Board = {
  rules: "icpc",
  frozen: false,
  problems: [{ id: "sum", label: "A", name: "Sum" }],
  rows: [
    {
      rank: 1,
      team: nobleSigner(secretKeyFor("team")).id,
      displayName: "=cmd()<script>",
      solved: 1,
      penaltyMinutes: 5,
      pointsMicros: 0,
      cells: [
        {
          problem: "sum",
          attempts: 1,
          pending: 0,
          solved: true,
          first: true,
          minutes: 5,
          penaltyMinutes: 5,
          pointsMicros: 0,
        },
      ],
    },
  ],
};

const SAGE = nobleSigner(secretKeyFor("other sage")).id;
const REGISTRATIONS = ["Ada", "Bob"].map((displayName) => ({
  node: nobleSigner(secretKeyFor(displayName)).id,
  displayName,
  role: "participant",
  at: 0,
  admittedBy: SAGE,
  removed: false,
  reason: null,
}));

/** As the log has it; what the evaluator tells comes a moment later. */
const REFUSED_BY_COMPILER = {
  submission: hashOf(new Uint8Array([1])),
  phase: "settled",
  problem: "sum",
  language: "cpp",
  verdict: "CE",
  voters: ["a", "b"],
  cluster: 2,
  attempt: 1,
  scoreMicros: 0,
  costMax: 0,
  memoryBytesMax: 0,
  tests: null,
  compileLog: null,
  progress: null,
  refusal: null,
  practice: false,
  rejudging: false,
  receivedAt: 0,
};
const SLOW = {
  ...REFUSED_BY_COMPILER,
  submission: hashOf(new Uint8Array([2])),
  verdict: "TLE",
  scoreMicros: 300_000,
  costMax: 2500,
  memoryBytesMax: 3 * 2 ** 20,
  compileLog: "",
  tests: [
    { id: "secret/01", verdict: "AC", cost: 1000, memoryBytes: 1 },
    { id: "secret/02", verdict: "TLE", cost: 2500, memoryBytes: 1 },
  ],
};

const DEAD_LETTER = {
  phase: "dead-letter",
  verdict: "JE",
  voters: [],
  cluster: 0,
  attempt: 4,
  tests: null,
  memoryBytesMax: null,
  compileLog: null,
  progress: null,
  refusal: null,
  practice: false,
};

const QUEUED = {
  submission: hashOf(new Uint8Array([3])),
  phase: "queued",
  problem: "sum",
  language: "c",
  verdict: null,
  refusal: "too many at once",
  rejudging: false,
  receivedAt: null,
  sentAt: 0,
};

const MANIFEST = {
  judgeProfile: CONTEST,
  rules: { type: "ioi" },
  problems: [{ id: "sum", pointsMicros: 100_000_000, fullScoreMicros: 1_000_000 }],
} as unknown as Manifest;

const STATUS = {
  name: "Spring",
  node: SAGE,
  phase: "running",
  session: 3,
  cluster: null,
  central: null,
  startsAt: null,
  endsAt: null,
  clock: { offsetMs: -4, uncertaintyMs: 7 },
};

interface Command {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A node in `directory`, and what it was asked. */
async function nodeIn(
  context: TestContext,
  directory: string,
  board: Board | null,
  submission: unknown = DEAD_LETTER,
): Promise<Command[]> {
  const asked: Command[] = [];
  let looks = 0;
  const node: ApiNode = {
    id: nobleSigner(secretKeyFor("node")).id,
    contest: CONTEST,
    organized: undefined,
    library: { openCount: 1 },
    diskWarning: () => null,
    profile: new FakeSandbox().profile,
    manifest: () => MANIFEST,
    command: (body, reply) => {
      asked.push(body);
      if (body.type === "board") reply({ type: "board", board }, true);
      if (body.type === "status") reply({ type: "status", status: STATUS }, true);
      if (body.type === "watch") reply({ type: "submission", submission }, true);
      if (body.type === "submission") {
        looks += 1;
        const compileLog = looks > 2 ? "sum.cpp:1:12: error: expected '}'\u001b[2J" : null;
        reply({ type: "submission", submission: { ...REFUSED_BY_COMPILER, compileLog } }, true);
      }
      if (body.type === "submissions")
        reply({ type: "submissions", submissions: [SLOW, REFUSED_BY_COMPILER, { ...DEAD_LETTER, ...QUEUED }] }, true);
      if (body.type === "open-contest") reply({ type: "opening" }, true);
      if (body.type === "registrations") reply({ type: "registrations", registrations: REGISTRATIONS }, true);
      if (body.type === "peers")
        reply({ type: "peers", peers: [{ peer: SAGE, displayName: "sage", role: "sage" }] }, true);
      if (body.type === "submit") reply({ type: "submitted", submission: CONTEST }, true);
      return () => undefined;
    },
    status: () => ({ role: "participant" }) as ReturnType<ApiNode["status"]>,
    subscribe: () => () => undefined,
    addresses: () => [],
    peers: () => [],
    sages: () => [],
    problems: () => [],
    statement: async () => {
      throw new Error("no statement");
    },
    readiness: async () => ({ ready: true, healthy: true, checks: [] }),
    transferAuthority: async (to) => {
      asked.push({ type: "transfer", to });
      return to === SAGE
        ? { type: "transferred", to, seats: [] }
        : { type: "failed", code: "no-authority", reason: "no sage" };
    },
    counters: () => ({}) as ReturnType<ApiNode["counters"]>,
    problemNamed: (text) => (text === "sum" ? "sum" : undefined),
  };
  const server = await serveApi({ node, dataDirectory: directory, version: "1", onStop: () => undefined });
  context.after(async () => await server.close());
  return asked;
}

test("export: each format, to standard output and to a file of its ending", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, BOARD);
  const at = { cwd: directory };
  const team = BOARD.rows[0]?.team;
  const tsv = await dikast(["export", "--data-dir", directory], at);
  assert.deepEqual(
    [tsv.exitCode, tsv.stdout],
    [0, `scoreboard\t1\n=cmd()<script>\t${team}\t1\t1\t5\t1\t5\n`],
    tsv.stderr,
  );
  const csv = await dikast(["export", "--data-dir", directory, "--format", "csv"], at);
  assert.match(csv.stdout, /^1,'=cmd\(\)<script>,/m);
  const html = await dikast(["export", "--data-dir", directory, "--out", "board.html", "--json"], at);
  assert.deepEqual(html.json, [{ type: "exported", format: "html", file: "board.html" }]);
  const page = await readFile(path.join(directory, "board.html"), "utf8");
  assert.match(page, /<title>Spring<\/title>/);
  assert.equal(page.includes("<script"), false);
  const bad = await dikast(["export", "--data-dir", directory, "--out", "board.xls", "--json"], at);
  assert.deepEqual([bad.exitCode, bad.json[0]?.["code"]], [2, "DIKAST_USAGE"]);
});

test("export: before there is a board: one sentence", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, null);
  const outcome = await dikast(["export", "--data-dir", directory, "--json"]);
  assert.deepEqual([outcome.exitCode, outcome.json[0]?.["code"]], [1, "DIKAST_NO_BOARD"]);
});

test("board: --full while it is frozen, and the node may not look: refused in words", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, { ...BOARD, frozen: true });
  const outcome = await dikast(["board", "--full", "--data-dir", directory, "--json"]);
  assert.deepEqual([outcome.exitCode, outcome.json[0]?.["code"]], [1, "DIKAST_NOT_AN_ORGANIZER"]);
  assert.match(outcome.stderr, /only the organizer and the sages may look behind the freeze/);
  assert.match((await dikast(["board", "--data-dir", directory])).stdout, /the board is frozen/);
});

test("join: a sage that cannot be reached: said at once and after seconds, with what to do; the log says why the node ended", async (t) => {
  const directory = await temporaryDirectory(t);
  const invite = `dikast://${CONTEST}?sage=/ip4/127.0.0.1/tcp/9/p2p/${nobleSigner(secretKeyFor("gone")).id}&v=1`;
  const args = ["join", invite, "--sandbox", "fake", "--listen", "none", "--data-dir", directory, "--stop-with-input"];
  const node = start(args);
  t.after(() => node.process.kill("SIGKILL"));
  await eventually(
    "what is tried",
    () => /^asking the sage at \/ip4\/127\.0\.0\.1\/tcp\/9 …$/m.test(node.stdout()),
    60_000,
  );
  await eventually("what to do", () => /^no answer from .*Does the sage run\?/m.test(node.stdout()), 20_000);
  node.process.stdin?.end();
  assert.equal((await node.ended).code, 0);
  const log = await readFile(path.join(directory, "log/dikast.log"), "utf8");
  assert.match(log, /"reason":"input ended".*"the node ends"/);
});

test("sage transfer: to another sage, by its id or the end of it", async (t) => {
  const directory = await temporaryDirectory(t);
  const asked = await nodeIn(t, directory, BOARD);
  for (const name of [SAGE, `…${SAGE.slice(-6)}`]) {
    const outcome = await dikast(["sage", "transfer", name, "--data-dir", directory]);
    assert.deepEqual([outcome.exitCode, outcome.stderr], [0, ""]);
  }
  assert.deepEqual(
    asked.filter(({ type }) => type === "transfer").map(({ to }) => to),
    [SAGE, SAGE],
  );
  const unknown = await dikast(["sage", "transfer", "Nobody", "--data-dir", directory, "--json"]);
  assert.equal(unknown.json[0]?.["code"], "DIKAST_UNKNOWN_NODE");
});

test("open: with fewer than a verdict needs: says so, and what to do", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, BOARD);
  const outcome = await dikast(["open", "--data-dir", directory]);
  assert.equal(outcome.exitCode, 0, outcome.stderr);
  assert.match(outcome.stdout, /^only 2 nodes take part: nothing can be judged before there are 3, .*--role juror/m);
});

test("submit --watch: a submission that nobody could judge: said in words, and not as signed by nobody", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, BOARD);
  await writeTree(directory, { "sum.py": "print(1)\n" });
  const args = ["submit", "sum.py", "--problem", "sum", "--watch", "--data-dir", directory];
  const outcome = await dikast(args, { cwd: directory });
  assert.equal(outcome.exitCode, 3, outcome.stderr);
  assert.match(outcome.stdout, /^JE {2}nobody could judge it: .*organizer/m);
});

test("submit --watch: the compiler refuses it: its words, which come after the verdict, are shown without what steers a terminal", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, BOARD, REFUSED_BY_COMPILER);
  await writeTree(directory, { "sum.cpp": "int main(){\n" });
  const args = ["submit", "sum.cpp", "--problem", "sum", "--watch", "--data-dir", directory];
  const outcome = await dikast(args, { cwd: directory });
  assert.equal(outcome.exitCode, 3, outcome.stderr);
  assert.match(
    outcome.stdout,
    /^CE {2}signed by 2 evaluators of cluster 2\n\nsum\.cpp:1:12: error: expected '\}'�\[2J$/m,
  );
});

test("submissions: one each line, what waits says why; one by the beginning of its id: its tests", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, BOARD);
  const all = await dikast(["submissions", "--data-dir", directory]);
  assert.equal(all.exitCode, 0, all.stderr);
  const rows = all.stdout.trim().split("\n");
  assert.match(rows[0] ?? "", /sum {2}c +waits to be received \(refused: too many at once\)$/);
  assert.match(rows[1] ?? "", /sum {2}cpp +CE$/);
  assert.match(rows[2] ?? "", /sum {2}cpp +TLE +30 +2\.5 ms$/);
  const one = await dikast(["submissions", SLOW.submission.slice(0, 6), "--data-dir", directory]);
  assert.match(one.stdout, /^first failed test: secret\/02 \(TLE\)\npoints: 30\nat most 2\.5 ms, 3\.0 MiB in a test$/m);
  assert.match(one.stdout, /^secret\/01 {2}AC +1\.0 ms$/m);
  const none = await dikast(["submissions", "zz", "--data-dir", directory]);
  assert.deepEqual([none.exitCode, none.stderr], [2, "dikast: there is no submission zz\n"]);
});

test("status: the judge profile, whole, and whether it is the contest's; the clock's uncertainty", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, BOARD);
  const { profile } = new FakeSandbox();
  const outcome = await dikast(["status", "--data-dir", directory]);
  assert.match(
    outcome.stdout,
    new RegExp(`^judge profile +fake ${profile.hash}, not the contest's \\(${CONTEST}\\)`, "m"),
  );
  assert.match(outcome.stdout, /^clock +corrected by -4 ms, ±7 ms$/m);
  const asked = await dikast(["status", "--data-dir", directory, "--json"]);
  const info = asked.json[0]?.["node"] as NodeInfo | undefined;
  assert.deepEqual([info?.judge.profile, info?.judge.contestProfile], [profile.hash, CONTEST]);
});

test("invite: a node that is no sage: says whom to ask", async (t) => {
  const directory = await temporaryDirectory(t);
  await nodeIn(t, directory, BOARD);
  const outcome = await dikast(["invite", "--data-dir", directory, "--json"]);
  assert.deepEqual([outcome.exitCode, outcome.json[0]?.["code"]], [1, "DIKAST_NO_SAGE"]);
});

test("join, doctor, sage: what is no invite: one sentence with the way out, and nothing is left behind", async (t) => {
  const directory = await temporaryDirectory(t);
  await writeTree(directory, { "bad.invite": "hello\n", "large.invite": "x".repeat(20_000) });
  const cases = [
    ["nofile.invite", /"nofile\.invite" is neither an invite \(dikast:\/\/…\) nor a file; copy all of the invite/],
    ["https://example.org", /is neither an invite .* nor a file/],
    ["bad.invite", /it does not begin with dikast:.*; copy all of it, in quotes, or ask the organizer/],
    ["large.invite", /too large for an invite/],
    ["dikast://xyz", /; copy all of it, in quotes/],
    [`dikast://${CONTEST}?v=1`, /it names no sage; copy all of it/],
    [`dikast://${CONTEST}?v=7`, /of version 7 of the protocol, .*; install the version that the organizer uses$/],
  ] as const;
  for (const [index, [invite, says]] of cases.entries()) {
    const others = index === 0 ? [["sage", "--join", invite] as const, ["doctor", invite] as const] : [];
    for (const command of [["join", invite] as const, ...others]) {
      const { exitCode, stderr } = await dikast([...command, "--data-dir", "data"], { cwd: directory });
      assert.deepEqual([exitCode, stderr.trim().split("\n").length], [2, 1], `${command.join(" ")}: ${stderr}`);
      assert.match(stderr.trim(), says);
    }
  }
});

test("hook: a commit in a repository with the hook: the node gets the solution", async (t) => {
  const directory = await temporaryDirectory(t);
  const data = path.join(directory, "data");
  const repository = path.join(directory, "repo");
  await mkdir(data);
  await mkdir(repository);
  const git = async (...args: string[]): Promise<unknown> =>
    await promisify(execFile)(
      "git",
      ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args],
      { cwd: repository },
    );
  const asked = await nodeIn(t, data, BOARD);
  await git("init", "-q");
  const installed = await dikast(
    ["hook", "install", "--data-dir", data, "--contest", hashOf(new Uint8Array()).slice(0, 8)],
    {
      cwd: repository,
    },
  );
  assert.equal(installed.exitCode, 0, installed.stderr);
  await writeTree(repository, { "A/main.py": "print(1)\n", "README.md": "x" });
  await git("add", "-A");
  await git("commit", "-q", "-m", "solve A");
  await eventually("the submission", () => asked.some((command) => command.type === "submit"), 60_000);
  const submit = asked.find((command) => command.type === "submit");
  assert.deepEqual([submit?.["problem"], submit?.["language"], submit?.["filename"]], ["sum", "python3", "main.py"]);
  assert.equal(Buffer.from(submit?.["source"] as Uint8Array).toString(), "print(1)\n");
  const log = path.join(repository, ".git/dikast-hook.log");
  await eventually(
    "the log",
    async () => /A\/main\.py → problem sum: submitted/.test(await readFile(log, "utf8")),
    60_000,
  );

  const other = await dikast(["hook", "run", "--data-dir", data, "--contest", "ffff", "--json"], { cwd: repository });
  assert.deepEqual([other.exitCode, other.json.at(-1)?.["code"]], [1, "DIKAST_HOOK_OTHER_CONTEST"]);
});
