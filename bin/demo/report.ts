/** What `demo --once` finds: the table, the boards of all nodes side by side, the summary line. */
import type { Board } from "../../src/contest/index.ts";
import { styled, table, verdictText } from "../support/output.ts";
import type { AttemptResult } from "./campaign.ts";
import type { NodeProcess } from "./node-process.ts";
import type { NarratorCounts } from "./narrator.ts";

export interface Summary {
  readonly type: "summary";
  readonly submissions: number;
  readonly asExpected: number;
  readonly unexpected: number;
  readonly boardsEqual: boolean;
  readonly sessions: number;
  readonly clusters: number;
  readonly elections: number;
  /** Whole milliseconds; null without any verdict. */
  readonly verdictMsP50: number | null;
  readonly verdictMsP95: number | null;
}

export function resultLine({
  attempt,
  by,
  verdict,
  asExpected,
  tookMs,
  voters,
  remark,
}: AttemptResult): readonly string[] {
  return [
    asExpected ? styled("green", "ok") : styled(["red", "bold"], "NOT AS EXPECTED"),
    `${attempt.label} ${attempt.problem}`,
    attempt.path,
    attempt.expectation.verdicts.join("/"),
    verdict === undefined ? "-" : verdictText(verdict),
    tookMs === undefined ? "-" : `${(tookMs / 1000).toFixed(2)} s`,
    `${voters}`,
    by,
    remark,
  ];
}

export function resultTable(results: readonly AttemptResult[]): string {
  const header = ["", "problem", "submission", "expected", "verdict", "took", "signed", "submitted by", ""];
  const sorted = results.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return table([header.map((text) => styled("bold", text)), ...sorted.map(resultLine)], [5, 6]);
}

function orderOf({ attempt }: AttemptResult): string {
  return `${attempt.label.padStart(3)} ${attempt.path}`;
}

/** The smallest value that `share` of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] as number);
}

export function summaryOf(results: readonly AttemptResult[], boardsEqual: boolean, counts: NarratorCounts): Summary {
  const took = results.flatMap(({ tookMs }) => (tookMs === undefined ? [] : [tookMs]));
  const asExpected = results.filter((result) => result.asExpected).length;
  return {
    type: "summary",
    submissions: results.length,
    asExpected,
    unexpected: results.length - asExpected,
    boardsEqual,
    ...counts,
    verdictMsP50: percentile(took, 0.5),
    verdictMsP95: percentile(took, 0.95),
  };
}

const BOARDS_MS_MAX = 30_000;

/** The boards of all living nodes, once they are equal or the time is over. */
export async function compareBoards(
  nodes: readonly NodeProcess[],
): Promise<{ readonly equal: boolean; readonly board: Board | null; readonly different: readonly string[] }> {
  const endMs = Date.now() + BOARDS_MS_MAX;
  for (;;) {
    const boards = await Promise.all(
      nodes.map(async (node) => {
        const reply = (await node.request({ type: "board" }).catch(() => undefined)) as
          | { board?: Board | null }
          | undefined;
        return { name: node.name, board: reply?.board ?? null };
      }),
    );
    const texts = boards.map(({ board }) => JSON.stringify(board));
    const common = texts.toSorted((a, b) => countOf(texts, b) - countOf(texts, a))[0];
    const different = boards.filter((_, index) => texts[index] !== common).map(({ name }) => name);
    const board = boards.find((_, index) => texts[index] === common)?.board ?? null;
    if ((different.length === 0 && board !== null) || Date.now() > endMs) {
      return { equal: different.length === 0 && board !== null, board, different };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function countOf(texts: readonly string[], text: string): number {
  return texts.filter((each) => each === text).length;
}
