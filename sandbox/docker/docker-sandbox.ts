/** A `Sandbox` of native programs in containers. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Language } from "../../src/model/language.ts";
import type { JudgeResult } from "../../src/model/verdict.ts";
import type { CompileLimits, CompileOutcome } from "../engine.ts";
import type { Problem } from "../../src/model/problem.ts";
import { judge, type JudgeEngine, JudgeFault, prepare, runFreely } from "../judging/index.ts";
import {
  type JudgeOptions,
  type JudgeProfile,
  type JudgeTask,
  type RunResult,
  type RunTask,
  type Sandbox,
  SandboxError,
  type SourceFile,
} from "../sandbox.ts";
import { connectEngine, findImage, type Image, reapOrphans } from "./engine-client.ts";
import { NATIVE_LANGUAGES } from "./languages.ts";
import { Pool } from "./pool.ts";
import { COST_PER_VIRTUAL_MS, Session } from "./session.ts";

export const DEFAULT_IMAGE = "dikast-sandbox:1";
const DEFAULT_MEMORY_MIB = 2048;
const CACHE_ENTRIES_MAX = 64;

export interface DockerSandboxOptions {
  /** Default `DIKAST_DOCKER_IMAGE`, else `dikast-sandbox:1`, which `docker build` makes of this folder. */
  readonly image?: string;
  /** Submissions at the same time; default: one per core, less one. */
  readonly workers?: number;
  /** Which processors programs may use (`2-3`); default: all. */
  readonly cpuSet?: string;
}

/** @throws SandboxError when there is no engine or no image; the message says what to do. */
export async function createDockerSandbox(options: DockerSandboxOptions = {}): Promise<Sandbox> {
  const name = options.image ?? process.env["DIKAST_DOCKER_IMAGE"] ?? DEFAULT_IMAGE;
  const docker = await connectEngine();
  const image = await findImage(docker, name);
  await reapOrphans(docker);
  const workers = options.workers ?? Math.max(1, availableParallelism() - 1);
  const pool = new Pool(docker, { image: name, memoryMiB: DEFAULT_MEMORY_MIB, cpuSet: options.cpuSet }, workers);
  return new DockerSandbox(pool, profileOf(name, image), workers);
}

function profileOf(name: string, image: Image): JudgeProfile {
  const runner = readFileSync(join(import.meta.dirname, "runner.c"));
  const parts: Record<string, string> = {
    "docker.image": `${name} ${image.id}`,
    "docker.runner": createHash("sha256").update(runner).digest("hex"),
    "docker.commands": createHash("sha256").update(commandsOf(image.languages)).digest("hex"),
  };
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return { sandbox: "docker", hash, languages: image.languages, costPerVirtualMs: COST_PER_VIRTUAL_MS, parts };
}

function commandsOf(languages: readonly Language[]): string {
  return JSON.stringify(
    [...languages].sort().map((language) => {
      const { compile, run } = NATIVE_LANGUAGES[language];
      return [language, compile(["main.x"]), run("main.x", 1)];
    }),
  );
}

class DockerSandbox implements Sandbox {
  readonly profile: JudgeProfile;
  readonly #pool: Pool;
  readonly #workersMax: number;
  readonly #sessions = new Set<Session>();
  readonly #queue: (() => void)[] = [];
  /** Compiled programs by content, in order of last use: validators come again with every submission. */
  readonly #compiled = new Map<string, CompileOutcome>();
  #working = 0;
  #closed = false;

  constructor(pool: Pool, profile: JudgeProfile, workers: number) {
    this.#pool = pool;
    this.profile = profile;
    this.#workersMax = workers;
  }

  async judge(task: JudgeTask, options: JudgeOptions = {}): Promise<JudgeResult> {
    return await this.#withSession(options, async (session) => judge(task, this.#engine(session), options));
  }

  async run(task: RunTask, options: JudgeOptions = {}): Promise<RunResult> {
    return await this.#withSession(options, async (session) =>
      runFreely(task, this.#engine(session), COST_PER_VIRTUAL_MS),
    );
  }

  async prepare(problem: Problem, packageDirectory: string, options: JudgeOptions = {}): Promise<void> {
    await this.#withSession(options, async (session) =>
      prepare(problem, packageDirectory, this.#engine(session), options.signal),
    );
  }

  async warm(): Promise<void> {
    this.#pool.fill();
    await Promise.resolve();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await this.#pool.close();
  }

  #engine(session: Session): JudgeEngine {
    return {
      runner: session,
      digestFields: "verdicts",
      compile: (language, sources, limits) => this.#compile(session, language, sources, limits),
      costMaxFor: (_language, timeMs) => timeMs * COST_PER_VIRTUAL_MS,
    };
  }

  async #compile(
    session: Session,
    language: Language,
    sources: readonly SourceFile[],
    limits: CompileLimits,
  ): Promise<CompileOutcome> {
    if (!this.profile.languages.includes(language)) throw new JudgeFault(`the docker sandbox has no ${language}`);
    const hash = createHash("sha256").update(`${language}\0${limits.timeMs}\0${limits.memoryMiB}`);
    for (const { name, bytes } of sources) hash.update(`\0${name}\0${bytes.length}\0`).update(bytes);
    const key = hash.digest("hex");
    const known = this.#compiled.get(key);
    this.#compiled.delete(key);
    const outcome = known ?? (await session.compile(language, sources, limits));
    this.#compiled.set(key, outcome);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > CACHE_ENTRIES_MAX && oldest !== undefined) this.#compiled.delete(oldest);
    return outcome;
  }

  /** @throws the signal's reason, at once; nothing of the session is left. */
  async #withSession<T>({ signal }: JudgeOptions, use: (session: Session) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    if (this.#closed) throw new SandboxError("DIKAST_SANDBOX_CLOSED", "the sandbox is closed");
    const session = new Session(this.#pool);
    this.#sessions.add(session);
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal?.reason as Error);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
    const carriedOut = this.#turn().then(async () => {
      try {
        signal?.throwIfAborted();
        return await use(session);
      } finally {
        this.#working--;
        this.#queue.shift()?.();
      }
    });
    carriedOut.catch(() => undefined);
    try {
      return await Promise.race([carriedOut, aborted]);
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
      this.#sessions.delete(session);
      await session.close();
    }
  }

  async #turn(): Promise<void> {
    while (this.#working >= this.#workersMax) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#working++;
  }
}
