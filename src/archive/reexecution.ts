/** Executing verdicts again (protocol.md §10): the same sandbox profile gives the same digest, or somebody lied. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Sandbox } from "../../sandbox/index.ts";
import type { Problem } from "../model/index.ts";
import { PROBLEM_FILE } from "../node/packing/index.ts";
import type { KeptSubmission } from "./audit.ts";

export interface Reexecuted {
  readonly kept: KeptSubmission;
  /** What the certificate says, and what came out; equal when the verdict holds. */
  readonly certified: string;
  readonly found: string;
  readonly holds: boolean;
}

/** `verdict digest`, and the figures that the digest stands for. @throws SandboxError, or the signal's reason. */
export async function* reexecute(
  sandbox: Sandbox,
  kept: readonly KeptSubmission[],
  signal?: AbortSignal,
): AsyncGenerator<Reexecuted> {
  for (const each of kept) {
    const { statement, language } = each.submission;
    if (statement === null) continue;
    const text = await readFile(path.join(each.directory, ...PROBLEM_FILE.split("/")), "utf8");
    const sources = await Promise.all(
      each.files.map(async ({ name, file }) => ({ name, bytes: new Uint8Array(await readFile(file)) })),
    );
    const result = await sandbox.judge(
      {
        language,
        sources,
        problem: JSON.parse(text) as Problem,
        packageDirectory: each.directory,
        tests: "all",
      },
      signal === undefined ? {} : { signal },
    );
    const certified = `${statement.verdict} ${statement.scoreMicros} ${statement.digest}`;
    const found = `${result.verdict} ${result.scoreMicros} ${result.digest}`;
    yield { kept: each, certified, found, holds: certified === found };
  }
}
