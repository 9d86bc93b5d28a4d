import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { packageFiles, writeFolder } from "../support/folders.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

function dikast(args: readonly string[], input = ""): Ended {
  const main = join(import.meta.dirname, "../../bin/main.ts");
  const ended = spawnSync(process.execPath, [main, ...args, "--sandbox", "fake"], {
    input,
    encoding: "utf8",
    timeout: 30_000,
  });
  const lines = args.includes("--json")
    ? ended.stdout
        .trim()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr, lines };
}

const PACKAGE = packageFiles("name: Fake\n", {
  "data/sample/1.in": "1 2\n",
  "data/sample/1.ans": "3\n",
  "submissions/accepted/a.py": "# @FAKE@ cost 299000\n# @FAKE@ sum\n",
  "submissions/time_limit_exceeded/loop.cpp": "// @FAKE@ loop\n",
  "submissions/wrong_answer/four.py": "# @FAKE@ print 4\n",
});

test("verify: everything as expected: exit code 0, lines as documented", async () => {
  await using folder = await writeFolder(PACKAGE, "fake");
  const { code, lines } = dikast(["verify", folder.directory, "--json"]);
  assert.equal(code, 0);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ["package", "submission", "submission", "submission", "summary"],
  );
  // Slowest accepted 300 ms × the format's multiplier of 5, rounded up to whole seconds.
  assert.deepEqual(
    [lines[0]?.["timeLimitMs"], lines[0]?.["timeLimitSource"], lines[0]?.["slowestAcceptedMs"]],
    [2000, "measured", 300],
  );
  const { wallMs, ...accepted } = lines[1] ?? {};
  assert.equal(typeof wallMs, "number");
  assert.deepEqual(accepted, {
    type: "submission",
    package: "fake",
    path: "accepted/a.py",
    language: "python3",
    expected: ["AC"],
    verdict: "AC",
    score: null,
    costMax: 300_000,
    virtualMsMax: 300,
    memoryBytesMax: 65_536,
    asExpected: true,
  });
  const { wallMs: total, profile, ...summary } = lines.at(-1) ?? {};
  assert.equal(typeof total, "number");
  assert.match(String(profile), /^[0-9a-f]{64}$/);
  assert.deepEqual(summary, {
    type: "summary",
    packages: 1,
    submissions: 3,
    asExpected: 3,
    unexpected: 0,
    skipped: 0,
    unreadable: 0,
    sandbox: "fake",
  });
});

test("verify: one unexpected, one skipped: exit code 3, the skipped one not counted as passed", async () => {
  await using folder = await writeFolder({
    ...PACKAGE,
    "submissions/wrong_answer/right.py": "# @FAKE@ sum\n",
    "submissions/accepted/old.pas": "",
    "submissions/rejected/tagged.py": "# @EXPECTED_RESULTS@: RUN-ERROR\n# @FAKE@ crash\n",
  });
  const { code, lines } = dikast(["verify", folder.directory, "--json"]);
  assert.equal(code, 3);
  const byPath = new Map(lines.map((line) => [line["path"], line]));
  assert.deepEqual(
    [byPath.get("wrong_answer/right.py")?.["verdict"], byPath.get("wrong_answer/right.py")?.["asExpected"]],
    ["AC", false],
  );
  assert.deepEqual(
    [byPath.get("accepted/old.pas")?.["verdict"], byPath.get("accepted/old.pas")?.["asExpected"]],
    [null, null],
  );
  assert.deepEqual(
    [byPath.get("rejected/tagged.py")?.["expected"], byPath.get("rejected/tagged.py")?.["asExpected"]],
    [["MLE", "RE"], true],
  );
  const { asExpected, unexpected, skipped } = lines.at(-1) ?? {};
  assert.deepEqual([asExpected, unexpected, skipped], [4, 1, 1]);
});

test("verify: an unreadable package beside a good one: reported, exit code 1, the good one verified", async () => {
  await using folder = await writeFolder(PACKAGE);
  await using broken = await writeFolder(packageFiles("name: N\ntype: nonsense\n"));
  const { code, lines, stderr } = dikast(["verify", broken.directory, folder.directory, "--json"]);
  assert.equal(code, 1);
  assert.match(stderr, /^dikast: problem\.yaml:2: "type" must be one of/);
  assert.equal(lines[0]?.["type"], "error");
  assert.equal(lines[0]?.["code"], "DIKAST_PACKAGE_BAD_VALUE");
  assert.equal(lines.at(-1)?.["asExpected"], 3);
});

test("verify: nothing to verify: exit code 3", async () => {
  await using folder = await writeFolder(packageFiles("name: N\n"));
  const { code, stdout } = dikast(["verify", folder.directory]);
  assert.equal(code, 3);
  assert.match(stdout, /Nothing was verified/);
});

test("verify: on a pipe: a table, one row a submission, no terminal codes", async () => {
  await using folder = await writeFolder(PACKAGE);
  const { stdout, stderr } = dikast(["verify", folder.directory]);
  assert.match(stdout, /^wrong_answer\/four\.py +python3 +WA +WA .* ok$/m);
  assert.ok(!`${stdout}${stderr}`.includes("\u001B"));
});

test("run: output, verdict and exit codes", async () => {
  await using folder = await writeFolder({
    "sum.py": "# @FAKE@ sum\n",
    "loop.py": "# @FAKE@ loop\n",
    "trap.py": "# @FAKE@ crash\n",
    "words.txt": "",
  });
  const file = (name: string): string => join(folder.directory, name);
  const right = dikast(["run", file("sum.py"), "--stdin", "-"], "20 22\n");
  assert.deepEqual([right.code, right.stdout], [0, "42\n"]);
  const slow = dikast(["run", file("loop.py"), "--time-limit", "0.5", "--json"]);
  assert.deepEqual([slow.code, slow.lines[0]?.["verdict"], slow.lines[0]?.["virtualMs"]], [3, "TLE", 500]);
  const trapped = dikast(["run", file("trap.py")]);
  assert.equal(trapped.code, 3);
  assert.match(trapped.stderr, /^RE \(unreachable\): /m);
  assert.equal(dikast(["run", file("trap.py"), "--json"]).lines[0]?.["trap"], "unreachable");
  const missing = dikast(["run", file("nothing.py")]);
  assert.deepEqual([missing.code, missing.stderr.includes("there is no file")], [1, true]);
  const unknown = dikast(["run", file("words.txt")]);
  assert.deepEqual([unknown.code, unknown.stderr.includes("which language is it?")], [1, true]);
});

test("test: a wrong sample: its output beside the expected one, exit code 3", async () => {
  await using folder = await writeFolder(PACKAGE);
  const wrong = dikast([
    "test",
    join(folder.directory, "submissions/wrong_answer/four.py"),
    "--problem",
    folder.directory,
  ]);
  assert.equal(wrong.code, 3);
  assert.match(wrong.stdout, /sample\/1: expected\n {2}3\n\nsample\/1: got\n {2}4\n/);
  const right = dikast([
    "test",
    join(folder.directory, "submissions/accepted/a.py"),
    "--problem",
    folder.directory,
    "--json",
  ]);
  assert.equal(right.code, 0);
  assert.deepEqual(right.lines.at(-1), { type: "summary", verdict: "AC", tests: 1, right: 1, compileLog: "" });
});
