/** The demo's network: an evaluator, a sage and participants as real processes on loopback. */
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { LANGUAGES } from "../../src/model/index.ts";
import type { Contest } from "../../src/packages/index.ts";
import { CommandError } from "../support/output.ts";
import { Child } from "./child.ts";
import { type AnyNotice, NodeProcess } from "./node-process.ts";

export interface DemoNetworkOptions {
  readonly directory: string;
  /** The program that nodes run. */
  readonly program: string;
  /** The program of the evaluator. */
  readonly evaluator: string;
  readonly contest: Contest;
  readonly participants: number;
  readonly clusterSize: number | undefined;
  readonly sessionMs: number | undefined;
  /** 0: any free one. */
  readonly port: number;
  readonly sandbox: "wasm" | "fake";
  /** The evaluator is ready for a language. */
  readonly onWarmed: (language: string, tookMs: number) => void;
  readonly onNotice: (node: NodeProcess, notice: AnyNotice) => void;
  readonly onDied: (node: NodeProcess, reason: string, startsAgain: boolean) => void;
}

/** Athenians; more of them get numbers. */
const NAMES = [
  "Solon",
  "Aspasia",
  "Lysias",
  "Phryne",
  "Nikias",
  "Korinna",
  "Kleon",
  "Thais",
  "Myron",
  "Diotima",
  "Kimon",
  "Hipparchia",
  "Perikles",
  "Agnodike",
  "Phidias",
  "Axiothea",
];

/** From the last registration to the start: time to learn the roster and to connect to each other. */
const LEAD_SECONDS = 1.5;

/**
 * Participants start one after the other within this time, at most so far apart: the evaluator and the sage, whom all wait
 * for, get the processor first.
 */
const START_SPREAD_MS = 1_200;
const START_GAP_MS_MAX = 130;

export class DemoNetwork {
  readonly sage: NodeProcess;
  readonly participants: readonly NodeProcess[];
  readonly #evaluator: Child | undefined;
  #invite = Promise.withResolvers<string>();

  constructor(options: DemoNetworkOptions) {
    const { directory, participants } = options;
    this.#invite.promise.catch(() => undefined);
    const socket = path.join(directory, "evaluator.sock");
    this.#evaluator =
      options.sandbox === "fake"
        ? undefined
        : new Child("the evaluator", options.evaluator, [socket, `${slotsOf(availableParallelism())}`], {}, (line) => {
            options.onWarmed(line["language"] as string, line["tookMs"] as number);
          });
    const shared = [
      "--json",
      "--stop-with-input",
      // All of them are on this machine.
      "--relay",
      "never",
      ...(options.sandbox === "fake" ? ["--sandbox", "fake"] : ["--evaluator", socket]),
    ];
    this.sage = this.#makeNode(options, "Sage", () => [
      "sage",
      ...shared,
      "--contest",
      options.contest.directory,
      "--listen",
      `/ip4/127.0.0.1/tcp/${options.port}`,
      "--open-at",
      `${participants}`,
      "--lead",
      `${LEAD_SECONDS}`,
      ...(options.clusterSize === undefined ? [] : ["--cluster-size", `${options.clusterSize}`]),
      ...(options.sessionMs === undefined ? [] : ["--session-length", `${options.sessionMs / 1000}`]),
    ]);
    this.participants = Array.from({ length: participants }, (_, index) =>
      this.#makeNode(options, nameOf(index), (restart) => [
        "join",
        // Started while the sage still prepares; the invite follows.
        ...(restart ? [] : ["-"]),
        ...shared,
        "--listen",
        "/ip4/127.0.0.1/tcp/0",
      ]),
    );
    for (const node of this.participants) {
      this.#invite.promise.then(
        (invite) => node.writeLine(invite),
        () => undefined,
      );
    }
  }

  get nodes(): readonly NodeProcess[] {
    return [this.sage, ...this.participants];
  }

  /** Every process is up and knows the sage. @throws what the first one that failed said */
  async ready(): Promise<void> {
    this.sage.start();
    const gapMs = Math.min(START_GAP_MS_MAX, START_SPREAD_MS / this.participants.length);
    this.participants.forEach((node, index) => setTimeout(() => node.start(), gapMs * index));
    try {
      const first = Promise.race([this.sage.ready(), failureOf(this.#evaluator)]);
      this.#invite.resolve((await first)["invite"] as string);
      await Promise.race([Promise.all(this.participants.map((node) => node.ready())), failureOf(this.#evaluator)]);
    } catch (error) {
      throw new CommandError("DIKAST_DEMO_START", `the network did not start: ${(error as Error).message}`);
    }
  }

  /** What its sandbox can judge. */
  async languages(): Promise<readonly string[]> {
    return this.#evaluator === undefined ? LANGUAGES : ((await this.#evaluator.ready)["languages"] as string[]);
  }

  /** Gets compilers and runtimes ready; they wait until the network is up, so that it is up sooner. */
  async warm(): Promise<void> {
    this.#evaluator?.writeLine("warm");
    await this.#evaluator?.warm;
  }

  async stop(): Promise<void> {
    this.#invite.reject(new Error("stopped"));
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.#evaluator?.stop();
  }

  /** For exit handlers: nothing of it survives. */
  kill(): void {
    for (const node of this.nodes) node.kill();
    this.#evaluator?.kill();
  }

  #makeNode(options: DemoNetworkOptions, name: string, args: (restart: boolean) => readonly string[]): NodeProcess {
    const dataDirectory = path.join(options.directory, name.toLowerCase());
    mkdirSync(dataDirectory, { recursive: true });
    return new NodeProcess({
      name,
      dataDirectory,
      spawn: (restart) =>
        new Child(name, options.program, [...args(restart), "--data-dir", dataDirectory, "--name", name], {
          DIKAST_BOOTSTRAPPED: "1",
        }),
      onNotice: options.onNotice,
      onDied: options.onDied,
    });
  }
}

function nameOf(index: number): string {
  const name = NAMES[index % NAMES.length] as string;
  return index < NAMES.length ? name : `${name} ${Math.floor(index / NAMES.length) + 1}`;
}

/** Run workers of the shared evaluator: as many as cores, few enough for the demo's memory. */
function slotsOf(cores: number): number {
  return Math.max(2, Math.min(4, cores));
}

/** Never resolves; rejects when the process ends. */
async function failureOf(child: Child | undefined): Promise<never> {
  if (child !== undefined) {
    await child.ready;
    await child.exited;
    throw new Error(`${child.name} has ended`);
  }
  return await new Promise<never>(() => {});
}
