/**
 * Exports of a finished (or running) contest, as pure functions of a board.
 *
 * ```ts
 * const standings = { contestName: "Spring", board: boardOf(state, null) };
 * standingsCsv(standings); standingsTsv(standings); standingsJson(standings); standingsHtml(standings);
 * ```
 *
 * Names come from contestants: every format escapes what it must, and CSV cells cannot become formulas.
 */
export { csv, csvCell, standingsCsv } from "./csv.ts";
export { escapeHtml, standingsHtml } from "./html.ts";
export { standingsJson } from "./json.ts";
export type { ExportedStandings } from "./model.ts";
export { type ExportedSubmission, type SubmissionPlace, submissionPlaces, submissionsCsv } from "./submissions.ts";
export { standingsTsv } from "./tsv.ts";
