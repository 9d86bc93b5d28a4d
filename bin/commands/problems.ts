/** `dikast problems` and `dikast statement`: what there is to solve. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import type { ProblemText, ProblemView } from "../../src/node/runtime/index.ts";
import { ask } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { CommandError, counted, print, printable, printJson, styled, table } from "../support/output.ts";
import { plainStatement } from "../support/statement-text.ts";

export function registerProblems(program: Command): void {
  withSharedOptions(program.command("problems"))
    .description("show the contest's problems, and which of them can be read on your node")
    .addHelpText("after", "\nExample:\n  dikast problems --json | jq -r '.problems[].label'\n")
    .action(async (options: SharedOptions) => {
      const { problems } = await ask<{ readonly problems: readonly ProblemView[] }>(options, { type: "problems" });
      if (options.json === true) return printJson({ type: "problems", problems });
      if (problems.length === 0) return print("the problems are not known yet: no sage has answered (dikast doctor)");
      print(
        table(
          problems.map((problem) => [
            styled("bold", problem.label),
            printable(problem.name),
            problem.id,
            stateText(problem),
          ]),
        ),
      );
    });
}

function stateText({ state, chunksDone, chunksTotal, fault }: ProblemView): string {
  switch (state) {
    case "open":
      return "open";
    case "sealed":
      return "here, sealed until the start";
    case "fetching":
      return `being fetched, ${Math.floor((100 * chunksDone) / Math.max(1, chunksTotal))} %`;
    case "wanted":
      return "not here yet";
    case "failed":
      return `not readable: ${printable(fault ?? "")}`;
  }
}

interface StatementOptions extends SharedOptions {
  readonly out?: string;
  readonly language?: string;
}

/** The API writes bytes as base64. */
type Told = Omit<ProblemText, "files"> & {
  readonly files: readonly { readonly path: string; readonly bytes: string }[];
};

export function registerStatement(program: Command): void {
  withSharedOptions(program.command("statement"))
    .description("read a problem: statement, limits and samples")
    .argument("<problem>", "its letter or short name")
    .option("--language <code>", "the statement's language, such as en or sv (default: en, else the first)")
    .option("--out <directory>", "write statement, samples and attachments into a new folder instead")
    .addHelpText(
      "after",
      `
Statements are on your own disk: this works without the network, from the start of the contest on.

Examples:
  dikast statement A
  dikast statement A --out A          # with a statement in PDF, images, attachments
`,
    )
    .action(async (problem: string, options: StatementOptions) => {
      const { statement } = await ask<{ readonly statement: Told }>(options, { type: "statement", problem });
      if (options.out !== undefined) return await writeOut(statement, options.out, options.json === true);
      if (options.json === true) return printJson({ type: "statement", ...statement });
      show(statement, options.language);
    });
}

async function writeOut({ label, files }: Told, out: string, json: boolean): Promise<void> {
  if ((await stat(out).catch(() => undefined)) !== undefined)
    throw new CommandError("DIKAST_FILE_EXISTS", `"${out}" exists already; name a new folder`);
  for (const file of files) {
    // Paths inside a package were checked when it was unpacked; this folder is somebody's own.
    const target = path.join(out, ...file.path.split("/").filter((part) => part !== ".." && part !== "."));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, Buffer.from(file.bytes, "base64"), { flag: "wx" });
  }
  if (json)
    printJson({
      type: "statement-written",
      problem: label,
      directory: out,
      files: files.map(({ path: name }) => name),
    });
  else print(`problem ${label}: ${counted(files.length, "file")} in ${out}`);
}

function show(statement: Told, language: string | undefined): void {
  const { label, name, limits, files } = statement;
  print(styled("bold", `${label}  ${printable(name)}`));
  print(`time limit ${limits.timeMs / 1000} s, memory ${limits.memoryMiB} MiB\n`);
  print(textOf(statement, language));
  const samples = files.filter(({ path: file }) => file.startsWith("data/sample/") && file.endsWith(".in"));
  for (const input of samples) {
    const stem = input.path.slice(0, -".in".length);
    const answer = files.find(({ path: file }) => file === `${stem}.ans`);
    print(styled("bold", `\nSample ${stem.slice("data/sample/".length)}`));
    print(`input:\n${decoded(input.bytes)}output:\n${answer === undefined ? "" : decoded(answer.bytes)}`);
  }
  const attachments = files.filter(({ path: file }) => file.startsWith("attachments/"));
  if (attachments.length > 0)
    print(`\n${counted(attachments.length, "attachment")}: dikast statement ${label} --out DIR`);
}

const STATEMENT = /^(?:problem_)?statement\/problem(?:\.([a-z]{2,3}(?:-[A-Z]{2})?))?\.(tex|md|pdf)$/;

function textOf({ label, files }: Told, language: string | undefined): string {
  const found = files.flatMap(({ path: file, bytes }) => {
    const match = STATEMENT.exec(file);
    return match === null ? [] : [{ language: match[1] ?? "en", type: match[2] ?? "", bytes }];
  });
  const languages = [...new Set(found.map((each) => each.language))];
  const wanted = language ?? (languages.includes("en") ? "en" : languages[0]);
  const inLanguage = found.filter((each) => each.language === wanted);
  if (language !== undefined && inLanguage.length === 0)
    throw new CommandError(
      "DIKAST_NO_STATEMENT",
      `there is no statement in "${language}"; there is ${languages.join(", ")}`,
    );
  const readable = inLanguage.find(({ type }) => type !== "pdf");
  if (readable !== undefined) return plainStatement(decoded(readable.bytes), readable.type === "tex" ? "tex" : "md");
  if (inLanguage.length > 0) return `The statement is a PDF: dikast statement ${label} --out DIR`;
  return "The package has no statement.";
}

function decoded(base64: string): string {
  return printable(Buffer.from(base64, "base64").toString("utf8"));
}
