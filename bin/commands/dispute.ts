/** `dikast dispute`: has a jury of other machines run a judged submission again. */
import type { Command } from "commander";
import type { DisputeReply, DisputeView, SubmissionView } from "../../sessions/index.ts";
import type { ApiClient } from "../../src/api/index.ts";
import { checked, withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { byPrefix, deliver } from "../support/orders.ts";
import { print, printable, printJson, shortId, styled, table, verdictText } from "../support/output.ts";

type Disputes = Extract<DisputeReply, { readonly type: "disputes" }>;

export function registerDispute(program: Command): void {
  withSharedOptions(program.command("dispute"))
    .description("hold that a verdict is wrong: a jury of other machines runs the submission again")
    .argument("[submission]", "the beginning of its id; without it: all disputes and what came of them")
    .option("--reason <text>", "for the log", "")
    .addHelpText(
      "after",
      `
Judging is deterministic, so whoever is right can be found out: with the beginning of the next session a jury is drawn
from machines that had nothing to do with the verdict, more of them than had signed it. If it finds something else, its
verdict counts from then on, and everybody who signed the wrong one is excluded from judging and leading; the signatures
in the log are the proof. If it finds the same, you have one dispute less: each participant may lose three.

Machines dispute by themselves when they are outvoted; then the one that was wrong is excluded.

Examples:
  dikast dispute 3fa2 --reason "my output for the sample is right"
  dikast dispute
`,
    )
    .action(async (prefix: string | undefined, options: SharedOptions & { readonly reason: string }) => {
      await withApi(options, async (api) => {
        if (prefix === undefined) show(await disputesOf(api), options);
        else await dispute(api, prefix, options);
      });
    });
}

async function dispute(
  api: ApiClient,
  prefix: string,
  options: SharedOptions & { readonly reason: string },
): Promise<void> {
  const { submissions } = checked(await api.request({ type: "submissions", of: null, countMax: 10_000 })) as {
    readonly submissions: readonly SubmissionView[];
  };
  const { submission } = byPrefix(submissions, (each) => each.submission, prefix, "submission");
  const done = "disputed; `dikast dispute` shows what comes of it";
  await deliver(api, options, { type: "dispute", submission, reason: options.reason }, done);
}

async function disputesOf(api: ApiClient): Promise<Disputes> {
  return checked(await api.request({ type: "disputes" })) as Disputes;
}

function show({ disputes, left }: Disputes, { json }: SharedOptions): void {
  if (json === true) printJson({ type: "disputes", disputes, left });
  else {
    print(disputes.length === 0 ? "no verdict was disputed" : table(disputes.map(rowOf)));
    print(`this node may lose ${left} more`);
  }
}

function rowOf(view: DisputeView): string[] {
  const { submission, displayName, problem, byName, dissenters, before, after, liars } = view;
  const who =
    byName === null ? (dissenters.length > 0 ? `${dissenters.length} outvoted` : "by lot") : printable(byName);
  const verdicts = [before, after === before ? null : after].filter((verdict) => verdict !== null).map(verdictText);
  return [
    submission.slice(0, 8),
    `${printable(displayName)} on ${problem}`,
    `disputed by ${who}`,
    verdicts.join(" → "),
    stateText(view),
    liars.length === 0 ? "" : styled("red", `excluded: ${liars.map(shortId).join(", ")}`),
  ];
}

function stateText({ state, jury, quorum }: DisputeView): string {
  switch (state) {
    case "waiting":
      return "a jury is drawn with the next session";
    case "hearing":
      return quorum === 0 ? "being heard" : `${jury.length} jurors run it again, ${quorum} decide`;
    case "upheld":
      return "the verdict stands";
    case "overturned":
      return styled("bold", "overturned");
    case "undecided":
      return styled("yellow", "no jury came to a result: the organizers may rejudge it");
  }
}
