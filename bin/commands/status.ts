/** `dikast status`: where the contest and the own node are. */
import type { Command } from "commander";
import type { Status } from "../../sessions/index.ts";
import type { NodeInfo } from "../../src/api/index.ts";
import { withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { counted, print, printable, printJson, shortId, styled, table } from "../support/output.ts";

export function registerStatus(program: Command): void {
  withSharedOptions(program.command("status"))
    .description("show where the contest and your node are")
    .addHelpText("after", "\nExample:\n  dikast status --json | jq .status.phase\n")
    .action(async (options: SharedOptions) => {
      const { info, status } = await withApi(options, async (api) => ({
        info: (await api.request({ type: "node" })) as NodeInfo,
        status: ((await api.request({ type: "status" })) as { readonly status: Status }).status,
      }));
      if (options.json === true) printJson({ type: "status", status, node: info });
      else print(statusText(info, status));
    });
}

function statusText(info: NodeInfo, status: Status): string {
  const { cluster, central } = status;
  const rows: string[][] = [
    ["contest", printable(status.name ?? "not known yet")],
    ["phase", `${status.phase}${status.session === null ? "" : `, session ${status.session}`}`],
    ["start", time(status.startsAt)],
    ["end", time(status.endsAt)],
    ["node", `${status.node} (${status.role}, process ${info.pid})`],
    ["registered", `${status.registered}`],
    [
      "cluster",
      cluster === null
        ? "none"
        : `${cluster.index} of ${status.clusters}, led by ${leader(cluster.leader, status)}${cluster.leader !== null && cluster.isElecting ? ", which is silent: electing another one" : ""}`,
    ],
    ["central leader", leader(central?.leader ?? null, status)],
    ["log", counted(status.blocks, "block")],
    [
      "submissions",
      `${status.judged} judged, ${status.pending} pending${status.disputed === 0 ? "" : `, ${counted(status.disputed, "verdict")} disputed`}; own: ${status.outbox} unsettled, ${status.undelivered} undelivered`,
    ],
    [
      "this node",
      `${status.evaluating} evaluations running, ${status.queued} waiting; ${info.problemsOpen} problems open`,
    ],
  ];
  rows.push(["judge profile", profileText(info)], ["clock", clockText(status)]);
  if (info.diskWarning !== null) rows.push(["disk", styled("yellow", printable(info.diskWarning))]);
  if (info.invite !== null) rows.push(["invite", info.invite]);
  return table(rows);
}

/** Whole, so that two machines can be compared. */
function profileText({ judge }: NodeInfo): string {
  const { sandbox, profile, contestProfile } = judge;
  if (contestProfile === null || contestProfile === profile) return `${sandbox} ${profile}`;
  const other = `not the contest's (${contestProfile}): this node evaluates nothing; install the version the organizer uses`;
  return `${sandbox} ${profile}, ${styled("yellow", other)}`;
}

function clockText({ clock }: Status): string {
  const { offsetMs, uncertaintyMs } = clock;
  const how = offsetMs === 0 ? "right" : `corrected by ${offsetMs} ms`;
  return uncertaintyMs === null ? "not compared with others yet" : `${how}, ±${uncertaintyMs} ms`;
}

function time(at: number | null): string {
  return at === null ? "not set" : new Date(at).toLocaleString();
}

function leader(id: Status["node"] | null, status: Status): string {
  if (id === null) return "nobody yet";
  return id === status.node ? "this node" : shortId(id);
}
