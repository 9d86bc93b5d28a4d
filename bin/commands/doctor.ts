/** `dikast doctor`: whether this machine can take part, before joining and while joined. */
import { type Command } from "commander";
import { ApiError } from "../../src/api/index.ts";
import type { Settings } from "../../src/node/config/index.ts";
import {
  probeContest,
  diskCheck,
  type Check,
  type Readiness,
  readinessOf,
  runtimeCheck,
  sandboxCheck,
} from "../../src/node/readiness/index.ts";
import { openSandbox } from "../../src/node/runtime/index.ts";
import { LANGUAGES } from "../../src/model/index.ts";
import { ask } from "../support/api.ts";
import { inviteText, openInvite } from "../support/invites.ts";
import { type DaemonOptions, settingsOf, withSharedOptions } from "../support/options.ts";
import { EXIT_FAILURE, printJson } from "../support/output.ts";
import { printReadiness } from "../support/readiness.ts";

export function registerDoctor(program: Command): void {
  withSharedOptions(program.command("doctor"))
    .description("check whether this machine is ready: disk, memory, clock, network, reachability, sandbox, problems")
    .argument("[invite]", "before joining: also try the sages of this invite")
    .option("--listen <multiaddrs>", "before joining: where the node would listen")
    .option("--slots <n>", "before joining: evaluations at the same time")
    .option("--sandbox <kind>", "before joining: wasm, or fake for tests of the network only")
    .addHelpText(
      "after",
      `
While a node runs with this data directory, the node itself is examined. Otherwise this machine is: with an invite also the
way to the contest's sages, their clocks against this one, and whether they can dial this machine.
Exit code 0: ready; 1: something fails, or is still being waited for.

Examples:
  dikast doctor
  dikast doctor 'dikast://…'
  dikast doctor --json | jq '.checks[] | select(.state != "ok")'
`,
    )
    .action(async (text: string | undefined, options: DaemonOptions) => {
      const readiness = (await ofRunningNode(options)) ?? (await ofMachine(text, await settingsOf(options)));
      if (options.json === true) printJson({ type: "readiness", ...readiness });
      else printReadiness(readiness);
      if (!readiness.ready) process.exitCode = EXIT_FAILURE;
      // Handles of the sandbox and the network must not keep the process.
      setImmediate(() => process.exit());
    });
}

async function ofRunningNode(options: DaemonOptions): Promise<Readiness | undefined> {
  try {
    return (await ask<{ readonly readiness: Readiness }>(options, { type: "readiness" })).readiness;
  } catch (error) {
    if (error instanceof ApiError && error.code === "DIKAST_NOT_RUNNING") return undefined;
    throw error;
  }
}

async function ofMachine(text: string | undefined, settings: Settings): Promise<Readiness> {
  const given = text === undefined ? undefined : await inviteText(text);
  const invite = given === undefined ? undefined : openInvite(given);
  const checks: Check[] = [runtimeCheck(settings.slots), await diskCheck(settings.dataDirectory, 0)];
  if (invite !== undefined) {
    checks.push(...(await probeContest(invite, settings.listen)));
  }
  // The contest's own judge is known once this node has joined.
  const expectation = { profile: null, languages: LANGUAGES, slots: settings.slots };
  checks.push(await sandboxCheck(async () => await openSandbox(settings), expectation));
  return readinessOf(checks);
}
