/**
 * From submitting to the verdict on a real network in one process (libp2p on loopback, Level, the embedded sandbox): the
 * median of the whole and of its parts, and what signatures cost.
 *
 *   node bench/latency.ts [submissions per language]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { createWasmSandbox } from "../sandbox/index.ts";
import type { Notice } from "../sessions/index.ts";
import { type Hash, type Language, nobleSigner, nobleVerifier, sha256 } from "../src/model/index.ts";
import { fastSigner, fastVerifier } from "../src/node/identity/index.ts";
import { LiveNetwork } from "../test/support/live-network.ts";
import { secretKeyFor } from "../test/support/keys.ts";
import { writeTree } from "../test/support/trees.ts";

const COUNT = Number(process.argv[2] ?? 10);
const PARTICIPANTS = 6;
const CLUSTER_SIZE = 3;
const TESTS = 20;
const IDLE_MS = 4_000;

const SOURCES: Readonly<Record<"cpp" | "python3", (salt: number) => string>> = {
  cpp: (salt) =>
    `#include <bits/stdc++.h>\n// ${salt}\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b << '\\n'; }\n`,
  python3: (salt) => `# ${salt}\na, b = map(int, input().split())\nprint(a + b)\n`,
};

/** When what happened, in milliseconds of one clock. */
interface Times {
  submitted: number;
  accepted?: number;
  firstStart?: number;
  finished: number[];
  settled?: number;
}

const times = new Map<Hash, Times>();

function onNotice(_node: string, notice: Notice): void {
  if (!("submission" in notice)) return;
  const seen = times.get(notice.submission) ?? { submitted: 0, finished: [] };
  times.set(notice.submission, seen);
  const now = performance.now();
  if (notice.type === "submission-accepted") seen.accepted ??= now;
  if (notice.type === "evaluation-started") seen.firstStart ??= now;
  if (notice.type === "evaluation-finished") seen.finished.push(now);
  if (notice.type === "verdict-settled") seen.settled ??= now;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function percentile95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * 0.95) - 1)] ?? Number.NaN;
}

const ms = (value: number): string => `${value.toFixed(0).padStart(6)} ms`;

const directory = await mkdtemp(path.join(tmpdir(), "dikast-bench-"));
const sandbox = await createWasmSandbox({ workers: Math.max(1, availableParallelism() - 1) });
const tests = Object.fromEntries(
  Array.from({ length: TESTS }, (_, index) => [
    [`data/secret/${index}.in`, `${index} 1\n`],
    [`data/secret/${index}.ans`, `${index + 1}\n`],
  ]).flat(),
) as Record<string, string>;
await writeTree(path.join(directory, "contest", "sum"), {
  "problem.yaml": "name: Sum\nlimits:\n  time_limit: 1\n",
  "problem_statement/problem.en.tex": "\\problemname{Sum}\nAdd.\n",
  ...tests,
});
console.log(
  `${PARTICIPANTS} participants and a sage in one process, clusters of ${CLUSTER_SIZE}, ${TESTS} tests, one submission at a time`,
);
await sandbox.warm(["cpp", "python3"]);
const network = await LiveNetwork.start({
  directory,
  contest: path.join(directory, "contest"),
  participants: PARTICIPANTS,
  clusterSize: CLUSTER_SIZE,
  sandbox,
  sessionMs: 600_000,
  onNotice: (node, notice) => onNotice(node, notice as Notice),
});

const messages = (): number =>
  network.names.reduce((sum, name) => {
    const { driver } = network.node(name).counters();
    return sum + driver.accepted + driver.ignored + driver.rejected;
  }, 0);

