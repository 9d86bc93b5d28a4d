/** Runs `dikast` commands as processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../bin/main.ts", import.meta.url));
/** A command that hangs fails its test instead of the whole run. */
const RUN_MS_MAX = 120_000;

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of standard output that are JSON objects. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ran>;
  stdout(): string;
}

export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  msMax = RUN_MS_MAX,
  /** A command that starts it, such as `ip netns exec …`. */
  through: readonly string[] = [],
): Running {
  const [program = "", ...rest] = [...through, process.execPath, MAIN, ...args];
  const child = spawn(program, rest, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), msMax);
  const { promise, resolve } = Promise.withResolvers<Ran>();
  child.on("close", (code, signal) => {
    clearTimeout(timer);
    resolve({ code, signal, stdout, stderr, lines: jsonLines(stdout) });
  });
  return { process: child, ended: promise, stdout: () => stdout };
}

export async function run(...args: readonly string[]): Promise<Ran> {
  const running = start(args);
  running.process.stdin?.end();
  return await running.ended;
}

function jsonLines(text: string): Ran["lines"] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
