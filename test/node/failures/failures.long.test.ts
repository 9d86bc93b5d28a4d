/**
 * Real processes, real libp2p: the central leader is killed, another one is stopped, and at last everybody is killed at
 * once and comes back in another order. Nothing with a receipt is lost (protocol.md §8).
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { run, type Running, start } from "../../support/command.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { eventually } from "../../support/eventually.ts";
import { PACKAGE, writeTree } from "../../support/trees.ts";

const FAKE = { DIKAST_SANDBOX: "fake", DIKAST_LISTEN: "/ip4/127.0.0.1/tcp/0" };
const LONG_MS = 120_000;
const NAMES = ["Ada", "Bob", "Cyd", "Dan", "Eve"];

interface Line {
  readonly type: string;
  readonly [key: string]: unknown;
}

class Network {
  readonly #root: string;
  readonly #running = new Map<string, Running>();
  readonly ids = new Map<string, string>();

  constructor(t: TestContext, root: string) {
    this.#root = root;
    t.after(async () => {
      for (const running of this.#running.values()) running.process.kill("SIGKILL");
      await Promise.all([...this.#running.values()].map((running) => running.ended));
    });
  }

  at(name: string): string {
    return path.join(this.#root, name);
  }

  start(name: string, ...args: readonly string[]): void {
    this.#running.set(name, start([...args, "--json", "--data-dir", this.at(name)], FAKE, 900_000));
  }

  lines(name: string): readonly Line[] {
    return (this.#running.get(name)?.stdout() ?? "")
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as Line);
  }

  async said(name: string, type: string): Promise<Line> {
    let found: Line | undefined;
    const isSaid = (): boolean => (found = this.lines(name).find((line) => line.type === type)) !== undefined;
    await eventually(`${name} says ${type}`, isSaid, LONG_MS);
    return found as Line;
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#running.get(name)?.process.kill(signal);
  }

  async kill(name: string): Promise<void> {
    const running = this.#running.get(name);
    running?.process.kill("SIGKILL");
    await running?.ended;
    this.#running.delete(name);
  }

  async status(name: string): Promise<{ readonly node: string; readonly judged: number } | undefined> {
    const { lines } = await run("status", "--json", "--data-dir", this.at(name));
    return lines.at(-1)?.["status"] as { readonly node: string; readonly judged: number } | undefined;
  }

  /** The last leader of the contest that this node told of. */
  leaderAt(name: string): string | undefined {
    const line = this.lines(name).findLast((each) => each.type === "leader-elected" && each["scope"] === "central");
    const id = line?.["leader"];
    return [...this.ids].find(([, known]) => known === id)?.[0];
  }

  async submit(name: string, verdict: string): Promise<void> {
    const file = path.join(this.#root, `${name}-${verdict}.cpp`);
    await writeFile(file, `// ${verdict} 50 ${name}\n`);
    const sent = await run("submit", file, "--problem", "hello", "--json", "--data-dir", this.at(name));
    assert.equal(sent.code, 0, sent.stderr);
  }

  async settled(name: string, count: number): Promise<void> {
    const isSettled = async (): Promise<boolean> => {
      return (await this.status(name))?.judged === count;
    };
    await eventually(`${count} verdicts at ${name}`, isSettled, LONG_MS);
  }
}

test("real processes: leader killed, leader stopped, everybody killed at once: the contest goes on, nothing is lost", async (t) => {
  const root = await temporaryDirectory(t);
  const network = new Network(t, root);
  const files = Object.fromEntries(Object.entries(PACKAGE).map(([name, content]) => [`hello/${name}`, content]));
  const yaml = "name: Trouble\nproblems: [hello]\nsession_length: 1:00:00\ncluster_size: 5\n";
  const contest = await writeTree(path.join(root, "contest"), { ...files, "contest.yaml": yaml });
  network.start("sage", "sage", "--contest", contest, "--lead", "1");
  const invite = (await network.said("sage", "ready"))["invite"] as string;
  for (const name of NAMES) network.start(name, "join", invite, "--name", name);
  for (const name of NAMES) await network.said(name, "registered");
  assert.equal((await run("open", "--data-dir", network.at("sage"))).code, 0);
  for (const name of NAMES) {
    await network.said(name, "roster");
    network.ids.set(name, (await network.status(name))?.node ?? "");
  }
  await eventually("somebody leads", () => network.leaderAt("Ada") !== undefined, LONG_MS);
  await network.submit("Ada", "AC");
  await network.settled("Bob", 1);

  const first = network.leaderAt("Ada") as string;
  const witness = NAMES.find((name) => name !== first) as string;
  await network.kill(first);
  const isReplaced = (by: string, old: string) => (): boolean => {
    const leader = network.leaderAt(by);
    return leader !== undefined && leader !== old;
  };
  await eventually("another leader", isReplaced(witness, first), LONG_MS);
  await network.submit(witness, "WA");
  await network.settled(witness, 2);
  network.start(first, "join");

  const second = network.leaderAt(witness) as string;
  const third = NAMES.find((name) => name !== second && name !== first) as string;
  network.signal(second, "SIGSTOP");
  await eventually("a leader in place of the stopped one", isReplaced(third, second), LONG_MS);
  network.signal(second, "SIGCONT");
  await network.submit(third, "AC");
  await network.settled(second, 3);

  // All at once, with a submission on its way; back in another order, the sage last.
  await network.submit(second, "AC");
  await Promise.all(["sage", ...NAMES].map((name) => network.kill(name)));
  for (const name of NAMES.toReversed()) network.start(name, "join");
  network.start("sage", "sage");
  for (const name of NAMES) await network.settled(name, 4);
});
