/**
 * From the invite to a place in the contest, and from the start to open statements, with real processes (issue 5: ready within 10 s without the
 * transfer of bundles; statements open on every online node within 2 s). The sandbox is the model: this is about the network.
 *
 *     node bench/opening/opening.ts [--nodes 20]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { run, type Running, start } from "../../test/support/command.ts";

const { values } = parseArgs({ options: { nodes: { type: "string", default: "20" } } });
const count = Number(values.nodes);
const CONTEST = path.resolve(import.meta.dirname, "../../examples/demo");
const ENVIRONMENT = { DIKAST_SANDBOX: "fake", DIKAST_LISTEN: "/ip4/127.0.0.1/tcp/0" };
/** Processes started at the same time: two cores start no more. */
const AT_ONCE = 2;
const LEAD_S = 15;

interface Line {
  readonly type: string;
  readonly at?: number;
  readonly state?: string;
  readonly problem?: string;
  readonly [key: string]: unknown;
}

/** What the bench looks at; everything else is not even parsed: there are twenty nodes, and it shares their cores. */
const WANTED = /"type":"(?:ready|registered|problem-changed|roster|keys-released)"/;
const heard = new Map<Running, { read: number; readonly lines: Line[] }>();

function linesOf(running: Running): readonly Line[] {
  let known = heard.get(running);
  if (known === undefined) heard.set(running, (known = { read: 0, lines: [] }));
  const text = running.stdout();
  const end = text.lastIndexOf("\n") + 1;
  for (const line of text.slice(known.read, end).split("\n"))
    if (WANTED.test(line)) known.lines.push(JSON.parse(line) as Line);
  known.read = Math.max(known.read, end);
  return known.lines;
}

async function until<T>(what: string, find: () => T | undefined, msMax = 180_000): Promise<T> {
  for (const endMs = Date.now() + msMax; Date.now() < endMs; ) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not in time: ${what}`);
}

const isReady = (running: Running): true | undefined => {
  const lines = linesOf(running);
  const sealed = new Set(lines.filter(({ state }) => state === "sealed").map(({ problem }) => problem));
  return lines.some(({ type }) => type === "registered") && sealed.size >= 5 ? true : undefined;
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

const directory = await mkdtemp(path.join(tmpdir(), "dikast-opening-"));
const all: Running[] = [];
try {
  const sage = start(
    ["sage", "--contest", CONTEST, "--data-dir", path.join(directory, "sage"), "--json"],
    ENVIRONMENT,
    900_000,
  );
  all.push(sage);
  const invite = await until(
    "the sage",
    () => linesOf(sage).find(({ type }) => type === "ready")?.["invite"] as string | undefined,
  );
  const nodes: Running[] = [];
  const joinMs: number[] = [];
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  const joinNext = async (): Promise<void> => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const beganMs = Date.now();
      const node = start(
        ["join", invite, "--name", name, "--data-dir", path.join(directory, name), "--json"],
        ENVIRONMENT,
        900_000,
      );
      all.push(node);
      nodes.push(node);
      await until(`${name} is ready`, () => isReady(node));
      joinMs.push(Date.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, joinNext));
  joinMs.sort((a, b) => a - b);
  process.stdout.write(
    `${count} nodes joined, problems fetched: median ${percentile(joinMs, 0.5)} ms, worst ${joinMs.at(-1)} ms from the command to ready\n`,
  );
  await run("open", "--in", `${LEAD_S}`, "--data-dir", path.join(directory, "sage"));
  const startsAt = await until(
    "the roster",
    () => linesOf(nodes[0] as Running).find(({ type }) => type === "roster")?.["startsAt"] as number | undefined,
  );
  const opened = await Promise.all(
    nodes.map(async (node) => {
      const open = (): readonly Line[] => linesOf(node).filter(({ state }) => state === "open");
      await until("all are open", () => (new Set(open().map(({ problem }) => problem)).size >= 5 ? true : undefined));
      return Math.max(...open().map(({ at }) => at ?? Number.NaN)) - startsAt;
    }),
  );
  opened.sort((a, b) => a - b);
  const keys = nodes
    .map((node) => (linesOf(node).find(({ type }) => type === "keys-released")?.at ?? Number.NaN) - startsAt)
    .toSorted((a, b) => a - b);
  process.stdout.write(
    `keys: first ${keys[0]} ms, median ${percentile(keys, 0.5)} ms, last ${keys.at(-1)} ms after the start\n`,
  );
  process.stdout.write(
    `statements open on ${opened.length} of ${count} nodes: first ${opened[0]} ms, median ${percentile(opened, 0.5)} ms, last ${opened.at(-1)} ms after the start\n`,
  );
} finally {
  for (const { process: child } of all) child.kill("SIGKILL");
  await Promise.all(all.map(({ ended }) => ended));
  await rm(directory, { recursive: true, force: true });
}
