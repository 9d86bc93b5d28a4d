/** `dikast rejudge`: judges submissions again beside the verdicts in force, shows what would change, and applies it. */
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { LifeReply, RejudgingPreview, RejudgingView } from "../../sessions/index.ts";
import type { ApiClient } from "../../src/api/index.ts";
import { isLanguage, LANGUAGES, parseHash, type Selection, VERDICTS, type Verdict } from "../../src/model/index.ts";
import { checked, withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { byPrefix, deliver } from "../support/orders.ts";
import {
  CommandError,
  counted,
  EXIT_USAGE,
  print,
  printable,
  printJson,
  Progress,
  table,
  verdictText,
} from "../support/output.ts";

interface RejudgeOptions extends SharedOptions {
  readonly submission?: string;
  readonly problem?: string;
  readonly language?: string;
  readonly verdict?: string;
  readonly all?: true;
  readonly reason: string;
  readonly apply?: true;
  readonly preview?: true;
}

const POLL_MS = 300;

export function registerRejudge(program: Command): void {
  const rejudge = withSharedOptions(program.command("rejudge"))
    .description("judge submissions again; shows what would change before it is applied (organizers)")
    .option("--submission <id>", "one submission: its id or the beginning of it")
    .option("-p, --problem <problem>", "of one problem: its short name or its letter on the board")
    .option("-l, --language <language>", `in one language: ${LANGUAGES.join(", ")}`)
    .option("--verdict <verdict>", `with one verdict: ${VERDICTS.join(", ")}`)
    .option("--all", "every submission that counts")
    .option("--reason <text>", "for the log", "")
    .option("--preview", "only show what would change (this is the default)")
    .option("--apply", "apply it as soon as everything is judged again")
    .addHelpText(
      "after",
      `
The clusters judge the submissions again, a few at a time behind those of the running contest. The old verdicts and the
board stay as they are; then the changes are shown: verdicts old → new, and the rows of the board that move. Nothing
counts before \`rejudge apply\`; \`rejudge cancel\` drops it.

Examples:
  dikast rejudge --problem C --reason "wrong answer file of test 7"
  dikast rejudge --submission 3fa2 --apply
  dikast rejudge list
  dikast rejudge apply 91c0
`,
    )
    .action(async (options: RejudgeOptions) => {
      await withApi(options, async (api) => await start(api, options));
    });
  withSharedOptions(rejudge.command("list"))
    .description("all rejudgings")
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<SharedOptions>();
      await withApi(options, async (api) => {
        const rejudgings = await rejudgingsOf(api);
        if (options.json === true) printJson({ type: "rejudgings", rejudgings });
        else print(rejudgings.length === 0 ? "nothing was judged again" : table(rejudgings.map(rowOf)));
      });
    });
  withSharedOptions(rejudge.command("show"))
    .description("what a rejudging changes")
    .argument("<rejudging>", "the beginning of its id")
    .action(async (prefix: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<SharedOptions>();
      await withApi(options, async (api) => {
        const { id } = byPrefix(await rejudgingsOf(api), (each) => each.id, prefix, "rejudging");
        show(await previewOf(api, id), options);
      });
    });
  end(rejudge, "apply", "make the new verdicts count", "applied");
  end(rejudge, "cancel", "drop the new verdicts; the old ones stay", "cancelled");
}

function end(rejudge: Command, type: "apply" | "cancel", what: string, done: string): void {
  withSharedOptions(rejudge.command(type))
    .description(what)
    .argument("<rejudging>", "the beginning of its id")
    .action(async (prefix: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<SharedOptions>();
      await withApi(options, async (api) => {
        const { id } = byPrefix(await rejudgingsOf(api), (each) => each.id, prefix, "rejudging");
        await deliver(api, options, { type: "order", wish: { type: `rejudge-${type}`, rejudging: id } }, done);
      });
    });
}

async function start(api: ApiClient, options: RejudgeOptions): Promise<void> {
  const selection = await selectionOf(api, options);
  const wish = { type: "rejudge", selection, reason: options.reason } as const;
  const id = await deliver(api, options, { type: "order", wish }, "ordered; waiting for the new verdicts");
  const progress = new Progress();
  let preview = await previewOf(api, id);
  while (preview.status === "judging") {
    progress.show(`${preview.judged} of ${preview.submissions} judged again`);
    await delay(POLL_MS);
    preview = await previewOf(api, id);
  }
  progress.clear();
  show(preview, options);
  if (options.apply === true) {
    const apply = { type: "rejudge-apply", rejudging: id } as const;
    await deliver(api, options, { type: "order", wish: apply }, "applied");
  } else if (options.json !== true && preview.status === "judged") {
    print(`\nnothing counts yet: dikast rejudge apply ${id.slice(0, 8)}, or dikast rejudge cancel ${id.slice(0, 8)}`);
  }
}

