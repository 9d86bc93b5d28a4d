/** `dikast clarify`: questions and answers while the contest runs. */
import type { Command } from "commander";
import type { LifeReply, QuestionView } from "../../sessions/index.ts";
import type { ApiClient } from "../../src/api/index.ts";
import { checked, withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { byPrefix, deliver, textFrom } from "../support/orders.ts";
import { print, printable, printJson, styled } from "../support/output.ts";

type Clarifications = Extract<LifeReply, { readonly type: "clarifications" }>;

export function registerClarify(program: Command): void {
  const clarify = program.command("clarify").description("ask the organizers, answer, and read what was said");
  registerAsk(clarify);
  registerAnswer(clarify);
  registerList(clarify);
  clarify.addHelpText(
    "after",
    `
Questions are sealed for the organizers, private answers for who asked: others have them in their log and cannot read
them. An answer to all is read by everybody, with the question unless --no-quote is given.

Examples:
  dikast clarify ask --problem B "May the list be empty?"
  dikast clarify list --unanswered
  dikast clarify answer 3fa2 --all "Yes, it may."
`,
  );
}

function registerAsk(clarify: Command): void {
  withSharedOptions(clarify.command("ask"))
    .description("ask the organizers; they alone can read it")
    .argument("<text...>", "the question; - reads standard input")
    .option("-p, --problem <problem>", "the problem's short name or its letter on the board")
    .action(async (words: readonly string[], options: SharedOptions & { readonly problem?: string }) => {
      const text = await textFrom(words);
      await withApi(options, async (api) => {
        await deliver(
          api,
          options,
          { type: "ask", problem: options.problem ?? null, text },
          "asked; dikast clarify list shows the answer",
        );
      });
    });
}

interface AnswerOptions extends SharedOptions {
  readonly all?: true;
  readonly quote: boolean;
}

function registerAnswer(clarify: Command): void {
  withSharedOptions(clarify.command("answer"))
    .description("answer a question, in private or to all (organizers)")
    .argument("<question>", "the beginning of its id")
    .argument("<text...>", "the answer; - reads standard input")
    .option("--all", "to everybody")
    .option("--no-quote", "with --all: without the question")
    .action(async (prefix: string, words: readonly string[], options: AnswerOptions) => {
      const text = await textFrom(words);
      await withApi(options, async (api) => {
        const { questions } = await clarificationsOf(api);
        const question = byPrefix(questions, ({ id }) => id, prefix, "question").id;
        const wish = { type: "answer", question, toAll: options.all === true, quote: options.quote, text } as const;
        await deliver(api, options, { type: "order", wish }, options.all === true ? "answered to all" : "answered");
      });
    });
}

function registerList(clarify: Command): void {
  withSharedOptions(clarify.command("list"))
    .description("notices, questions and answers that you may read")
    .option("--unanswered", "only questions without an answer")
    .action(async (options: SharedOptions & { readonly unanswered?: true }) => {
      await withApi(options, async (api) => {
        const all = await clarificationsOf(api);
        const questions = all.questions.filter(({ answers }) => options.unanswered !== true || answers.length === 0);
        const notices = options.unanswered === true ? [] : all.notices;
        if (options.json === true) printJson({ type: "clarifications", notices, questions });
        else show(notices, questions);
      });
    });
}

async function clarificationsOf(api: ApiClient): Promise<Clarifications> {
  return checked(await api.request({ type: "clarifications" })) as Clarifications;
}

function show(notices: Clarifications["notices"], questions: readonly QuestionView[]): void {
  if (notices.length + questions.length === 0) print("nothing was asked or announced");
  for (const { at, problem, text } of notices) {
    print(`${clock(at)}  ${styled("bold", "notice")}${about(problem)}`);
    print(indented(text));
  }
  for (const question of questions) {
    const state = question.answers.length === 0 ? styled("yellow", "  unanswered") : "";
    print(
      `${clock(question.at)}  ${question.id.slice(0, 8)}  ${printable(question.displayName)} asks${about(question.problem)}${state}`,
    );
    const asked = question.text ?? question.answers.find((answer) => answer.asked !== null)?.asked ?? null;
    if (asked !== null) print(indented(asked));
    for (const answer of question.answers) {
      if (answer.text === null) continue;
      print(`  ${clock(answer.at)}  answer${answer.toAll ? " to all" : ""}:`);
      print(indented(answer.text));
    }
  }
}

function about(problem: string | null): string {
  return problem === null ? "" : ` about ${problem}`;
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString();
}

function indented(text: string): string {
  return printable(text)
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
