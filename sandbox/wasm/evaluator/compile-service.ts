/** Compiles in processes of their own, so that a compilation never holds up a run; equal requests share one compilation. */
import { createHash } from "node:crypto";
import type { Language } from "../../../src/model/language.ts";
import { Child } from "./child.ts";
import type { CompileReply, CompileRequest, FromCompileProcess, ToCompileProcess } from "./messages.ts";

/** Compiled programs that are kept; a C++ program with all of iostream is 0.6 MB. */
const CACHE_BYTES_MAX = 64 * 1024 * 1024;
const CACHE_ENTRIES_MAX = 1024;
/**
 * A compiler counts its own time; this is for one that hangs, or a machine that stalls. The first compilation of a
 * process also loads the compiler.
 */
const WALL_FACTOR = 5;
const WALL_EXTRA_MS = 120_000;

interface Waiting {
  readonly message: ToCompileProcess;
  readonly wallMs: number;
  readonly resolve: (message: FromCompileProcess) => void;
}

export interface CompileServiceOptions {
  readonly processes: number;
  readonly cacheDirectory: string;
  readonly execArgv: readonly string[];
}

export class CompileService {
  readonly #options: CompileServiceOptions;
  readonly #idle: Child<ToCompileProcess, FromCompileProcess>[] = [];
  readonly #all = new Set<Child<ToCompileProcess, FromCompileProcess>>();
  readonly #waiting: Waiting[] = [];
  readonly #inFlight = new Map<string, Promise<CompileReply>>();
  /** In order of last use. */
  readonly #cache = new Map<string, { readonly reply: CompileReply; readonly sizeBytes: number }>();
  #cacheBytes = 0;
  #closed = false;

  constructor(options: CompileServiceOptions) {
    this.#options = options;
  }

  async compile(request: CompileRequest): Promise<CompileReply> {
    const key = keyOf(request);
    const cached = this.#cache.get(key);
    if (cached !== undefined) {
      this.#cache.delete(key);
      this.#cache.set(key, cached);
      return cached.reply;
    }
    const running = this.#inFlight.get(key);
    if (running !== undefined) return await running;
    const started = this.#compileAnew(key, request);
    this.#inFlight.set(key, started);
    try {
      return await started;
    } finally {
      this.#inFlight.delete(key);
    }
  }

  async warm(languages: readonly Language[]): Promise<void> {
    const warm = () => this.#ask({ type: "warm", languages }, WALL_EXTRA_MS);
    // What is made once on a machine is made by one; the others find it.
    await warm();
    if (this.#options.processes > 1) await Promise.all(Array.from({ length: this.#options.processes }, warm));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(failure("the sandbox is closed"));
    await Promise.all([...this.#all].map((child) => child.kill()));
    this.#all.clear();
  }

  async #compileAnew(key: string, request: CompileRequest): Promise<CompileReply> {
    const message = await this.#ask({ type: "compile", request }, request.limits.timeMs * WALL_FACTOR + WALL_EXTRA_MS);
    const reply: CompileReply =
      message.type === "compiled" ? message.reply : { type: "failed", reason: "the compiler gave no answer" };
    // A failure of this machine may pass: only outcomes are kept.
    if (reply.type === "outcome") this.#keep(key, reply);
    return reply;
  }

  #keep(key: string, reply: CompileReply & { readonly type: "outcome" }): void {
    const { outcome } = reply;
    const programBytes =
      outcome.type === "compiled" && outcome.program.type === "wasi" ? outcome.program.module.length : 0;
    const sizeBytes = programBytes + outcome.log.length;
    this.#cache.set(key, { reply, sizeBytes });
    this.#cacheBytes += sizeBytes;
    for (const [oldest, entry] of this.#cache) {
      if (this.#cacheBytes <= CACHE_BYTES_MAX && this.#cache.size <= CACHE_ENTRIES_MAX) return;
      this.#cache.delete(oldest);
      this.#cacheBytes -= entry.sizeBytes;
    }
  }

  #ask(message: ToCompileProcess, wallMs: number): Promise<FromCompileProcess> {
    if (this.#closed) return Promise.resolve(failure("the sandbox is closed"));
    return new Promise((resolve) => {
      this.#waiting.push({ message, wallMs, resolve });
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    if (this.#idle.length === 0 && this.#all.size >= this.#options.processes) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    let child = this.#idle.pop();
    try {
      child ??= await this.#start();
    } catch (error) {
      waiting.resolve(failure(error instanceof Error ? error.message : "the compiler does not start"));
      return;
    }
    const answer = await exchange(child, waiting.message, waiting.wallMs);
    if (answer === undefined) {
      this.#all.delete(child);
      await child.kill();
    } else this.#idle.push(child);
    waiting.resolve(answer ?? failure("the compiler died or did not answer in time"));
    void this.#next();
  }

  async #start(): Promise<Child<ToCompileProcess, FromCompileProcess>> {
    const child = new Child<ToCompileProcess, FromCompileProcess>({
      entry: "./compile-process",
      execArgv: this.#options.execArgv,
      arguments: [this.#options.cacheDirectory],
    });
    this.#all.add(child);
    child.hold(true);
    try {
      await child.started();
      return child;
    } catch (error) {
      this.#all.delete(child);
      await child.kill();
      throw error;
    } finally {
      child.hold(false);
    }
  }
}

function failure(reason: string): FromCompileProcess {
  return { type: "compiled", reply: { type: "failed", reason } };
}

/** The child's answer; undefined when it died or did not answer in time, and must be replaced. */
async function exchange(
  child: Child<ToCompileProcess, FromCompileProcess>,
  message: ToCompileProcess,
  wallMs: number,
): Promise<FromCompileProcess | undefined> {
  child.hold(true);
  let timer: NodeJS.Timeout | undefined;
  const answer = await new Promise<FromCompileProcess | undefined>((resolve) => {
    child.listen(resolve, () => resolve(undefined));
    timer = setTimeout(() => resolve(undefined), Math.min(wallMs, 0x7fff_ffff));
    child.send(message);
  });
  clearTimeout(timer);
  child.hold(false);
  return answer;
}

function keyOf({ language, sources, limits }: CompileRequest): string {
  const hash = createHash("sha256").update(`${language}\0${limits.timeMs}\0${limits.memoryMiB}\0`);
  for (const { name, bytes } of sources) hash.update(`${name.length}\0${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex");
}
