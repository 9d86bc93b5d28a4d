/** A contest's network of real processes, for tests that hurt it. The sandbox is the fake one: what is tested is the network. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { run, type Running, start } from "./command.ts";
import { temporaryDirectory } from "./directories.ts";
import { eventually } from "./eventually.ts";
import { PACKAGE, writeTree } from "./trees.ts";

const LONG_MS = 120_000;

export interface Line {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface ContestNetworkOptions {
  readonly participants: readonly string[];
  /** A command that runs a node's process where it belongs, and the address it listens on. Default: here, on loopback. */
  readonly place?: (name: string) => { readonly through: readonly string[]; readonly listen: string };
}

const HERE = { through: [], listen: "/ip4/127.0.0.1/tcp/0" };

export class ContestNetwork {
  readonly names: readonly string[];
  readonly #root: string;
  readonly #place: NonNullable<ContestNetworkOptions["place"]>;
  readonly #running = new Map<string, Running>();
  readonly ids = new Map<string, string>();

  private constructor(t: TestContext, root: string, options: ContestNetworkOptions) {
    this.#root = root;
    this.names = options.participants;
    this.#place = options.place ?? (() => HERE);
    t.after(async () => {
      for (const running of this.#running.values()) running.process.kill("SIGKILL");
      await Promise.all([...this.#running.values()].map((running) => running.ended));
    });
  }

  /** Five in one cluster or fewer, with one leader; its contest runs and has a leader. */
  static async open(t: TestContext, options: ContestNetworkOptions): Promise<ContestNetwork> {
    const root = await temporaryDirectory(t);
    const network = new ContestNetwork(t, root, options);
    const files = Object.fromEntries(Object.entries(PACKAGE).map(([name, content]) => [`hello/${name}`, content]));
    const yaml = `name: Trouble\nproblems: [hello]\nsession_length: 1:00:00\ncluster_size: ${network.names.length}\n`;
    const contest = await writeTree(path.join(root, "contest"), { ...files, "contest.yaml": yaml });
    network.start("sage", "sage", "--contest", contest, "--lead", "1");
    const invite = (await network.said("sage", "ready"))["invite"] as string;
    for (const name of network.names) network.start(name, "join", invite, "--name", name);
    for (const name of network.names) await network.said(name, "registered");
    assert.equal((await run("open", "--data-dir", network.at("sage"))).code, 0);
    for (const name of network.names) {
      await network.said(name, "roster");
      network.ids.set(name, (await network.status(name))?.node ?? "");
    }
    const [witness = ""] = network.names;
    await eventually("somebody leads", () => network.leaderAt(witness) !== undefined, LONG_MS);
    return network;
  }

  at(name: string): string {
    return path.join(this.#root, name);
  }

  start(name: string, ...args: readonly string[]): void {
    const { through, listen } = this.#place(name);
    const environment = { DIKAST_SANDBOX: "fake", DIKAST_LISTEN: listen };
    this.#running.set(name, start([...args, "--json", "--data-dir", this.at(name)], environment, 900_000, through));
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

  async board(name: string): Promise<unknown> {
    const { lines } = await run("board", "--json", "--data-dir", this.at(name));
    return lines.at(-1);
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

  /** Another one leads than `old`, as far as `by` knows. */
  async isReplaced(by: string, old: string): Promise<string> {
    const leader = (): string | undefined => this.leaderAt(by);
    await eventually(`another leader than ${old}`, () => leader() !== undefined && leader() !== old, LONG_MS);
    return leader() as string;
  }
}
