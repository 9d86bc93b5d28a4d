/** `dikast submit`: hands in a solution. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import type { Command } from "commander";
import type { SubmissionView } from "../../sessions/index.ts";
import { type Hash, isLanguage, LANGUAGES, languageOfFile } from "../../src/model/index.ts";
import type { ApiClient, NodeInfo } from "../../src/api/index.ts";
import { checked, withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import {
  CommandError,
  EXIT_INTERRUPTED,
  EXIT_NOT_ACCEPTED,
  EXIT_USAGE,
  Progress,
  print,
  printJson,
} from "../support/output.ts";
import { phaseText, verdictLines, withDetail } from "../support/submissions.ts";

interface SubmitOptions extends SharedOptions {
  readonly problem: string;
  readonly language?: string;
  readonly watch?: true;
}

const SOURCE_BYTES_MAX = 1024 * 1024;

export function registerSubmit(program: Command): void {
  withSharedOptions(program.command("submit"))
    .description("hand in a solution through the running node")
    .argument("<file...>", "the source file; of several the first is the main one")
    .requiredOption("-p, --problem <problem>", "the problem's short name or its letter on the board")
    .option("-l, --language <language>", `instead of what the file's ending says: ${LANGUAGES.join(", ")}`)
    .option("-w, --watch", "wait for the verdict")
    .addHelpText(
      "after",
      `
The node signs and stores the submission, then delivers it for as long as it takes, also through a cut network; the
command may end long before. With --watch it waits for the verdict: exit code 0 for accepted, 3 for any other verdict.
\`dikast submissions\` shows later what became of it.

Examples:
  dikast submit sum.cpp --problem A --watch
  dikast submit main.py --problem lanterns
  dikast submit main.cpp graph.h --problem B
`,
    )
    .action(async (files: readonly string[], options: SubmitOptions) => {
      const sources: { readonly filename: string; readonly source: string }[] = [];
      for (const file of files) sources.push({ filename: path.basename(file), source: await readSource(file) });
      const [main, ...companions] = sources as [(typeof sources)[number], ...typeof sources];
      const { filename } = main;
      const language = options.language ?? languageOfFile(filename);
      if (language === undefined || !isLanguage(language)) {
        const what =
          options.language === undefined
            ? `the ending of ${filename} names no language`
            : `there is no language ${language}`;
        throw new CommandError(
          "DIKAST_USAGE",
          `${what}; choose one with --language: ${LANGUAGES.join(", ")}`,
          EXIT_USAGE,
        );
      }
      await withApi(options, async (api) => {
        const submit = { type: "submit", problem: options.problem, language, ...main, companions } as const;
        const { submission } = checked(await api.request(submit)) as { readonly submission: Hash };
        if (options.json === true) printJson({ type: "submitted", submission });
        else print(`submitted ${submission}`);
        if (options.watch === true) await watch(api, submission, options.json === true);
      });
    });
}

async function readSource(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile())
    throw new CommandError("DIKAST_NO_FILE", `there is no file ${file}`, EXIT_USAGE);
  if (found.size > SOURCE_BYTES_MAX) throw new CommandError("DIKAST_SOURCE_TOO_LARGE", `${file} is larger than 1 MiB`);
  return (await readFile(file)).toString("base64");
}

async function watch(api: ApiClient, submission: Hash, json: boolean): Promise<void> {
  const progress = new Progress();
  process.once("SIGINT", () => {
    progress.clear();
    process.stderr.write("dikast: the submission goes on without this command\n");
    process.exit(EXIT_INTERRUPTED);
  });
  let last: SubmissionView | undefined;
  let phase = "";
  for await (const body of api.stream({ type: "watch", submission })) {
    last = (checked(body) as { readonly submission: SubmissionView }).submission;
    if (json) {
      printJson({ type: "submission", submission: last });
      continue;
    }
    if (last.phase !== phase) {
      progress.clear();
      phase = last.phase;
      if (phase !== "settled") print(phaseText(last));
    }
    if (last.progress !== null) progress.show(`test ${last.progress.done} of ${last.progress.total}`);
  }
  progress.clear();
  if (last === undefined) throw new CommandError("DIKAST_API_CLOSED", "the node stopped before the verdict");
  const view = await withDetail(api, last);
  if (!json) print(verdictLines(view, (await api.request({ type: "node" })) as NodeInfo).join("\n"));
  else if (view !== last) printJson({ type: "submission", submission: view });
  if (last.verdict !== "AC") process.exitCode = EXIT_NOT_ACCEPTED;
}
