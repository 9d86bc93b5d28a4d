/** The program and its commands; each is loaded when it is needed. */
import type { Command as CommandType } from "commander";
import { Command } from "commander";
import { version } from "../support/version.ts";

type Register = (program: CommandType) => void;

/** In the order of the help text. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import("./demo.ts")).registerDemo,
  init: async () => (await import("./init.ts")).registerInit,
  sage: async () => (await import("./sage.ts")).registerSage,
  registration: async () => (await import("./registration.ts")).registerRegistration,
  invite: async () => (await import("./invite.ts")).registerInvite,
  open: async () => (await import("./open.ts")).registerOpen,
  join: async () => (await import("./join.ts")).registerJoin,
  doctor: async () => (await import("./doctor.ts")).registerDoctor,
  problems: async () => (await import("./problems.ts")).registerProblems,
  statement: async () => (await import("./problems.ts")).registerStatement,
  submit: async () => (await import("./submit.ts")).registerSubmit,
  submissions: async () => (await import("./submissions.ts")).registerSubmissions,
  status: async () => (await import("./status.ts")).registerStatus,
  board: async () => (await import("./board.ts")).registerBoard,
  clarify: async () => (await import("./clarify.ts")).registerClarify,
  notice: async () => (await import("./notice.ts")).registerNotice,
  rejudge: async () => (await import("./rejudge.ts")).registerRejudge,
  dispute: async () => (await import("./dispute.ts")).registerDispute,
  "dead-letters": async () => (await import("./dead-letters.ts")).registerDeadLetters,
  export: async () => (await import("./export.ts")).registerExport,
  audit: async () => (await import("./audit.ts")).registerAudit,
  peers: async () => (await import("./peers.ts")).registerPeers,
  stop: async () => (await import("./stop.ts")).registerStop,
  hook: async () => (await import("./hook.ts")).registerHook,
  contest: async () => (await import("./contest.ts")).registerContest,
  run: async () => (await import("./run.ts")).registerRun,
  test: async () => (await import("./test.ts")).registerTest,
  verify: async () => (await import("./verify.ts")).registerVerify,
  sim: async () => (await import("./sim.ts")).registerSim,
};

const AFTER_HELP = `
Exit codes:
  0    done; for \`submit --watch\`: accepted
  1    it could not be done; one sentence says why
  2    the command line is wrong
  3    \`submit --watch\`: judged, but not accepted; \`audit\`: something does not hold;
       \`demo --once\`: a verdict was not as expected, or boards differ
  130  interrupted

With --json every line on standard output is one JSON object with a "type"; errors are {"type":"error","code",…}.

Settings come from the command line, else from the environment (DIKAST_…), else from dikast.yaml in the data
directory or in the working directory. The data directory is ~/.dikast unless --data-dir or DIKAST_DATA_DIR says
otherwise.

Try it:
  dikast demo                          a whole contest network on this machine
  dikast sage --contest my-contest/    serve a contest and print the invite
  dikast join 'dikast://…'             take part
  dikast submit sum.cpp --problem A --watch
`;

export function createProgram(): CommandType {
  return new Command("dikast")
    .description(
      "Programming contests without a server: the contestants' own machines elect leaders, judge and certify.",
    )
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .showHelpAfterError("(dikast --help explains the commands)")
    .addHelpText("after", AFTER_HELP)
    .exitOverride()
    .enablePositionalOptions()
    .configureHelp({ sortOptions: false });
}

/** Loads the command that `args` name; all of them for help and for mistakes. */
export async function loadCommands(program: CommandType, args: readonly string[]): Promise<void> {
  const named = args.find((arg) => !arg.startsWith("-"));
  const wanted = named !== undefined && Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS);
  for (const name of wanted) {
    const register = await COMMANDS[name]?.();
    register?.(program);
  }
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError(`(dikast ${command.name()} --help explains it)`);
}
