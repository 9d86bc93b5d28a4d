/** `dikast submissions`: what became of one's own submissions. */
import type { Command } from "commander";
import type { SubmissionView } from "../../sessions/index.ts";
import type { NodeInfo } from "../../src/api/index.ts";
import type { ProblemView } from "../../src/node/runtime/index.ts";
import { checked, withApi } from "../support/api.ts";
import { formatMs } from "../support/figures.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { byPrefix } from "../support/orders.ts";
import { print, printJson, table, verdictText } from "../support/output.ts";
import { phaseText, pointsText, timeText, verdictLines } from "../support/submissions.ts";

const SHOWN_MAX = 10_000;

export function registerSubmissions(program: Command): void {
  withSharedOptions(program.command("submissions"))
    .description("what became of what you have submitted")
    .argument("[submission]", "one of them, by the beginning of its id: also tests and compiler output")
    .addHelpText(
      "after",
      `
Tests and compiler output are told by an evaluator and kept by the running node for its last 1,000 submissions.

Examples:
  dikast submissions
  dikast submissions 3fa2
`,
    )
    .action(async (prefix: string | undefined, options: SharedOptions) => {
      await withApi(options, async (api) => {
        const info = (await api.request({ type: "node" })) as NodeInfo;
        const asked = checked(await api.request({ type: "submissions", of: info.node, countMax: SHOWN_MAX }));
        const all = (asked as { readonly submissions: readonly SubmissionView[] }).submissions.toReversed();
        const shown =
          prefix === undefined ? all : [byPrefix(all, ({ submission }) => submission, prefix, "submission")];
        if (options.json === true) {
          for (const submission of shown) printJson({ type: "submission", submission });
          return;
        }
        const { problems } = (await api.request({ type: "problems" })) as { readonly problems: readonly ProblemView[] };
        const labels = new Map(problems.map(({ id, label }) => [id, label]));
        const [one] = shown;
        if (prefix !== undefined && one !== undefined) print(wholeOf(one, labels, info));
        else print(all.length === 0 ? "nothing submitted yet" : table(all.map((each) => rowOf(each, labels, info))));
      });
    });
}

type Labels = ReadonlyMap<string, string>;

function rowOf(view: SubmissionView, labels: Labels, info: NodeInfo): string[] {
  const { submission, problem, language } = view;
  const label = labels.get(problem) ?? "";
  const figures = [pointsText(view, info), timeText(view, info)];
  return [submission.slice(0, 8), timeOf(view), label, problem, language, outcomeOf(view), ...figures];
}

function outcomeOf(view: SubmissionView): string {
  const outcome = view.verdict === null ? phaseText(view) : verdictText(view.verdict);
  const notes = [view.practice && view.verdict !== null ? "practice" : "", view.rejudging ? "judged again" : ""];
  const noted = notes.filter((note) => note !== "").join(", ");
  return noted === "" ? outcome : `${outcome} (${noted})`;
}

function wholeOf(view: SubmissionView, labels: Labels, info: NodeInfo): string {
  const { submission, problem, language, tests } = view;
  const lines = [submission, `${labels.get(problem) ?? ""} ${problem}, ${language}, ${timeOf(view)}`];
  lines.push(...(view.verdict === null ? [phaseText(view)] : verdictLines(view, info)));
  if (tests !== null && tests.length > 0) {
    const rows = tests.map(({ id, verdict, cost }) => [
      id,
      verdictText(verdict),
      formatMs(cost / info.judge.costPerVirtualMs),
    ]);
    lines.push("", table(rows, [2]));
  }
  return lines.join("\n");
}

function timeOf({ receivedAt, sentAt }: SubmissionView): string {
  const at = receivedAt ?? sentAt;
  return at === null ? "" : new Date(at).toLocaleTimeString();
}
