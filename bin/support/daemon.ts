/**
 * A node in the foreground: takes the data directory's lock, starts the node and its API, runs until it is asked to stop,
 * and leaves everything in order, whichever way it ends.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import type { Sandbox } from "../../sandbox/index.ts";
import { type ApiServer, serveApi } from "../../src/api/index.ts";
import type { ContestId, NodeId, Signer } from "../../src/model/index.ts";
import type { Settings } from "../../src/node/config/index.ts";
import { fastSigner, loadOrCreateKey } from "../../src/node/identity/index.ts";
import type { OrganizedContest } from "../../src/node/organizer/index.ts";
import { type Log, openLog, openSandbox, type RunningNode, startNode } from "../../src/node/runtime/index.ts";
import { type Lock, lockDirectory, openStore, type Store } from "../../src/node/store/index.ts";
import { reportError } from "./output.ts";
import { version } from "./version.ts";

/** What a node takes part in; kept in the data directory, so that it starts again without the invite. */
export interface Membership {
  readonly role: "participant" | "juror" | "observer" | "sage";
  readonly contest: ContestId;
  readonly sages: readonly { readonly id: NodeId; readonly addresses: readonly string[] }[];
  readonly token: string | null;
}

export interface Prepared extends Membership {
  readonly organized?: OrganizedContest;
  readonly openAtRegistered?: number | null;
  readonly leadMs?: number;
}

export interface DaemonContext {
  readonly settings: Settings;
  readonly signer: Signer;
  /** 32 bytes. */
  readonly secretKey: Uint8Array;
  readonly sandbox: () => Promise<Sandbox>;
}

export interface DaemonOptions {
  readonly settings: Settings;
  /** Decides what to take part in; the data directory is locked and the key is there. */
  readonly prepare: (context: DaemonContext) => Promise<Prepared>;
  /** `end` stops the node: with an error it becomes the command's failure. */
  readonly onReady: (node: RunningNode, end: (reason: unknown) => void) => void;
  /** Ends when standard input does: the parent has died or wants it to stop. */
  readonly stopWithInput?: boolean;
}

const MEMBERSHIP_FILE = "membership.json";
/** A node that cannot end in order within this time is ended. */
const STOP_MS_MAX = 5_000;
const EXIT_MS_MAX = 300;
/** A sandbox that is still starting is not waited for longer: its processes end with this one. */
const SANDBOX_STOP_MS_MAX = 500;

/** Runs until a signal, `dikast stop`, or a fatal error. @throws whatever kept the node from starting. */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const { settings } = options;
  await mkdir(settings.dataDirectory, { recursive: true, mode: 0o700 });
  const ending = Promise.withResolvers<unknown>();
  listenForEnd(ending.resolve, options.stopWithInput === true);
  const parts: Parts = {};
  let failure: unknown;
  try {
    // Whoever stops it while it starts does not wait until it has.
    const reason = await Promise.race([
      start(parts, options, ending.resolve).then(() => ending.promise),
      ending.promise,
    ]);
    if (reason instanceof Error) throw reason;
    parts.log?.logger.info({ reason }, "the node ends");
  } catch (error) {
    parts.log?.logger.fatal({ err: error }, "the node ends");
    failure = error;
    throw error;
  } finally {
    const guard = setTimeout(() => {
      // Nobody else gets to say it any more.
      if (failure !== undefined) reportError(failure, false);
      parts.lock?.releaseSync();
      parts.log?.flush();
      process.exit(1);
    }, STOP_MS_MAX);
    await stop(parts);
    clearTimeout(guard);
    process.stdin.destroy();
    // Whatever handle a library forgot must not keep the process.
    setTimeout(() => process.exit(), EXIT_MS_MAX).unref();
  }
}

interface Parts {
  lock?: Lock;
  log?: Log;
  store?: Store;
  sandbox?: Promise<Sandbox>;
  node?: RunningNode;
  api?: ApiServer;
}

async function start(parts: Parts, options: DaemonOptions, end: (reason: unknown) => void): Promise<void> {
  const { settings } = options;
  parts.lock = await lockDirectory(settings.dataDirectory);
  const secretKey = await loadOrCreateKey(settings.dataDirectory);
  const signer = fastSigner(secretKey);
  parts.log = openLog(settings.dataDirectory, settings.logLevel, { node: signer.id.slice(-6) });
  const { logger } = parts.log;
  logger.info({ version: version(), runtime: process.version, id: signer.id, cpuMs: cpuMs() }, "the node starts");
  const sandbox = (): Promise<Sandbox> => (parts.sandbox ??= openSandbox(settings));
  sandbox().catch(() => undefined); // Told to whoever needs it.
  parts.store = await openStore(path.join(settings.dataDirectory, "store"));
  const prepared = await options.prepare({ settings, signer, secretKey, sandbox });
  parts.node = await startNode({
    ...prepared,
    settings,
    secretKey,
    store: parts.store,
    logger,
    sandbox,
    onFatal: (error) => end(error instanceof Error ? error : new Error(String(error))),
  });
  parts.api = await serveApi({
    node: parts.node,
    dataDirectory: settings.dataDirectory,
    version: version(),
    onStop: () => end("asked to stop"),
  });
  await saveMembership(settings.dataDirectory, prepared);
  logger.info({ cpuMs: cpuMs() }, "the node is up");
  options.onReady(parts.node, end);
}

/** Processor time of this process so far: what starting costs. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1_000);
}

async function stop(parts: Parts): Promise<void> {
  const { logger } = parts.log ?? {};
  const attempt = async (what: string, work: Promise<void> | undefined): Promise<void> => {
    await work?.catch((error: unknown) => logger?.error({ err: error }, `${what} did not end in order`));
  };
  await attempt("the API", parts.api?.close());
  await attempt("the node", parts.node?.stop());
  if (parts.node === undefined) {
    await attempt("the sandbox", Promise.race([closeSandbox(parts.sandbox), delay(SANDBOX_STOP_MS_MAX)]));
  }
  await attempt("the store", parts.store?.close());
  await attempt("the lock", parts.lock?.release());
  logger?.info("the node has ended");
  parts.log?.flush();
}

async function closeSandbox(sandbox: Promise<Sandbox> | undefined): Promise<void> {
  await (await sandbox?.catch(() => undefined))?.close();
}

function listenForEnd(end: (reason: unknown) => void, withInput: boolean): void {
  let asked = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      asked += 1;
      // Whoever asks twice does not want to wait.
      if (asked > 2) process.exit(1);
      end(signal);
    });
  }
  if (withInput) {
    process.stdin.on("end", () => end("input ended"));
    process.stdin.on("error", () => end("input ended"));
    process.stdin.resume();
  }
}

async function saveMembership(directory: string, { role, contest, sages, token }: Membership): Promise<void> {
  const file = path.join(directory, MEMBERSHIP_FILE);
  await writeFile(`${file}.new`, JSON.stringify({ role, contest, sages, token }), { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

/** What this data directory took part in last, or undefined. */
export async function loadMembership(directory: string): Promise<Membership | undefined> {
  const text = await readFile(path.join(directory, MEMBERSHIP_FILE), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Membership);
}
