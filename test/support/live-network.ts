/** A real network in one process: libp2p on loopback, Level stores, one sandbox shared by all nodes. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pino } from "pino";
import type { Sandbox } from "../../sandbox/index.ts";
import type { SubmissionView } from "../../sessions/index.ts";
import type { Board } from "../../src/contest/index.ts";
import type { Hash, Language, NodeId } from "../../src/model/index.ts";
import { BundleFiles } from "../../src/node/bundles/index.ts";
import { loadSettings } from "../../src/node/config/index.ts";
import { fastSigner } from "../../src/node/identity/index.ts";
import { organize } from "../../src/node/organizer/index.ts";
import { type NodeNotice, type RunningNode, startNode } from "../../src/node/runtime/index.ts";
import { openStore, type Store } from "../../src/node/store/index.ts";
import { readContest } from "../../src/packages/index.ts";
import { eventually } from "./eventually.ts";
import { secretKeyFor } from "./keys.ts";

export interface LiveNetworkOptions {
  readonly directory: string;
  readonly contest: string;
  readonly participants: number;
  readonly clusterSize: number;
  readonly sandbox: Sandbox;
  readonly sessionMs?: number;
  readonly onNotice?: (node: string, notice: NodeNotice) => void;
}

interface Member {
  readonly name: string;
  node: RunningNode;
  store: Store;
}

export class LiveNetwork {
  readonly #options: LiveNetworkOptions;
  readonly #members = new Map<string, Member>();
  #sages: readonly { readonly id: NodeId; readonly addresses: readonly string[] }[] = [];

  /** Use `LiveNetwork.start`. */
  constructor(options: LiveNetworkOptions) {
    this.#options = options;
  }

  static async start(options: LiveNetworkOptions): Promise<LiveNetwork> {
    const network = new LiveNetwork(options);
    await network.#startSage();
    await Promise.all(network.names.map((name) => network.startParticipant(name)));
    await eventually(
      "leaders are elected",
      () => network.names.every((name) => network.node(name).status().central !== null),
      60_000,
    );
    return network;
  }

  /** Of the participants. */
  get names(): readonly string[] {
    return Array.from({ length: this.#options.participants }, (_, index) => `p${index + 1}`);
  }

  node(name: string): RunningNode {
    const member = this.#members.get(name);
    if (member === undefined) throw new RangeError(`no node ${name}`);
    return member.node;
  }

  async startParticipant(name: string): Promise<void> {
    await this.#open(
      name,
      async (parts) =>
        await startNode({ ...parts, role: "participant", contest: this.node("sage").contest, sages: this.#sages }),
    );
  }

  async stop(name: string): Promise<void> {
    const member = this.#members.get(name);
    this.#members.delete(name);
    await member?.node.stop();
    await member?.store.close();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#members.keys()].map((name) => this.stop(name)));
  }

  async submit(name: string, problem: string, language: Language, source: string): Promise<Hash> {
    const filename = `solution.${language === "cpp" ? "cpp" : "py"}`;
    const body = { type: "submit", problem, language, filename, source: new TextEncoder().encode(source) };
    const { promise, resolve } = Promise.withResolvers<{ readonly submission?: Hash; readonly reason?: string }>();
    this.node(name).command(body, (reply) => resolve(reply as { readonly submission?: Hash }));
    const reply = await promise;
    if (reply.submission === undefined) throw new Error(reply.reason);
    return reply.submission;
  }

  async verdict(name: string, submission: Hash): Promise<SubmissionView> {
    const { promise, resolve } = Promise.withResolvers<SubmissionView>();
    this.node(name).command({ type: "watch", submission } as { readonly type: string }, (reply, final) => {
      if (final) resolve((reply as { readonly submission: SubmissionView }).submission);
    });
    return await promise;
  }

  async board(name: string): Promise<Board | null> {
    const { promise, resolve } = Promise.withResolvers<Board | null>();
    this.node(name).command({ type: "board" }, (reply) => resolve((reply as { readonly board: Board | null }).board));
    return await promise;
  }

  async #startSage(): Promise<void> {
    await this.#open("sage", async (parts) => {
      const { contest: directory, clusterSize, sandbox, sessionMs, participants } = this.#options;
      const organized = await organize({
        dataDirectory: parts.settings.dataDirectory,
        files: new BundleFiles(path.join(parts.settings.dataDirectory, "bundles")),
        contest: await readContest(directory),
        signer: fastSigner(parts.secretKey),
        profile: sandbox.profile,
        deterministic: true,
        listen: ["/ip4/127.0.0.1/tcp/0"],
        announce: [],
        nowMs: Date.now(),
        overrides: { clusterSize, councilSize: 3, ...(sessionMs === undefined ? {} : { sessionMs }) },
      });
      const { contest } = organized;
      return await startNode({
        ...parts,
        role: "sage",
        contest,
        sages: [],
        organized,
        openAtRegistered: participants,
        leadMs: 500,
      });
    });
    const sage = this.node("sage");
    this.#sages = [{ id: sage.id, addresses: sage.addresses() }];
  }

  async #open(
    name: string,
    start: (parts: Omit<Parameters<typeof startNode>[0], "role" | "contest" | "sages">) => Promise<RunningNode>,
  ): Promise<void> {
    const dataDirectory = path.join(this.#options.directory, name);
    await mkdir(dataDirectory, { recursive: true });
    const flags = { dataDirectory, name, listen: "/ip4/127.0.0.1/tcp/0" };
    const settings = await loadSettings({ flags, environment: {}, workingDirectory: dataDirectory });
    const store = await openStore(path.join(dataDirectory, "store"));
    const shared: Sandbox = {
      profile: this.#options.sandbox.profile,
      judge: (task, options) => this.#options.sandbox.judge(task, options),
      run: (task, options) => this.#options.sandbox.run(task, options),
      prepare: (...args) => this.#options.sandbox.prepare(...args),
      warm: (languages) => this.#options.sandbox.warm(languages),
      close: async () => {}, // The others still use it.
    };
    const node = await start({
      settings,
      secretKey: secretKeyFor(`live ${name}`),
      store,
      logger: pino({ level: "silent" }),
      token: null,
      sandbox: async () => shared,
      onFatal: (error) => {
        throw error;
      },
    });
    node.subscribe((notice) => this.#options.onNotice?.(name, notice));
    this.#members.set(name, { name, node, store });
  }
}