async function selectionOf(api: ApiClient, options: RejudgeOptions): Promise<Selection> {
  const { submission, problem, language, verdict } = options;
  if (
    submission === undefined &&
    problem === undefined &&
    language === undefined &&
    verdict === undefined &&
    options.all !== true
  ) {
    throw usage("say what to judge again: --submission, --problem, --language, --verdict, or --all");
  }
  if (language !== undefined && !isLanguage(language))
    throw usage(`there is no language ${language}: ${LANGUAGES.join(", ")}`);
  if (verdict !== undefined && !VERDICTS.includes(verdict as Verdict))
    throw usage(`there is no verdict ${verdict}: ${VERDICTS.join(", ")}`);
  if (problem !== undefined) await mustBeKnown(api, problem);
  return {
    submission: submission === undefined ? null : await submissionId(api, submission),
    problem: problem ?? null,
    language: language ?? null,
    verdict: (verdict as Verdict | undefined) ?? null,
  };
}

async function mustBeKnown(api: ApiClient, problem: string): Promise<void> {
  const { problems } = (await api.request({ type: "problems" })) as {
    readonly problems: readonly { readonly id: string; readonly label: string }[];
  };
  const isIt = ({ id, label }: { readonly id: string; readonly label: string }): boolean =>
    id === problem || label.toLowerCase() === problem.toLowerCase();
  if (!problems.some(isIt))
    throw usage(`there is no problem ${problem}: ${problems.map(({ id, label }) => `${label} (${id})`).join(", ")}`);
}

async function submissionId(api: ApiClient, given: string): Promise<NonNullable<Selection["submission"]>> {
  const whole = parseHash(given);
  if (whole !== undefined) return whole;
  const { submissions } = (await api.request({ type: "submissions", of: null, countMax: 10_000 })) as {
    readonly submissions: readonly { readonly submission: NonNullable<Selection["submission"]> }[];
  };
  return byPrefix(submissions, (each) => each.submission, given, "submission").submission;
}

function usage(message: string): CommandError {
  return new CommandError("DIKAST_USAGE", message, EXIT_USAGE);
}

async function rejudgingsOf(api: ApiClient): Promise<readonly RejudgingView[]> {
  return (checked(await api.request({ type: "rejudgings" })) as Extract<LifeReply, { readonly type: "rejudgings" }>)
    .rejudgings;
}

async function previewOf(api: ApiClient, rejudging: string): Promise<RejudgingPreview> {
  const id = parseHash(rejudging);
  if (id === undefined) throw usage(`${rejudging} is no id`);
  return (
    checked(await api.request({ type: "rejudging", rejudging: id })) as Extract<
      LifeReply,
      { readonly type: "rejudging" }
    >
  ).rejudging;
}

function rowOf({ id, at, status, judged, submissions, changed, reason }: RejudgingView): string[] {
  const time = new Date(at).toLocaleTimeString();
  return [id.slice(0, 8), time, status, `${judged}/${submissions} judged`, `${changed} change`, printable(reason)];
}

function show(preview: RejudgingPreview, options: SharedOptions): void {
  if (options.json === true) {
    printJson({ type: "rejudging", rejudging: preview });
    return;
  }
  const { id, status, judged, submissions, changes, failed, rows } = preview;
  print(
    `rejudging ${id.slice(0, 8)}: ${status}, ${judged} of ${submissions} judged, ${counted(changes.length, "verdict changes", "verdicts change")}`,
  );
  if (changes.length > 0) {
    print(
      table(
        changes.map((each) => [
          `  ${each.submission.slice(0, 8)}`,
          printable(each.displayName),
          each.problem,
          each.language,
          `${verdictText(each.before)} → ${verdictText(each.after)}`,
        ]),
      ),
    );
  }
  if (failed.length > 0) print(`  ${failed.length} could not be judged again; their verdicts stay`);
  if (rows.length === 0) print("the board does not change");
  else {
    print("the board changes:");
    print(
      table(
        rows.map(({ displayName, before, after }) => [
          `  ${printable(displayName)}`,
          `${standing(before)} → ${standing(after)}`,
        ]),
      ),
    );
  }
}

function standing(of: RejudgingPreview["rows"][number]["before"]): string {
  if (of === null) return "not ranked";
  const { rank, solved, penaltyMinutes, pointsMicros } = of;
  return `rank ${rank}: ${pointsMicros > 0 ? `${pointsMicros / 1_000_000} points` : `${solved} solved, ${penaltyMinutes} min`}`;
}
