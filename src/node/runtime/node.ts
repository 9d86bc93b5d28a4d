/** One running node: network, store, machines, sandbox and problems put together. */
import path from "node:path";
import type { JudgeProfile, Sandbox } from "../../../sandbox/index.ts";
import type { SageConfig } from "../../../sage/index.ts";
import type { NodeRole } from "../../../sessions/index.ts";
import {
  type ContestId,
  instant,
  type Instant,
  LANGUAGES,
  type Manifest,
  type NodeId,
  type SignedMessage,
  type Signer,
} from "../../model/index.ts";
import { BundleFiles } from "../bundles/index.ts";
import { Driver, type DriverCounters } from "../driver/index.ts";
import type { Libp2pNetwork, NetworkCounters, PeerStatus, ReachStatus } from "../network/index.ts";
import { section, type Store } from "../store/index.ts";
import { laneOf } from "./kinds.ts";
import type { Logger } from "./logging.ts";
import { judgeWith } from "./judging.ts";
import { Authority, type AuthorityReply } from "./authority.ts";
import { type NodeMachine } from "./machines.ts";
import type { OrganizedContest } from "../organizer/index.ts";
import { type ProblemText, type ProblemView, readProblemText } from "./problem-text.ts";
import { ContestProblems, type ReleasedKey, type ReplacedNotice } from "./contest-problems.ts";
import { ProblemLibrary, type ProblemStatus } from "./problem-library.ts";
import { BUNDLE_CHUNK_BYTES } from "../network/limits.ts";
import {
  bundlesCheck,
  clockCheck,
  diskCheck,
  DiskWatch,
  peersCheck,
  reachCheck,
  type Readiness,
  readinessOf,
  registrationCheck,
  runtimeCheck,
  sandboxCheck,
} from "../readiness/index.ts";
import type { Settings } from "../config/index.ts";

export interface NodeOptions {
  readonly settings: Settings;
  readonly secretKey: Uint8Array;
  readonly store: Store;
  readonly logger: Logger;
  readonly contest: ContestId;
  readonly role: NodeRole;
  readonly token: string | null;
  readonly sages: readonly { readonly id: NodeId; readonly addresses: readonly string[] }[];
  /** With the role `sage`. */
  readonly organized?: OrganizedContest;
  /** Sage without a start in the manifest: opens when so many nodes are registered. */
  readonly openAtRegistered?: number | null;
  readonly leadMs?: number;
  readonly sandbox: () => Promise<Sandbox>;
  /** Our own bug or a broken disk: the process must end. */
  readonly onFatal: (error: unknown) => void;
}

/** A notice of the machines or of the node itself, as logs, the API and the demo see it. */
export interface NodeNotice {
  readonly type: string;
}
export type NoticeListener = (notice: NodeNotice) => void;

export interface NodeCounters {
  readonly network: NetworkCounters;
  readonly driver: DriverCounters;
}

export class RunningNode {
  readonly id: NodeId;
  readonly contest: ContestId;
  readonly settings: Settings;
  readonly library: ProblemLibrary;
  /** Of this node's own sandbox. */
  readonly profile: JudgeProfile;
  /** What the node keeps of the contest: for exports. */
  readonly archived: { readonly store: Store; readonly files: BundleFiles };
  readonly #authority: Authority;
  readonly #disk: DiskWatch;
  readonly #machine: NodeMachine;
  readonly #driver: Driver;
  readonly #network: Libp2pNetwork;
  readonly #sandbox: () => Promise<Sandbox>;
  readonly #problems: ContestProblems;
  readonly #listeners = new Set<NoticeListener>();
  readonly #logger: Logger;
  #rejection: string | null = null;

