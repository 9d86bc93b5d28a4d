/**
 * What one submission costs the central leader itself: `node bench/leader.ts [submissions] [--json] [--native]`. Its own steps only
 * (receive, verify, log, assign, certify, commit) with real signatures, reading and writing messages as on the wire, and
 * what it does as a cluster leader and evaluator of its own cluster beside; no network and no disk. Submissions come at
 * peak rate, 1,150 a second, in virtual time. With libsecp256k1 and, beside it, with the noble reference.
 */
import { statusOf } from "../sessions/index.ts";
import { ContestWorld, plainScenario } from "../sim/index.ts";
import { quantile } from "../sim/statistics/intervals.ts";
import {
  decodeMessage,
  type Effect,
  encodeMessage,
  type Event,
  nobleSigner,
  nobleVerifier,
  SUBMISSION_BYTES_MAX,
  type Signer,
  type Verifier,
} from "../src/model/index.ts";
import { fastSigner, fastVerifier, hasNativeCrypto } from "../src/node/identity/index.ts";
import { secretKeyFor } from "../test/support/keys.ts";

const RATE_PER_SECOND = 1150;
const FROM_MS = 8000;
const PARTICIPANTS = 25;
const WINDOW = 100;
/** What belongs to the leader of a cluster and to an evaluator, which every node may be. */
const OTHER_DUTIES = new Set(["assign", "ask", "commitment", "commitment-set", "result", "abstention", "progress"]);

interface Measured {
  /** Milliseconds for each submission, by window of so many. */
  readonly central: readonly number[];
  readonly whole: readonly number[];
  readonly blocks: number;
  readonly submissions: number;
}

function measure(count: number, signerOf: (secret: Uint8Array) => Signer, verifier: Verifier): Measured {
  const scenario = plainScenario({
    participants: PARTICIPANTS,
    clusterSize: 5,
    sessionMs: 100_000_000,
    durationMs: 100_000_000,
    latency: { type: "constant", micros: 500 },
    timing: { submissionBurst: 1_000_000 },
    workload: Array.from({ length: count }, (_, index) => ({
      atMs: FROM_MS + Math.floor((index * 1000) / RATE_PER_SECOND),
      node: 1 + (index % PARTICIPANTS),
      problem: 0,
      verdict: "AC" as const,
      costMs: 2,
    })),
  });
  // Only the leader's own steps use what is measured: all others make and accept the same signatures as fast as they can.
  let isTimed = false;
  const signers = new Map<number, Signer>();
  const signer = (index: number): Signer => {
    const known = signers.get(index) ?? signerFor(secretKeyFor(`leader bench ${index}`));
    signers.set(index, known);
    return known;
  };
  const signerFor = (secret: Uint8Array): Signer => {
    const [measured, other] = [signerOf(secret), fastSigner(secret)];
    return { id: measured.id, sign: (digest) => (isTimed ? measured : other).sign(digest) };
  };
  const verifiers: Verifier = {
    verify: (digest, signature, id) => (isTimed ? verifier : fastVerifier).verify(digest, signature, id),
  };
  const contest = new ContestWorld(scenario, { verifier: verifiers, signer });
  contest.begin();
  contest.world.runUntil((FROM_MS - 500) * 1000);
  const leader = contest.world.hosts.find((host) => {
    const state = contest.stateOf(host);
    return state !== undefined && statusOf(state).isCentralLeader;
  });
  if (leader === undefined) throw new Error("nobody leads");
  const [central, whole]: [number[], number[]] = [[], []];
  let [startedAt, centralMs, wholeMs, settled, blocks] = [0, 0, 0, 0, 0];
  leader.interceptors = [
    {
      name: "stop watch",
      inbound(event) {
        // As it comes from the wire: nothing that another node has parsed or verified is at hand.
        const bytes = event.type === "message-received" ? encodeMessage(event.message) : undefined;
        isTimed = true;
        startedAt = cpuMs();
        if (bytes === undefined || event.type !== "message-received") return event;
        const message = decodeMessage(Uint8Array.from(bytes), SUBMISSION_BYTES_MAX * 4);
        return message === undefined ? undefined : { ...event, message };
      },
      outbound(effects, event) {
        for (const message of messagesIn(effects)) encodeMessage(message);
        const tookMs = cpuMs() - startedAt;
        isTimed = false;
        wholeMs += tookMs;
        if (!isOtherDuty(event)) centralMs += tookMs;
        return effects;
      },
    },
  ];
  contest.world.observers.push({
    noticed(host, notice) {
      if (host !== leader) return;
      if (notice.type === "block-committed") blocks += 1;
      if (notice.type !== "verdict-settled") return;
      settled += 1;
      if (settled % WINDOW !== 0) return;
      central.push(centralMs / WINDOW);
      whole.push(wholeMs / WINDOW);
      [centralMs, wholeMs] = [0, 0];
    },
  });
  contest.world.runWhile(() => settled < count, (FROM_MS + (count * 1000) / RATE_PER_SECOND + 20_000) * 1000, 10_000);
  return { central, whole, blocks, submissions: settled };
}

function messagesIn(effects: readonly Effect[]): ReadonlySet<Parameters<typeof encodeMessage>[0]> {
  return new Set(
    effects.flatMap((effect) => (effect.type === "send" || effect.type === "publish" ? [effect.message] : [])),
  );
}

function isOtherDuty(event: Event): boolean {
  if (event.type === "evaluation-finished" || event.type === "evaluation-progressed") return true;
  return event.type === "message-received" && OTHER_DUTIES.has(event.message.kind);
}

/** Of this thread, so that a busy machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const asJson = process.argv.includes("--json");

function report(name: string, value: number, unit: string, against: string): void {
  const rounded = Number(value.toPrecision(3));
  if (asJson)
    process.stdout.write(`${JSON.stringify({ type: "figure", figure: name, value: rounded, unit, against })}\n`);
  else process.stdout.write(`${name.padEnd(64)} ${String(rounded).padStart(8)} ${unit.padEnd(14)} ${against}\n`);
}

const count = Number(process.argv.slice(2).find((each) => !each.startsWith("--")) ?? 4000);
const runs = [
  ...(hasNativeCrypto ? [["libsecp256k1", count, fastSigner, fastVerifier] as const] : []),
  ...(process.argv.includes("--native")
    ? []
    : [["noble", Math.max(300, Math.floor(count / 10)), nobleSigner, nobleVerifier] as const]),
];
for (const [name, submissions, signerOf, verifier] of runs) {
  const { central, whole, blocks, submissions: settled } = measure(submissions, signerOf, verifier);
  const ms = quantile(central, 0.5);
  report(`central leader, one submission, ${name}, p50 of ${settled}`, ms, "ms", "target ≤0.85 ms");
  report(`central leader, one submission, ${name}, p95 of windows of ${WINDOW}`, quantile(central, 0.95), "ms", "");
  report(`… with its own cluster's work, ${name}, p50`, quantile(whole, 0.5), "ms", "");
  report(`submissions a second on one core, ${name}`, 1000 / ms, "/s", "CometBFT: 400 tx/s");
  report(`entries of submissions in a block, ${name}`, (settled * 3) / blocks, "", "receipt, assignment, verdict");
}