async function measure(language: Language & keyof typeof SOURCES): Promise<void> {
  const whole: number[] = [];
  const parts: Record<"receipt" | "queue" | "evaluation" | "votes", number[]> = {
    receipt: [],
    queue: [],
    evaluation: [],
    votes: [],
  };
  for (let index = 0; index <= COUNT; index += 1) {
    const name = network.names[index % network.names.length] as string;
    const startMs = performance.now();
    const submission = await network.submit(name, "sum", language, SOURCES[language](index));
    const seen = times.get(submission) ?? { submitted: startMs, finished: [] };
    times.set(submission, seen);
    const view = await network.verdict(name, submission);
    if (view.verdict !== "AC") throw new Error(`${language}: ${view.verdict}`);
    const endMs = performance.now();
    if (index === 0) continue; // Warms the path up.
    const decidedMs = seen.finished.toSorted((a, b) => a - b)[view.voters.length - 1] ?? endMs;
    const acceptedMs = seen.accepted ?? startMs;
    const startedMs = seen.firstStart ?? acceptedMs;
    whole.push(endMs - startMs);
    parts.receipt.push(acceptedMs - startMs);
    parts.queue.push(Math.max(0, startedMs - acceptedMs));
    parts.evaluation.push(decidedMs - startedMs);
    parts.votes.push(Math.max(0, endMs - decidedMs));
  }
  console.log(
    `\n${language}: submit → verdict  median ${ms(median(whole))}   p95 ${ms(percentile95(whole))}   (limit 3000 ms: ${(percentile95(whole) / 3000).toFixed(2)} of it)`,
  );
  for (const [part, values] of Object.entries(parts)) {
    console.log(
      `  ${part.padEnd(12)} ${ms(median(values))}   ${((median(values) / median(whole)) * 100).toFixed(0)} %`,
    );
  }
  const direct = await directly(language);
  console.log(`  the same in the sandbox alone: compile ${ms(direct.compileMs)}, run and check ${ms(direct.runMs)}`);
  console.log(
    `  evaluation / sandbox alone: ${(median(parts.evaluation) / (direct.compileMs + direct.runMs)).toFixed(2)}`,
  );
}

/** A first judging compiles; a second one of the same source finds the program compiled. */
async function directly(
  language: Language & keyof typeof SOURCES,
): Promise<{ readonly compileMs: number; readonly runMs: number }> {
  const node = network.node("p1");
  const { problem, directory: packageDirectory } = await node.library.use("sum", AbortSignal.timeout(10_000));
  const cold: number[] = [];
  const warm: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    const bytes = new TextEncoder().encode(SOURCES[language](1_000 + index));
    const sources = [{ name: language === "cpp" ? "a.cpp" : "a.py", bytes }];
    for (const list of [cold, warm]) {
      const startMs = performance.now();
      await sandbox.judge({ language, sources, problem, packageDirectory, tests: "all" });
      list.push(performance.now() - startMs);
    }
  }
  return { compileMs: Math.max(0, median(cold) - median(warm)), runMs: median(warm) };
}

/** Heartbeats and the like, of all participants together. */
async function idlePerSecond(): Promise<number> {
  const before = messages();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return ((messages() - before) / IDLE_MS) * 1000;
}

function perSecond(work: () => void): number {
  for (let index = 0; index < 20; index += 1) work();
  const startMs = performance.now();
  let count = 0;
  while (performance.now() - startMs < 500) {
    work();
    count += 1;
  }
  return (count / (performance.now() - startMs)) * 1000;
}

try {
  const idleBefore = await idlePerSecond();
  const messagesBefore = messages();
  const beforeMs = performance.now();
  await measure("cpp");
  await measure("python3");
  const judged = 2 * (COUNT + 1);
  const busySeconds = (performance.now() - beforeMs) / 1000;
  const received = messages() - messagesBefore;
  const idle = Math.min(idleBefore, await idlePerSecond());
  const own = (received - idle * busySeconds) / judged;

  const digest = sha256(new Uint8Array(100));
  const key = secretKeyFor("bench");
  const [native, noble] = [fastSigner(key), nobleSigner(key)];
  const signature = noble.sign(digest);
  const { id } = noble;
  const rates = {
    sign: {
      fast: perSecond(() => native.sign(digest)),
      noble: perSecond(() => noble.sign(digest)),
    },
    verify: {
      fast: perSecond(() => fastVerifier.verify(digest, signature, id)),
      noble: perSecond(() => nobleVerifier.verify(digest, signature, id)),
    },
  };
  console.log("\nsignatures, one core:");
  for (const [what, { fast, noble }] of Object.entries(rates)) {
    console.log(
      `  ${what.padEnd(7)} ${fast.toFixed(0).padStart(7)}/s native, ${noble.toFixed(0).padStart(6)}/s noble: ratio ${(fast / noble).toFixed(1)}`,
    );
  }
  const costMs = (Math.max(0, own) * 1000) / rates.verify.fast;
  console.log(
    `  messages received per submission by all ${PARTICIPANTS} nodes: ${own.toFixed(0)} (beyond ${idle.toFixed(0)}/s when idle); ` +
      `verifying them costs ${costMs.toFixed(2)} ms native, ${((costMs * rates.verify.fast) / rates.verify.noble).toFixed(1)} ms noble`,
  );
} finally {
  await network.stopAll();
  await sandbox.close();
  await rm(directory, { recursive: true, force: true });
}