  /** Use `startNode`. */
  constructor(
    options: NodeOptions,
    network: Libp2pNetwork,
    machine: NodeMachine,
    library: ProblemLibrary,
    slots: number,
    profile: JudgeProfile,
    signer: Signer,
    sageConfig: (organized: OrganizedContest) => SageConfig,
  ) {
    this.id = network.id;
    this.contest = options.contest;
    this.settings = options.settings;
    this.library = library;
    this.profile = profile;
    this.archived = {
      store: section(options.store, "machine/"),
      files: new BundleFiles(path.join(options.settings.dataDirectory, "bundles")),
    };
    this.#machine = machine;
    this.#network = network;
    this.#sandbox = options.sandbox;
    this.#logger = options.logger;
    this.#problems = new ContestProblems({
      library,
      machine,
      files: this.archived.files,
      keys: section(options.store, "library/"),
      sandbox: slots === 0 ? null : options.sandbox,
      logger: options.logger,
    });
    this.#driver = new Driver({
      machine,
      store: section(options.store, "machine/"),
      network,
      judge: judgeWith(options.sandbox, library),
      slots: Math.max(1, slots),
      now: clock(),
      laneOf,
      onNotice: (notice) => this.#onNotice(notice),
      onRefused: (from, kind, outcome, code) => {
        if (outcome === "reject") this.#logger.warn({ from, kind, code }, "message rejected");
        else this.#logger.debug({ from, kind, code }, "message ignored");
      },
      onFatal: (error) => options.onFatal(error),
    });
    this.#disk = new DiskWatch({
      directory: options.settings.dataDirectory,
      onChange: (level, text) => {
        this.#logger[level === "roomy" ? "info" : "warn"]({ level }, text);
        this.tell({ type: "disk-changed", level, text } as NodeNotice);
      },
    });
    this.#authority = new Authority(
      {
        contest: options.contest,
        signer,
        machine,
        host: network.host,
        dataDirectory: options.settings.dataDirectory,
        logger: options.logger,
        addressesOf: (node) => network.peers().find(({ id }) => id === node)?.addresses ?? [],
        ownAddresses: () => network.addresses(),
        command: async (body) => await this.#ask(body),
        deliver: (message) => this.#driver.onMessage(network.id, message),
        sageConfig,
        hasBundles: async () => await this.#problems.hasBundles(),
        onAttached: () => {
          void network.serveOthers().catch(() => undefined);
          this.#problems.keepOpenBundles(0);
        },
      },
      options.organized,
    );
  }

  async #ask(body: { readonly type: string }): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (this.#driver.command(body, resolve) === undefined)
      reject(new Error("the node has too many commands under way"));
    return await promise;
  }

  /** For the network's questions to this node as a sage. */
  get sageSource(): Authority {
    return this.#authority;
  }

  async start(sages: NodeOptions["sages"]): Promise<void> {
    this.#driver.start();
    this.#disk.start();
    await this.#network.start({
      onMessage: (from, message) => this.#onMessage(from, message),
      onGossip: (from, message) => this.#driver.onGossip(from, message),
      onPeerConnected: (peer) => {
        this.#logger.debug({ peer }, "peer connected");
        this.#driver.onPeerConnected(peer);
        this.library.peerConnected();
      },
      onPeerDisconnected: (peer) => {
        this.#logger.debug({ peer }, "peer disconnected");
        this.#driver.onPeerDisconnected(peer);
      },
    });
    for (const { id, addresses } of sages) this.#network.remember(id, addresses, true);
    this.#rememberSages();
    this.#problems.expect();
    // Another sage may die: then this one has everything.
    if (this.organized !== undefined) this.#problems.keepOpenBundles(0);
    void this.#authority.takeOver();
  }

  /** Null unless this node speaks as a sage, or has. */
  get organized(): OrganizedContest | undefined {
    return this.#authority.organized;
  }

  /** Who speaks as a sage now, and where. */
  sages(): NodeOptions["sages"] {
    const seats = this.#machine.seats();
    return (seats?.holders() ?? []).map((id) => {
      const told = seats?.addressesOf(id) ?? [];
      const own = id === this.id && told.length === 0 ? this.addresses() : told;
      return { id, addresses: own.map((address) => address.replace(/\/p2p\/[^/]+$/, "")) };
    });
  }

  /** @see Authority */
  async transferAuthority(to: NodeId | null, force: boolean): Promise<AuthorityReply> {
    return to === null ? await this.#authority.takeBack(force) : await this.#authority.transferTo(to);
  }

  #rememberSages(): void {
    for (const { id, addresses } of this.sages()) if (id !== this.id) this.#network.remember(id, addresses, true);
  }

  /** @see Driver.command */
  command(body: { readonly type: string }, onReply: (body: unknown, final: boolean) => void): (() => void) | undefined {
    return this.#driver.command(body, onReply);
  }

  status(): ReturnType<NodeMachine["status"]> {
    return this.#machine.status();
  }

  /** The problem's short name for its short name or its letter on the board. */
  problemNamed(text: string): string | undefined {
    return this.#problems.named(text);
  }

  /** Whether this node can take part. Runs the sandbox's self-test. */
  async readiness(): Promise<Readiness> {
    const { settings } = this;
    const manifest = this.#machine.manifest();
    const { role, phase } = this.#machine.status();
    const problems = this.problems();
    const toFetch = problems.reduce((sum, { chunksDone, chunksTotal }) => sum + chunksTotal - chunksDone, 0);
    const connected = this.#network.peers().filter((peer) => peer.connected);
    const sages = new Set(this.sages().map(({ id }) => id));
    const expectation = {
      profile: manifest?.judgeProfile ?? null,
      languages: manifest?.languages ?? LANGUAGES,
      slots: role === "participant" || role === "juror" ? settings.slots : 0,
    };
    return readinessOf([
      runtimeCheck(expectation.slots),
      await diskCheck(settings.dataDirectory, toFetch * BUNDLE_CHUNK_BYTES),
      peersCheck(connected.length, connected.filter(({ id }) => sages.has(id)).length),
      clockCheck(await this.#network.clocks()),
      reachCheck(this.#network.reach(), this.#machine.sage()?.holdsSeat === true),
      registrationCheck(role, phase, { ...this.#machine.registration(), rejection: this.#rejection }),
      bundlesCheck(problems),
      await sandboxCheck(this.#sandbox, expectation),
    ]);
  }

  /** The contest's problems and how far this node is with each. */
  problems(): readonly ProblemView[] {
    return this.#problems.views();
  }

  /** What a contestant may read of a problem. @throws StatementError while it is not open, or not known. */
  async statement(text: string): Promise<ProblemText> {
    const problem = this.problemNamed(text);
    return await readProblemText(this.library, this.problems(), problem ?? text);
  }

  subscribe(listener: NoticeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addresses(): readonly string[] {
    return this.#network.addresses();
  }

  peers(): readonly PeerStatus[] {
    return this.#network.peers();
  }

  /** The library's news. */
  problemChanged(status: ProblemStatus): void {
    this.tell({ type: "problem-changed", ...status });
    if (status.state === "open") this.#problems.opened(status.problem);
  }

  /** Null: not known yet. */
  manifest(): Manifest | null {
    return this.#machine.manifest() ?? null;
  }

  /** Null: there is room. */
  diskWarning(): string | null {
    return this.#disk.warning;
  }

  /** @see Libp2pNetwork.reach */
  reach(): ReachStatus {
    return this.#network.reach();
  }

  counters(): NodeCounters {
    return { network: this.#network.counters(), driver: this.#driver.counters() };
  }

  /** Ends in order: no new work, what was decided is durable and sent, connections closed. */
  async stop(): Promise<void> {
    await this.#problems.stop();
    this.#authority.stop();
    this.#disk.stop();
    this.library.close();
    await this.#driver.stop();
    await this.#network.stop();
    await (await this.#sandbox()).close();
  }

  #onMessage(from: NodeId, message: SignedMessage): void {
    this.#driver.onMessage(from, message);
  }

  #onNotice(notice: NodeNotice): void {
    if (notice.type === "contest-known" || notice.type === "registered" || notice.type === "roster") {
      this.#rememberSages();
      this.#problems.expect();
    }
    if (notice.type === "registration-rejected")
      this.#rejection = (notice as { readonly reason?: string }).reason ?? "";
    if (notice.type === "leader-elected" && "scope" in notice && notice.scope === "central") this.library.settled();
    if (notice.type === "authority-passed") {
      this.#rememberSages();
      // After the step: the machine is in the middle of one.
      setImmediate(() => void this.#authority.takeOver());
    }
    if (notice.type === "keys-released" && "keys" in notice) {
      // When the rush of the start is over.
      this.#problems.keepOpenBundles(OPEN_BUNDLES_MS * (1 + Math.random()));
      this.#problems.release(notice.keys as readonly ReleasedKey[]);
    }
    if (notice.type === "problem-replaced") this.#problems.replace(notice as ReplacedNotice);
    this.#logger[QUIET.has(notice.type) ? "debug" : "info"](notice, notice.type);
    for (const listener of this.#listeners) listener(notice);
  }

  /** News of the node itself, beside the machines' notices. */
  tell(notice: NodeNotice): void {
    for (const listener of this.#listeners) listener(notice);
  }
}

const OPEN_BUNDLES_MS = 20_000;

/** Too frequent for the log at its usual level. */
const QUIET: ReadonlySet<string> = new Set(["progress", "block-committed", "board-changed", "refused"]);

/** The machine's clock: real time that never runs backwards. */
function clock(): () => Instant {
  let last = 0;
  return () => {
    last = Math.max(last, Date.now());
    return instant(last);
  };
}
