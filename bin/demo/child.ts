/** A `dikast` process that the demo runs: dies with the demo, whatever happens to either. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What a process says on standard error is kept for the message, should it fail. */
const COMPLAINT_CHARACTERS_MAX = 2_000;
const STOP_MS_MAX = 4_000;

export class ChildError extends Error {
  override readonly name = "ChildError";
  readonly code = "DIKAST_DEMO_CHILD";
}

/** `main.ts` in a checkout, `main.js` in the built package. */
export function entry(name: string): string {
  const source = fileURLToPath(new URL(`../${name}.ts`, import.meta.url));
  return existsSync(source) ? source : fileURLToPath(new URL(`../${name}.js`, import.meta.url));
}

export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #ready = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  readonly #warm = Promise.withResolvers<void>();
  readonly #onNews: (line: Readonly<Record<string, unknown>>) => void;
  readonly #exited = Promise.withResolvers<string>();
  #complaint = "";
  #hasExited = false;

  /** `script` is run by this Node; its first JSON line of type `ready` tells that it is up. */
  constructor(
    name: string,
    script: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    onNews: (line: Readonly<Record<string, unknown>>) => void = () => undefined,
  ) {
    this.name = name;
    this.#onNews = onNews;
    this.#process = spawn(process.execPath, [...NODE_FLAGS, script, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own: Ctrl-C reaches the demo, which ends its children in order.
      detached: process.platform !== "win32",
      env: { ...process.env, ...environment },
    });
    this.#ready.promise.catch(() => undefined);
    this.#process.stdin?.on("error", () => undefined);
    this.#process.on("error", (error) => this.#onExit(error.message));
    this.#process.on("exit", (code, signal) => this.#onExit(signal ?? `exit code ${code}`));
    if (this.#process.stdout !== null) {
      createInterface({ input: this.#process.stdout }).on("line", (line) => this.#onLine(line));
    }
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-COMPLAINT_CHARACTERS_MAX);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Resolves with the reason: a signal's name or an exit code. */
  get exited(): Promise<string> {
    return this.#exited.promise;
  }

  /** What it said when it was up. @throws ChildError when it ended instead. */
  get ready(): Promise<Readonly<Record<string, unknown>>> {
    return this.#ready.promise;
  }

  /** Resolves when it says so, or when it has ended. */
  get warm(): Promise<void> {
    return this.#warm.promise;
  }

  writeLine(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Asks it to end by closing its input; ends it hard if it does not. */
  async stop(): Promise<void> {
    if (this.#hasExited) return;
    this.#process.stdin?.end();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), STOP_MS_MAX);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #onLine(line: string): void {
    if (line === '{"type":"warm"}') this.#warm.resolve();
    if (line.startsWith('{"type":"warmed"')) this.#onNews(JSON.parse(line) as Readonly<Record<string, unknown>>);
    if (!line.startsWith('{"type":"ready"')) return;
    this.#ready.resolve(JSON.parse(line) as Readonly<Record<string, unknown>>);
  }

  #onExit(reason: string): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    const lines = this.#complaint.trim().split("\n");
    // Before the error there may be news ("measuring the time limit …").
    const error = lines.find((line) => line.startsWith("dikast: ")) ?? lines.at(-1);
    const words = error?.replace(/^dikast: /, "");
    this.#ready.reject(new ChildError(words === undefined || words === "" ? `${this.name} ended (${reason})` : words));
    this.#warm.resolve();
    this.#exited.resolve(reason);
  }
}

/** Ten nodes share a machine: a young generation of 8 MiB is enough at their load. */
const NODE_FLAGS: readonly string[] = ["--max-semi-space-size=8", "--disable-warning=ExperimentalWarning"];

/** How a person calls this program in a second terminal. */
export function commandName(): string {
  const checkout = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "dikast");
  if (!existsSync(checkout)) return "dikast";
  const relative = path.relative(process.cwd(), checkout);
  return relative.startsWith("..") ? checkout : relative;
}
