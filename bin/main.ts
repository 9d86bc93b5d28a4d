/** The `dikast` command: loads the one command that is asked for, so that small commands start fast. */
import { enableCompileCache } from "node:module";
import process from "node:process";
import { CommanderError } from "commander";
import { createProgram, loadCommands } from "./commands/index.ts";
import { EXIT_FAILURE, EXIT_USAGE, reportError } from "./support/output.ts";

// The bootstrap of a checkout chooses a directory of its own; an installed package uses the user's.
if (process.env["NODE_COMPILE_CACHE"] === undefined) enableCompileCache();

// `dikast board | head -1` is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// The bootstrap's channel closes when it is killed: a command must not outlive it.
if (process.connected) {
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel?.unref();
}

const args = process.argv.slice(2);
const program = createProgram();
await loadCommands(program, args);
try {
  await program.parseAsync(args, { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has told already; help and version are no failures.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  } else {
    reportError(error, args.includes("--json"));
    process.exitCode ||= EXIT_FAILURE;
  }
}
