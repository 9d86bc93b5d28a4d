/** What a contestant reads of an open problem: statements, limits, samples, attachments. */
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type Constants, constantsInFile } from "../../model/constants.ts";
import type { ProblemLimits } from "../../model/index.ts";
import type { ProblemLibrary, ProblemState } from "./problem-library.ts";

/** A statement, a sample, an image: what is larger is left out. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
const FILES_MAX = 500;
const TOTAL_BYTES_MAX = 32 * 1024 * 1024;
const READ_MS_MAX = 5_000;
/** Everything that contestants may see; the rest of a package is for judges. */
const SHOWN_FILES = ["problem.yaml", "problem.pdf"];
const SHOWN = ["statement", "problem_statement", "attachments", "data/sample"];
/** Where constants stand for their values. */
const STATEMENT = /^(?:problem_)?statement\/[^/]*\.(?:md|tex)$/;

export interface ProblemView {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly state: ProblemState;
  readonly chunksDone: number;
  readonly chunksTotal: number;
  readonly fault: string | null;
}

export interface ProblemText {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly scoring: boolean;
  readonly limits: ProblemLimits;
  /** By path inside the package: `statement/problem.en.md`, `data/sample/1.in`, `attachments/kit.zip`. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

export class StatementError extends Error {
  override readonly name = "StatementError";
  readonly code: string;
  constructor(code: `DIKAST_${string}`, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws StatementError unless the problem is open at this node. */
export async function readProblemText(
  library: ProblemLibrary,
  problems: readonly ProblemView[],
  wanted: string,
): Promise<ProblemText> {
  const view = problems.find(({ id }) => id === wanted);
  if (view === undefined) {
    const names = problems.map(({ label }) => label).join(", ");
    const known = names === "" ? "the contest's problems are not known yet" : `there are ${names}`;
    throw new StatementError("DIKAST_UNKNOWN_PROBLEM", `there is no problem "${wanted}": ${known}`);
  }
  if (view.state !== "open") throw new StatementError("DIKAST_PROBLEM_SEALED", notOpen(view));
  const { problem, directory, release } = await library.use(view.id, AbortSignal.timeout(READ_MS_MAX));
  try {
    const files = await shownFiles(directory, problem.constants);
    return {
      id: view.id,
      label: view.label,
      name: view.name,
      scoring: problem.type === "scoring",
      limits: problem.limits,
      files,
    };
  } finally {
    release();
  }
}

function notOpen({ label, state, chunksDone, chunksTotal, fault }: ProblemView): string {
  switch (state) {
    case "sealed":
      return `problem ${label} is here, sealed; it opens at the start of the contest`;
    case "fetching":
      return `problem ${label} is being fetched (${Math.floor((100 * chunksDone) / Math.max(1, chunksTotal))} %)`;
    case "failed":
      return `problem ${label} is not readable: ${fault ?? "no reason is known"}`;
    case "wanted":
    case "open":
      return `problem ${label} has not been fetched yet: is this node connected? (dikast doctor)`;
  }
}

async function shownFiles(directory: string, constants: Constants | undefined): Promise<ProblemText["files"]> {
  const files: { path: string; bytes: Uint8Array }[] = [];
  let total = 0;
  // With it, the folder that `dikast statement --out` writes is a package that `dikast test` takes.
  for (const name of SHOWN_FILES) {
    const bytes = await readFile(path.join(directory, name)).catch(() => undefined);
    if (bytes !== undefined && bytes.length <= FILE_BYTES_MAX) files.push({ path: name, bytes: new Uint8Array(bytes) });
  }
  for (const folder of SHOWN) {
    const entries = await readdir(path.join(directory, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    for (const name of names.toSorted()) {
      const { size } = await stat(name);
      if (size > FILE_BYTES_MAX || files.length >= FILES_MAX || total + size > TOTAL_BYTES_MAX) continue;
      total += size;
      const relative = path.relative(directory, name).split(path.sep).join("/");
      const bytes = new Uint8Array(await readFile(name));
      files.push({ path: relative, bytes: STATEMENT.test(relative) ? constantsInFile(bytes, constants) : bytes });
    }
  }
  return files;
}
