/**
 * The contest's problems at this node: fetches the sealed bundles in advance, opens them when the keys are released, and
 * gives the judge a problem with the directory that holds its files. Everything it knows survives a restart. Unpacked
 * problems are a cache: those used least lately make room, and are opened again from their bundles when they are needed.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Hash, NodeId, Problem } from "../../model/index.ts";
import { type BundleFiles, fetchBundle } from "../bundles/index.ts";
import type { Host } from "../network/host.ts";
import { openSealed, PROBLEM_FILE } from "../packing/index.ts";
import type { Logger } from "./logging.ts";

/** Pauses between tries to fetch what nobody could give, or what the disk had no room for. */
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5_000;
/** The first seconds of a node belong to registration and its first elections. */
const FIRST_FETCH_MS = 6_000;
const SETTLED_MS = 1_000;
const PROBLEM_FILE_BYTES_MAX = 16 * 1024 * 1024;
/** News of a fetch come at most so often. */
const PROGRESS_EVERY_MS = 250;

export interface LibraryEntry {
  readonly problem: string;
  readonly bundle: Hash;
  /** Hash of the unsealed content; null: unchecked. */
  readonly content: Hash | null;
}

export interface ProblemOnDisk {
  readonly problem: Problem;
  readonly directory: string;
}

/** A problem whose files stay where they are until it is released. */
export interface ProblemInUse extends ProblemOnDisk {
  readonly release: () => void;
}

export type ProblemState =
  /** Nobody has been found who has any of it. */
  | "wanted"
  | "fetching"
  /** Here, and waits for its key. */
  | "sealed"
  | "open"
  /** Cannot be kept or opened; `fault` says why. It is tried again. */
  | "failed";

export interface ProblemStatus {
  readonly problem: string;
  readonly state: ProblemState;
  readonly chunksDone: number;
  /** 0: not known yet. */
  readonly chunksTotal: number;
  readonly fault: string | null;
}

export interface ProblemLibraryOptions {
  readonly files: BundleFiles;
  readonly host: Host;
  readonly peers: () => readonly NodeId[];
  /** Looks further than the connected peers for somebody who has a bundle. */
  readonly find?: (bundle: Hash) => void;
  /** Unpacked packages, one folder per bundle. */
  readonly directory: string;
  /** Unpacked problems together; the one that is needed next may exceed it. */
  readonly cacheBytesMax: number;
  readonly logger: Logger;
  readonly onFetched?: (problem: string, bundle: Hash) => void;
  readonly onOpened?: (problem: string) => void;
  readonly onChanged?: (status: ProblemStatus) => void;
}

interface Entry extends LibraryEntry {
  state: ProblemState;
  chunksDone: number;
  chunksTotal: number;
  fault: string | null;
  toldMs: number;
  /** Unpacked on disk: its size, and who uses it. */
  unpacked: (ProblemOnDisk & { readonly bytes: number }) | null;
  users: number;
  usedAt: number;
  work: Promise<void> | null;
}

export class ProblemLibrary {
  readonly #options: ProblemLibraryOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #keys = new Map<string, Uint8Array>();
  readonly #wakeups = new Set<() => void>();
  readonly #keepFromMs = new Map<Hash, number>();
  readonly #abort = new AbortController();
  #fetchFromMs = performance.now() + FIRST_FETCH_MS;
  #clock = 0;

  constructor(options: ProblemLibraryOptions) {
    this.#options = options;
  }

