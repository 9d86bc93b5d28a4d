/** `npm run check`: types, lint, format, arrows; every one runs, and the exit code is 1 when any fails. */
import { spawnSync } from "node:child_process";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
const BIN = path.join(ROOT, "node_modules", ".bin");

const steps = [
  { name: "types", command: path.join(BIN, "tsc"), args: ["--noEmit"] },
  { name: "lint", command: path.join(BIN, "oxlint"), args: ["--type-aware", "--deny-warnings"] },
  { name: "format", command: path.join(BIN, "biome"), args: ["format", "."] },
  { name: "arrows", command: process.execPath, args: [path.join(ROOT, "scripts", "arrows.ts")] },
] as const;

const wanted = process.argv.slice(2);
const chosen = steps.filter((step) => wanted.length === 0 || wanted.includes(step.name));
const failed = chosen.filter((step) => {
  const result = spawnSync(step.command, step.args, {
    cwd: ROOT,
    stdio: "inherit",
    // The tools' launchers call `node`: it has to be this one.
    env: { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env["PATH"] ?? ""}` },
  });
  console.log(`${result.status === 0 ? "ok  " : "FAIL"} ${step.name}`);
  return result.status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
