/** A submission in words: where it is, and what came out. */
import { setTimeout as delay } from "node:timers/promises";
import type { SubmissionView } from "../../sessions/index.ts";
import type { ApiClient, NodeInfo } from "../../src/api/index.ts";
import { checked } from "./api.ts";
import { formatMemory, formatMs, formatPoints } from "./figures.ts";
import { counted, printable, verdictText } from "./output.ts";

/** Tests and compiler output come from an evaluator, a moment after the log has the verdict; it may have gone. */
const DETAIL_PATIENCE_MS = 2_000;
const DETAIL_AGAIN_MS = 50;

/** The same submission with what an evaluator told its submitter, if that comes within two seconds. */
export async function withDetail(api: ApiClient, view: SubmissionView): Promise<SubmissionView> {
  let latest = view;
  if (view.phase !== "settled") return view;
  const until = performance.now() + DETAIL_PATIENCE_MS;
  while (latest.compileLog === null && performance.now() < until) {
    await delay(DETAIL_AGAIN_MS);
    const request = { type: "submission", submission: view.submission } as const;
    latest = (checked(await api.request(request)) as { readonly submission: SubmissionView }).submission;
  }
  return latest.compileLog === null ? view : latest;
}

/** The highest time of its tests, as words; nothing where nothing ran. */
export function timeText({ verdict, costMax }: SubmissionView, { judge }: NodeInfo): string {
  return verdict === null || verdict === "CE" || costMax === null ? "" : formatMs(costMax / judge.costPerVirtualMs);
}

/** As the board counts it; nothing where the contest gives no points. */
export function pointsText({ problem, verdict, scoreMicros }: SubmissionView, { points }: NodeInfo): string {
  const worth = points?.find(({ id }) => id === problem);
  if (worth === undefined || verdict === null || verdict === "CE" || scoreMicros === null) return "";
  const { fullScoreMicros, pointsMicros } = worth;
  return formatPoints(fullScoreMicros === null ? scoreMicros : (pointsMicros / fullScoreMicros) * scoreMicros);
}

export function phaseText(view: SubmissionView): string {
  switch (view.phase) {
    case "queued":
      return view.refusal === null
        ? "waits to be received"
        : `waits to be received (refused: ${printable(view.refusal)})`;
    case "accepted":
      return view.practice ? "received as practice: the contest is over, it does not count" : "received";
    case "assigned":
      return `given to cluster ${view.cluster ?? "?"}${view.attempt > 1 ? `, attempt ${view.attempt}` : ""}`;
    case "settled":
      return "settled";
    case "dead-letter":
      return "could not be judged; the organizer is told";
  }
}

/** What came out: verdict and who signed it, the first test that failed, points, time and memory, the compiler's words. */
export function verdictLines(view: SubmissionView, info: NodeInfo): readonly string[] {
  const signed =
    view.voters.length === 0
      ? "nobody could judge it: it counts for nothing unless the organizer has it judged again"
      : `signed by ${counted(view.voters.length, "evaluator")} of cluster ${view.cluster ?? "?"}`;
  const lines = [`${verdictText(view.verdict ?? "JE")}  ${signed}`];
  const failed = view.tests?.find(({ verdict }) => verdict !== "AC");
  if (failed !== undefined) lines.push(`first failed test: ${printable(failed.id)} (${failed.verdict})`);
  const points = pointsText(view, info);
  if (points !== "") lines.push(`points: ${points}`);
  const time = timeText(view, info);
  if (time !== "") lines.push(`at most ${time}, ${formatMemory(view.memoryBytesMax ?? 0)} in a test`);
  if (view.verdict === "CE" && view.compileLog !== null) lines.push("", printable(view.compileLog).trimEnd());
  return lines;
}