  /** Starts fetching; entries are known from the manifest. Repeated calls are harmless. */
  expect(entries: readonly LibraryEntry[]): void {
    for (const given of entries) {
      if (this.#entries.has(given.problem)) continue;
      const entry: Entry = {
        ...given,
        state: "wanted",
        chunksDone: 0,
        chunksTotal: 0,
        fault: null,
        toldMs: 0,
        unpacked: null,
        users: 0,
        usedAt: 0,
        work: null,
      };
      this.#entries.set(given.problem, entry);
      this.#open(entry).catch(() => undefined); // Told to whoever waits for it.
    }
  }

  /** The key that opens a problem's bundle. */
  release(problem: string, key: Uint8Array): void {
    this.#keys.set(problem, key);
    this.#wake();
  }

  /** Something changed that may help a fetch: a new peer. */
  peerConnected(): void {
    this.#wake();
  }

  /** A leader is there: what is more urgent than fetching is soon over everywhere. */
  settled(): void {
    this.#fetchFromMs = Math.min(this.#fetchFromMs, performance.now() + SETTLED_MS);
    this.#wake();
  }

  /** Problems whose content is readable here. */
  get openCount(): number {
    return [...this.#entries.values()].filter(({ state }) => state === "open").length;
  }

  /** In the order of the manifest. */
  status(): readonly ProblemStatus[] {
    return [...this.#entries.values()].map(statusOf);
  }

  /** Waits until the problem is here and open. @throws when the signal fires or the problem is none of the contest. */
  async use(problem: string, signal: AbortSignal): Promise<ProblemInUse> {
    const entry = this.#entries.get(problem);
    if (entry === undefined) throw new Error(`the problem ${problem} is not known at this node`);
    entry.users += 1;
    this.#wake();
    try {
      while (entry.unpacked === null) await withSignal(this.#open(entry), signal);
    } catch (error) {
      entry.users -= 1;
      throw error;
    }
    this.#clock += 1;
    entry.usedAt = this.#clock;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      entry.users -= 1;
    };
    return { problem: entry.unpacked.problem, directory: entry.unpacked.directory, release };
  }

  /** Bundles that nobody needs to judge, but that belong to the archive: fetched once `inMs` have passed; the soonest call counts. */
  keep(bundles: readonly Hash[], inMs: number): void {
    const fromMs = performance.now() + inMs;
    for (const bundle of bundles) {
      const known = this.#keepFromMs.get(bundle);
      this.#keepFromMs.set(bundle, Math.min(known ?? fromMs, fromMs));
      if (known === undefined) this.#fetchToKeep(bundle).catch(() => undefined); // The node stops.
    }
    this.#wake();
  }

  close(): void {
    this.#abort.abort(new Error("the node stops"));
    this.#wake();
  }

  /** One opening at a time; whoever comes meanwhile waits for the same one. */
  async #open(entry: Entry): Promise<void> {
    entry.work ??= this.#prepare(entry).finally(() => {
      entry.work = null;
    });
    await entry.work;
  }

  async #prepare(entry: Entry): Promise<void> {
    const { problem, bundle, content } = entry;
    const target = path.join(this.#options.directory, bundle);
    for (let failures = 0; ; failures += 1) {
      this.#abort.signal.throwIfAborted();
      try {
        let bytes: number | undefined;
        if (!existsSync(target)) {
          await this.#fetch(entry);
          const key = await this.#keyOf(entry);
          const { files } = await openSealed(this.#options.files.chunks(bundle), key, target, content ?? undefined);
          bytes = files.reduce((sum, { size }) => sum + size, 0);
        }
        const read = readProblem(target, problem);
        entry.unpacked = { problem: read, directory: target, bytes: bytes ?? (await bytesBelow(target)) };
        break;
      } catch (error) {
        this.#abort.signal.throwIfAborted();
        this.#fail(entry, error);
        await this.#pause(backOff(failures));
      }
    }
    this.#clock += 1;
    entry.usedAt = this.#clock;
    const wasOpen = entry.state === "open";
    this.#change(entry, { state: "open", fault: null });
    if (!wasOpen) {
      this.#options.logger.info({ problem }, "problem is open");
      this.#options.onOpened?.(problem);
    }
    await this.#makeRoom(entry);
  }

  async #fetch(entry: Entry): Promise<void> {
    const { files, host, peers, logger, find, onFetched } = this.#options;
    const { problem, bundle } = entry;
    const { signal } = this.#abort;
    const onProgress = (done: number, total: number): void =>
      this.#change(entry, { state: "fetching", chunksDone: done, chunksTotal: total, fault: null });
    await this.#untilFirstFetch(entry);
    for (let failures = 0; ; failures += 1) {
      if (await fetchBundle(bundle, { files, host, sources: peers, signal, onProgress })) break;
      signal.throwIfAborted();
      find?.(bundle);
      await this.#pause(backOff(failures));
    }
    const total = (await files.index(bundle))?.index.chunkHashes.length ?? 0;
    logger.info({ problem, bundle }, "bundle is here");
    if (entry.state !== "open")
      this.#change(entry, { state: "sealed", chunksDone: total, chunksTotal: total, fault: null });
    onFetched?.(problem, bundle);
  }

