/** Runs the `dikast` command as a process of its own. */
import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";

const MAIN = path.resolve(import.meta.dirname, "../../bin/main.ts");
const TIMEOUT_MS = 300_000;

export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of `--json`. */
  readonly json: readonly Readonly<Record<string, unknown>>[];
}

export async function dikast(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CommandOutcome> {
  const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
  const env = { ...process.env, NO_COLOR: "1", ...options.env };
  const child = execFile(
    process.execPath,
    [MAIN, ...args],
    { timeout: TIMEOUT_MS, maxBuffer: 2 ** 26, cwd: options.cwd, env },
    (_error, stdout, stderr) => {
      const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
      const json = args.includes("--json") ? lines.map((line) => JSON.parse(line) as Record<string, unknown>) : [];
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr, json });
    },
  );
  return await promise;
}
