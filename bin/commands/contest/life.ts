/** `dikast contest extend | pause | resume | freeze | unfreeze | disqualify | finalize | state`: the organizer's orders. */
import type { Command } from "commander";
import type { LifeReply, LifeView, PeerView } from "../../../sessions/index.ts";
import { ask, withApi } from "../../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../../support/options.ts";
import { byPrefix, giveOrder, parseDuration } from "../../support/orders.ts";
import { counted, print, printable, printJson, shortId, styled, table } from "../../support/output.ts";

export function registerLife(contest: Command): void {
  withSharedOptions(contest.command("state"))
    .description("where the contest stands, and what keeps it from being final")
    .action(async (options: SharedOptions) => {
      const { life } = await ask<Extract<LifeReply, { readonly type: "life" }>>(options, { type: "life" });
      if (options.json === true) printJson({ type: "life", life });
      else print(stateText(life));
    });
  withSharedOptions(contest.command("extend"))
    .description("move the end: 10m later, -5m sooner; also opens a contest again that has just ended")
    .argument("<duration>", "10m, 90s, 1h30m, -5m")
    // `-5m` is no option.
    .allowUnknownOption()
    .action(async (text: string, options: SharedOptions) => {
      await giveOrder(options, { type: "extend", byMs: parseDuration(text) }, `the end moves by ${text}`);
    });
  withSharedOptions(contest.command("pause"))
    .description("stop the contest's clock: no submissions until it goes on, the end moves along")
    .option("--reason <text>", "what everybody is told", "")
    .action(async (options: SharedOptions & { readonly reason: string }) => {
      await giveOrder(options, { type: "pause", reason: options.reason }, "the contest is paused");
    });
  simple(contest, "resume", "let a paused contest go on", "the contest goes on");
  simple(contest, "freeze", "freeze the public board from now on", "the board is frozen");
  simple(
    contest,
    "unfreeze",
    "show the whole board; after the end, or after a freeze by order",
    "the board shows everything",
  );
  withSharedOptions(contest.command("disqualify"))
    .description("take a participant off the board and refuse its submissions")
    .argument("<participant>", "its name on the board, or the beginning or end of its id")
    .option("--reason <text>", "for the log", "")
    .option("--undo", "take it back")
    .action(async (named: string, options: SharedOptions & { readonly reason: string; readonly undo?: true }) => {
      const { node, displayName } = await participant(options, named);
      const out = options.undo !== true;
      const done = `${printable(displayName)} is ${out ? "disqualified" : "ranked again"}`;
      await giveOrder(options, { type: "disqualify", node, out, reason: options.reason }, done);
    });
  withSharedOptions(contest.command("finalize"))
    .description("declare the results final: refused while anything is unjudged or unanswered; signs the board")
    .action(async (options: SharedOptions) => {
      await giveOrder(options, { type: "finalize" }, "the results are final; dikast export --archive FILE keeps them");
      if (options.json === true) return;
      const { life } = await ask<Extract<LifeReply, { readonly type: "life" }>>(options, { type: "life" });
      if (life.frozenFrom !== null) print("participants still see the frozen board: dikast contest unfreeze shows it");
    });
}

function simple(contest: Command, type: "resume" | "freeze" | "unfreeze", what: string, done: string): void {
  withSharedOptions(contest.command(type))
    .description(what)
    .action(async (options: SharedOptions) => {
      await giveOrder(options, { type }, done);
    });
}

async function participant(
  options: SharedOptions,
  named: string,
): Promise<{ node: PeerView["peer"]; displayName: string }> {
  return await withApi(options, async (api) => {
    const { peers } = (await api.request({ type: "peers" })) as { readonly peers: readonly PeerView[] };
    const members = peers.filter(({ role }) => role === "participant");
    const exact = members.filter(({ displayName, peer }) => displayName === named || peer.endsWith(named));
    const found = exact.length === 1 ? exact[0] : undefined;
    const { peer, displayName } = found ?? byPrefix(members, (member) => member.peer, named, "participant");
    return { node: peer, displayName };
  });
}

function stateText(life: LifeView): string {
  const { unfinished } = life;
  const phase =
    life.finalized !== null ? "final" : life.over ? "over" : life.paused ? styled("yellow", "paused") : "running";
  const rows: string[][] = [
    ["contest", `${phase}${life.pausedFor === "" ? "" : `: ${printable(life.pausedFor)}`}`],
    ["start", clock(life.startsAt)],
    ["end", life.endsAt === null ? "moves along while it is paused" : clock(life.endsAt)],
    ["board", life.frozenFrom === null ? "open" : `frozen since ${clock(life.frozenFrom)}`],
    ["unjudged", `${unfinished.unjudged}`],
    ["dead letters", `${life.deadLetters.length}`],
    ["rejudgings", `${unfinished.rejudgings} open, ${counted(life.waiting, "submission waits", "submissions wait")}`],
    ["disputes", `${unfinished.disputes} open`],
    ["questions", `${unfinished.unanswered} of ${life.questions} unanswered`],
    ["notices", `${life.notices}`],
  ];
  for (const { node, displayName, reason } of life.disqualified) {
    rows.push([
      "disqualified",
      `${printable(displayName)} (${shortId(node)})${reason === "" ? "" : `: ${printable(reason)}`}`,
    ]);
  }
  if (life.finalized !== null) rows.push(["finalized", `${clock(life.finalized.at)} by ${shortId(life.finalized.by)}`]);
  if (life.mayOrder)
    rows.push(["sources", life.uncollected === 0 ? "all here" : `${life.uncollected} still to be fetched`]);
  return table(rows);
}

function clock(at: number): string {
  return new Date(at).toLocaleString();
}
