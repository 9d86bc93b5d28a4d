import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { createWasmSandbox } from "../../../sandbox/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { eventually } from "../../support/eventually.ts";
import { LiveNetwork } from "../../support/live-network.ts";

const RIGHT = "#include <iostream>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b << '\\n'; }\n";
const WRONG = "a, b = map(int, input().split())\nprint(a - b)\n";
const SLOW = "while True:\n    pass\n";

async function contestIn(directory: string): Promise<string> {
  const files: Readonly<Record<string, string>> = {
    "problem.yaml": "name: Sum\nlimits:\n  time_limit: 1\n",
    "problem_statement/problem.en.tex": "\\problemname{Sum}\nAdd.\n",
    "data/secret/1.in": "1 2\n",
    "data/secret/1.ans": "3\n",
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, "contest", "sum", name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return path.join(directory, "contest");
}

test("a real network: libp2p, Level and the embedded sandbox: judges, survives a restart, boards are equal", async (context) => {
  const directory = await temporaryDirectory(context);
  const sandbox = await createWasmSandbox({ workers: 1 });
  const contest = await contestIn(directory);
  const network = await LiveNetwork.start({ directory, contest, participants: 3, clusterSize: 3, sandbox });
  context.after(async () => {
    await network.stopAll();
    await sandbox.close();
  });

  const right = await network.verdict("p1", await network.submit("p1", "sum", "cpp", RIGHT));
  assert.equal(right.verdict, "AC");
  assert.ok(right.voters.length >= 2);
  // The submitter's own result does not count towards its own verdict.
  assert.ok(!right.voters.includes(network.node("p1").id));
  const wrong = await network.verdict("p2", await network.submit("p2", "sum", "python3", WRONG));
  assert.equal(wrong.verdict, "WA");

  // One node ends with a submission that it has stored and nobody has judged, and comes back from its store.
  const submission = await network.submit("p3", "sum", "python3", SLOW);
  await network.stop("p3");
  await network.startParticipant("p3");
  const slow = await network.verdict("p3", submission);
  assert.equal(slow.verdict, "TLE");

  const boards = async (): Promise<readonly string[]> =>
    await Promise.all(["sage", ...network.names].map(async (name) => JSON.stringify(await network.board(name))));
  await eventually("all boards are equal", async () => new Set(await boards()).size === 1);
  const board = await network.board("p2");
  const solved = board?.rows.map(({ displayName, solved }) => [displayName, solved]);
  assert.deepEqual(solved?.toSorted(), [
    ["p1", 1],
    ["p2", 0],
    ["p3", 0],
  ]);
});
