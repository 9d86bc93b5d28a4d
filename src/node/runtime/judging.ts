/** Between the machine's evaluation requests and a sandbox. */
import { type JudgeResult, isLanguage } from "../../model/index.ts";
import type { Sandbox } from "../../../sandbox/index.ts";
import type { Judge } from "../driver/index.ts";
import type { ProblemLibrary } from "./problem-library.ts";

/** How long an evaluation waits for a problem's files; the task moves on to others after it (protocol.md §6.8). */
const PROBLEM_WAIT_MS = 30_000;

/** What the library calls a revision of a problem's test data; 0 is the manifest's. `@` is in no short name. */
export function revisionName(problem: string, revision: number): string {
  return revision === 0 ? problem : `${problem}@${revision}`;
}

export function judgeWith(sandbox: () => Promise<Sandbox>, library: ProblemLibrary): Judge {
  return async (request, { signal, onProgress }) => {
    if (!isLanguage(request.language)) return { type: "abstained", reason: `unknown language ${request.language}` };
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(PROBLEM_WAIT_MS)]);
    const { problem, directory, release } = await library.use(revisionName(request.problem, request.revision), waiting);
    let result: JudgeResult;
    try {
      result = await (await sandbox()).judge(
        {
          language: request.language,
          sources: request.files.map(({ filename, source }) => ({ name: filename, bytes: source })),
          problem,
          packageDirectory: directory,
          tests: "all",
        },
        { signal, onProgress: ({ done, total }) => onProgress(done, total) },
      );
    } finally {
      release();
    }
    // A judge error is this machine's or the package's, never the contestant's.
    if (result.verdict === "JE")
      return { type: "abstained", reason: result.compileLog || "the judge could not decide" };
    return { type: "judged", result };
  };
}
