/**
 * The contest's problems at this node: fetches the sealed bundles in advance, opens them when the keys are released, and
 * gives the judge a problem with the directory that holds its files. Everything it knows survives a restart.
 */
import { access, readFile } from "node:fs/promises";
import path from "node:path";
import type { Hash, NodeId, Problem } from "../../model/index.ts";
import { type BundleFiles, fetchBundle } from "../bundles/index.ts";
import type { Host } from "../network/host.ts";
import { openSealed, PROBLEM_FILE } from "../packing/index.ts";
import type { Logger } from "./logging.ts";

/** Pauses between tries to fetch what nobody could give. */
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5_000;
const PROBLEM_FILE_BYTES_MAX = 16 * 1024 * 1024;

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

export interface ProblemLibraryOptions {
  readonly files: BundleFiles;
  readonly host: Host;
  readonly peers: () => readonly NodeId[];
  /** Unpacked packages, one folder per bundle. */
  readonly directory: string;
  readonly logger: Logger;
  readonly onFetched?: (problem: string) => void;
  readonly onOpened?: (problem: string) => void;
}

export class ProblemLibrary {
  readonly #options: ProblemLibraryOptions;
  readonly #bundles = new Map<string, Hash>();
  readonly #keys = new Map<string, Uint8Array>();
  readonly #ready = new Map<string, Promise<ProblemOnDisk>>();
  readonly #wakeups = new Set<() => void>();
  readonly #abort = new AbortController();

  constructor(options: ProblemLibraryOptions) {
    this.#options = options;
  }

  /** Starts fetching; entries are known from the manifest. Repeated calls are harmless. */
  expect(entries: readonly LibraryEntry[]): void {
    for (const { problem, bundle, content } of entries) {
      if (this.#bundles.has(problem)) continue;
      this.#bundles.set(problem, bundle);
      const ready = this.#prepare(problem, bundle, content);
      ready.catch(() => undefined); // Told to whoever waits for it.
      this.#ready.set(problem, ready);
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

  /** How many problems can be judged now. */
  readonly #open = new Map<string, ProblemOnDisk>();
  get openCount(): number {
    return this.#open.size;
  }

  /** Waits until the problem is here and open. @throws when the signal fires or the problem is none of the contest. */
  async get(problem: string, signal: AbortSignal): Promise<ProblemOnDisk> {
    const open = this.#open.get(problem);
    if (open !== undefined) return open;
    const ready = this.#ready.get(problem);
    if (ready === undefined) throw new Error(`the problem ${problem} is not known at this node`);
    const { promise, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([ready, promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  close(): void {
    this.#abort.abort(new Error("the node stops"));
    this.#wake();
  }

  async #prepare(problem: string, bundle: Hash, content: Hash | null): Promise<ProblemOnDisk> {
    const { files, host, peers, logger, directory } = this.#options;
    const target = path.join(directory, bundle);
    const { signal } = this.#abort;
    const unpacked = await access(target).then(
      () => true,
      () => false,
    );
    if (!unpacked) {
      for (let failures = 0; !(await fetchBundle(bundle, { files, host, sources: peers, signal })); failures += 1) {
        signal.throwIfAborted();
        await this.#pause(Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10)));
      }
      logger.info({ problem, bundle }, "bundle is here");
      this.#options.onFetched?.(problem);
      const key = await this.#keyOf(problem);
      await openSealed(files.chunks(bundle), key, target, content ?? undefined);
    }
    const text = await readFile(path.join(target, ...PROBLEM_FILE.split("/")), "utf8");
    if (text.length > PROBLEM_FILE_BYTES_MAX) throw new Error(`${problem}: its description is too large`);
    const found = { problem: JSON.parse(text) as Problem, directory: target };
    this.#open.set(problem, found);
    logger.info({ problem }, "problem is open");
    this.#options.onOpened?.(problem);
    return found;
  }

  async #keyOf(problem: string): Promise<Uint8Array> {
    for (;;) {
      const key = this.#keys.get(problem);
      if (key !== undefined) return key;
      await this.#pause(60_000);
      this.#abort.signal.throwIfAborted();
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
