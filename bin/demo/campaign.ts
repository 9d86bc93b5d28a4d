/** `demo --once`: hands in every example submission, waits for the verdicts and compares them with what their folders say. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { SubmissionView } from "../../sessions/index.ts";
import { ApiError } from "../../src/api/index.ts";
import { COMPANIONS_MAX, type Hash, type Language, type Verdict } from "../../src/model/index.ts";
import type { Contest, Expectation } from "../../src/packages/index.ts";
import { checked } from "../support/api.ts";
import type { NodeProcess } from "./node-process.ts";

export interface Attempt {
  readonly label: string;
  readonly problem: string;
  /** `accepted/sum.cpp`, relative to the package's `submissions/`. */
  readonly path: string;
  readonly language: Language;
  /** The main one first. */
  readonly files: readonly string[];
  readonly expectation: Expectation;
}

export interface AttemptResult {
  readonly attempt: Attempt;
  readonly by: string;
  readonly verdict: Verdict | undefined;
  readonly asExpected: boolean;
  /** From handing in to the verdict at the submitter; undefined without one, or when a node died meanwhile. */
  readonly tookMs: number | undefined;
  readonly voters: number;
  readonly remark: string;
}

/** Longer than any judging of one submission; then the campaign goes on without it. */
const VERDICT_MS_MAX = 240_000;
const RETRY_MS = 200;

/** What can be handed in, and what was left out with the reason. */
export function attemptsOf(
  contest: Contest,
  languages: readonly string[],
): {
  readonly attempts: readonly Attempt[];
  readonly leftOut: readonly { readonly submission: string; readonly reason: string }[];
} {
  const attempts: Attempt[] = [];
  const leftOut: { readonly submission: string; readonly reason: string }[] = [];
  for (const problem of contest.problems) {
    for (const { path: name, files, language, expectation } of problem.package.submissions) {
      const leave = (reason: string): void => void leftOut.push({ submission: `${problem.id}/${name}`, reason });
      const [file] = files;
      if (language === undefined || file === undefined) leave(`no language that dikast knows`);
      else if (!languages.includes(language)) leave(`the sandbox here has no ${language}`);
      else if (files.length > COMPANIONS_MAX + 1) leave(`more than ${COMPANIONS_MAX + 1} files`);
      else if (expectation === undefined) leave(`nothing says what it should get`);
      else {
        attempts.push({
          label: problem.label,
          problem: problem.id,
          path: name,
          language,
          files: files.map((each) => path.join(problem.package.directory, each)),
          expectation,
        });
      }
    }
  }
  return { attempts, leftOut };
}

/** Hands in through the participants in turn, `concurrency` at a time. */
export async function runCampaign(
  attempts: readonly Attempt[],
  participants: readonly NodeProcess[],
  concurrency: number,
  onResult: (result: AttemptResult) => void,
): Promise<readonly AttemptResult[]> {
  const results: AttemptResult[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = (next += 1) - 1; index < attempts.length; index = (next += 1) - 1) {
      const node = participants[index % participants.length] as NodeProcess;
      const result = await judged(attempts[index] as Attempt, node);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, attempts.length) }, worker));
  return results;
}

async function judged(attempt: Attempt, node: NodeProcess): Promise<AttemptResult> {
  const files = await Promise.all(
    attempt.files.map(async (file) => ({
      filename: path.basename(file),
      source: (await readFile(file)).toString("base64"),
    })),
  );
  const startedMs = performance.now();
  const endMs = startedMs + VERDICT_MS_MAX;
  let submission: Hash | undefined;
  let restarts = 0;
  let remark = "";
  while (performance.now() < endMs) {
    try {
      submission ??= await handIn(attempt, node, files);
      const view = await settled(node, submission, endMs);
      if (view === undefined) break;
      const asExpected = meets(view, attempt.expectation);
      const tookMs = restarts === 0 ? performance.now() - startedMs : undefined;
      const verdict = view.verdict ?? undefined;
      return { attempt, by: node.name, verdict, asExpected, tookMs, voters: view.voters.length, remark };
    } catch (error) {
      const { code } = error as { code?: string };
      if (error instanceof ApiError) {
        // The node's process died: it is being restarted and has the submission in its store, unless it never got it.
        restarts += 1;
        remark = "its node died and came back";
      } else if (code === "DIKAST_UNKNOWN_SUBMISSION") submission = undefined;
      else if (!RETRIED.has(code ?? "")) {
        return {
          attempt,
          by: node.name,
          verdict: undefined,
          asExpected: false,
          tookMs: undefined,
          voters: 0,
          remark: (error as Error).message,
        };
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  return {
    attempt,
    by: node.name,
    verdict: undefined,
    asExpected: false,
    tookMs: undefined,
    voters: 0,
    remark: "no verdict",
  };
}

/** A node that has just been restarted knows the contest only after a moment. */
const RETRIED: ReadonlySet<string> = new Set(["DIKAST_DEMO_CHILD", "DIKAST_NOT_JOINED", "DIKAST_NOT_STARTED"]);

async function handIn(
  { problem, language }: Attempt,
  node: NodeProcess,
  [main, ...companions]: readonly { readonly filename: string; readonly source: string }[],
): Promise<Hash> {
  if (main === undefined) throw new RangeError("no files");
  const reply = checked(await node.request({ type: "submit", problem, language, ...main, companions }));
  return (reply as { readonly submission: Hash }).submission;
}

async function settled(node: NodeProcess, submission: Hash, endMs: number): Promise<SubmissionView | undefined> {
  let last: SubmissionView | undefined;
  for await (const body of node.stream({ type: "watch", submission })) {
    last = (checked(body) as { readonly submission: SubmissionView }).submission;
    if (performance.now() > endMs) return undefined;
  }
  return last;
}

/** Whether the verdict, and the score where the folder says something about it, are as they should be. */
function meets(view: SubmissionView, expectation: Expectation): boolean {
  if (view.verdict === null || !expectation.verdicts.includes(view.verdict)) return false;
  const { scoreMicros: range } = expectation;
  if (range === undefined || view.scoreMicros === null) return true;
  return view.scoreMicros >= range.min && view.scoreMicros <= range.max;
}
