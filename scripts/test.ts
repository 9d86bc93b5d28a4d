/**
 * `npm test`: every `test/**\/*.test.ts` but the long ones; `npm run test:long`: the long ones (`*.long.test.ts`).
 * Arguments that are paths (or parts of paths) choose among them.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
/** A test file that takes longer hangs. */
const FILE_TIMEOUT_MS = 20 * 60 * 1000;
const LONG_FILE_TIMEOUT_MS = 60 * 60 * 1000;

const args = process.argv.slice(2);
const long = args.includes("--long");
const wanted = args.filter((arg) => !arg.startsWith("--"));
const files = globSync("test/**/*.test.ts", { cwd: ROOT })
  .filter((file) => file.endsWith(".long.test.ts") === long)
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(", ") || "test/**/*.test.ts"}`);
  process.exit(2);
}

const child = spawn(
  process.execPath,
  [
    "--test",
    "--test-concurrency=2",
    `--test-timeout=${long ? LONG_FILE_TIMEOUT_MS : FILE_TIMEOUT_MS}`,
    "--test-reporter=spec",
    ...files,
  ],
  { cwd: ROOT, stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
process.on("disconnect", () => child.kill("SIGTERM"));
child.on("exit", (code) => process.exit(code ?? 1));