  async #fetchToKeep(bundle: Hash): Promise<void> {
    const { files, host, peers, find } = this.#options;
    const { signal } = this.#abort;
    const leftMs = (): number => (this.#keepFromMs.get(bundle) ?? 0) - performance.now();
    for (let failures = 0; !(await files.isComplete(bundle)); signal.throwIfAborted()) {
      if (leftMs() > 0) {
        await this.#pause(leftMs());
        continue;
      }
      if (await fetchBundle(bundle, { files, host, sources: peers, signal }).catch(() => false)) return;
      find?.(bundle);
      await this.#pause(backOff(failures));
      failures += 1;
    }
  }

  /** Whoever needs it now does not wait. */
  async #untilFirstFetch(entry: Entry): Promise<void> {
    if (await this.#options.files.isComplete(entry.bundle)) return;
    for (;;) {
      const leftMs = this.#fetchFromMs - performance.now();
      if (leftMs <= 0 || entry.users > 0) return;
      await this.#pause(leftMs);
      this.#abort.signal.throwIfAborted();
    }
  }

  async #keyOf({ problem }: Entry): Promise<Uint8Array> {
    for (;;) {
      const key = this.#keys.get(problem);
      if (key !== undefined) return key;
      await this.#pause(60_000);
      this.#abort.signal.throwIfAborted();
    }
  }

  /** A full disk is emptied by somebody, and then it goes on; what is there stays. */
  #fail(entry: Entry, error: unknown): void {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    const isFull = code === "ENOSPC" || code === "EDQUOT";
    const fault = isFull ? "the disk is full; make room, and it goes on by itself" : (message ?? String(error));
    this.#options.logger.error({ err: error, problem: entry.problem }, "problem is not ready");
    this.#change(entry, { state: entry.state === "open" ? "open" : "failed", fault });
  }

  #change(entry: Entry, change: Partial<Pick<Entry, "state" | "chunksDone" | "chunksTotal" | "fault">>): void {
    const isNews = change.state !== entry.state || change.fault !== entry.fault;
    Object.assign(entry, change);
    const nowMs = Date.now();
    if (!isNews && nowMs - entry.toldMs < PROGRESS_EVERY_MS && entry.chunksDone < entry.chunksTotal) return;
    entry.toldMs = nowMs;
    this.#options.onChanged?.(statusOf(entry));
  }

  /** Folders of problems that were not used for longest go, until the rest fits; their bundles stay. */
  async #makeRoom(kept: Entry): Promise<void> {
    const unpacked = [...this.#entries.values()].filter((entry) => entry.unpacked !== null);
    let bytes = unpacked.reduce((sum, entry) => sum + (entry.unpacked?.bytes ?? 0), 0);
    for (const entry of unpacked.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= this.#options.cacheBytesMax) return;
      const folder = entry.unpacked;
      if (entry === kept || entry.users > 0 || folder === null) continue;
      entry.unpacked = null;
      bytes -= folder.bytes;
      await rm(folder.directory, { recursive: true, force: true });
      this.#options.logger.info({ problem: entry.problem }, "unpacked files make room");
    }
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wakeups.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#wakeups.delete(resolve);
  }

  #wake(): void {
    for (const resolve of this.#wakeups) resolve();
  }
}

function statusOf({ problem, state, chunksDone, chunksTotal, fault }: Entry): ProblemStatus {
  return { problem, state, chunksDone, chunksTotal, fault };
}

function backOff(failures: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
}

/** In one go, as everything between the key and the open problem: see `BundleFiles.chunks`. */
function readProblem(directory: string, problem: string): Problem {
  const file = path.join(directory, ...PROBLEM_FILE.split("/"));
  if (statSync(file).size > PROBLEM_FILE_BYTES_MAX) throw new Error(`${problem}: its description is too large`);
  return JSON.parse(readFileSync(file, "utf8")) as Problem;
}

async function bytesBelow(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  return bytes;
}

async function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
