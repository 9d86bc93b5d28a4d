/** How all submissions of a contest lie in one archive. */
import type { Hash, NodeId } from "../../model/index.ts";
import { csv } from "./csv.ts";

export interface ExportedSubmission {
  readonly id: Hash;
  readonly submitter: NodeId;
  readonly displayName: string;
  /** The problem's label: `A`. */
  readonly label: string;
  readonly problem: string;
  readonly language: string;
  /** As the submitter named it. */
  readonly filename: string;
  /** Minutes from the contest's start to the receipt. */
  readonly minutes: number;
  /** Undefined while it is not settled. */
  readonly verdict: string | undefined;
}

export interface SubmissionPlace {
  readonly submission: ExportedSubmission;
  /** `A/team-x/0123m-AC-1a2b3c4d-main.cpp`: unique, and a file name on every system. */
  readonly path: string;
}

const NAME_CHARACTERS_MAX = 40;

/** By problem, team and time; equal submissions give equal paths, in whatever order they come. */
export function submissionPlaces(submissions: readonly ExportedSubmission[]): readonly SubmissionPlace[] {
  const places = submissions.map((submission) => ({ submission, path: pathOf(submission) }));
  return places.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** `submissions.csv`, to lie beside them. */
export function submissionsCsv(places: readonly SubmissionPlace[]): string {
  const head = ["path", "id", "team", "team id", "problem", "language", "minute", "verdict"];
  const rows = places.map(({ path, submission }) => {
    const { id, displayName, submitter, problem, language, minutes, verdict } = submission;
    return [path, id, displayName, submitter, problem, language, minutes, verdict ?? "pending"];
  });
  return csv([head, ...rows]);
}

function pathOf({ id, submitter, displayName, label, minutes, verdict, filename }: ExportedSubmission): string {
  // The end of the id tells apart teams of one name.
  const team = `${plain(displayName, "team")}-${submitter.slice(-6)}`;
  const time = `${String(Math.max(0, Math.floor(minutes))).padStart(4, "0")}m`;
  // Teams of one file name and minute differ by the submission's id.
  return `${plain(label, "problem")}/${team}/${time}-${plain(verdict ?? "pending", "pending")}-${id.slice(0, 8)}-${plain(filename, "source")}`;
}

/** Letters of ASCII, digits, `-`, `_`, `.`; no device name, no dot at either end. */
function plain(text: string, otherwise: string): string {
  const ascii = text
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "_")
    .replaceAll(/^[._-]+|[._-]+$/g, "")
    .replaceAll(/\.{2,}/g, ".");
  const cut = ascii.length <= NAME_CHARACTERS_MAX ? ascii : ascii.slice(-NAME_CHARACTERS_MAX).replace(/^[._-]+/, "");
  const name = cut === "" ? otherwise : cut;
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name) ? `${name.slice(0, 3)}_${name.slice(3)}` : name;
}
