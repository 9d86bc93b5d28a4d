/** One child process of the evaluator: started, talked to, watched, ended. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { SandboxError } from "../../sandbox.ts";

/** What is kept of a child's last words, for the error when it dies. */
const LAST_WORDS_BYTES = 4096;
/** Seconds are counted as this process lives through them: when the machine slept, the child slept too. */
const START_SECONDS_MAX = 60;

export interface ChildOptions {
  /** Module of the child's main thread, without its ending (`./run-process`), relative to this folder. */
  readonly entry: string;
  readonly execArgv: readonly string[];
  readonly arguments: readonly string[];
}

/**
 * The child ends when this process does: its end of the channel closes, and it exits. Nothing of the environment is
 * handed on.
 */
export class Child<To extends object, From extends { readonly type: string }> {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #lastWords = "";
  #onMessage: (message: From) => void = () => undefined;
  #onDeath: (reason: string) => void = () => undefined;
  #ended = false;

  constructor(options: ChildOptions) {
    const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    this.#process = fork(fileURLToPath(new URL(options.entry + ending, import.meta.url)), options.arguments, {
      execArgv: [...options.execArgv],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: {},
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_BYTES);
    });
    this.#process.on("message", (message) => {
      if (!this.#ended) this.#onMessage(message as From);
    });
    this.#exited = once(this.#process, "exit");
    const died = (how: string): void => {
      if (this.#ended) return;
      this.#ended = true;
      this.#onDeath(this.#lastWords === "" ? how : `${how}: ${this.#lastWords.trim()}`);
    };
    this.#process.on("error", (error) => died(error.message));
    this.#process.on("exit", (code, signal) => died(`process ended (${signal ?? code})`));
    // A child keeps nobody alive: whoever waits for a result holds the event loop.
    this.#process.unref();
    this.#process.channel?.unref();
  }

  /** Resolves with the child's first message. @throws SandboxError when it dies or keeps silent. */
  async started(): Promise<void> {
    let seconds = 0;
    const timer = setInterval(() => {
      seconds += 1;
      if (seconds === START_SECONDS_MAX) this.#onDeath("it does not answer");
    }, 1_000);
    try {
      await new Promise<void>((resolve, reject) => {
        this.listen(
          () => resolve(),
          (reason) => reject(new SandboxError("DIKAST_SANDBOX_PROCESS", `a sandbox process did not start: ${reason}`)),
        );
      });
    } finally {
      clearInterval(timer);
    }
  }

  listen(onMessage: (message: From) => void, onDeath: (reason: string) => void): void {
    this.#onMessage = onMessage;
    this.#onDeath = onDeath;
  }

  send(message: To): void {
    if (!this.#ended) this.#process.send(message);
  }

  /** Keeps this process alive while the child works. */
  hold(working: boolean): void {
    if (working) this.#process.channel?.ref();
    else this.#process.channel?.unref();
  }

  /** Kills it, at once and without further events; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#ended = true;
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.ref();
    this.#process.kill("SIGKILL");
    await this.#exited;
  }
}
