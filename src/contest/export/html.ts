/** Standings as one HTML page without scripts, links or anything from elsewhere. */
import { counted } from "../../model/index.ts";
import type { BoardCell } from "../board.ts";
import { type ExportedStandings, formatPoints, oneLine, triesOf } from "./model.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return oneLine(text).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { border-bottom: 1px solid #8885; padding: .35rem .5rem; text-align: center; white-space: nowrap; }
th[scope=row], .name { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.solved { background: #1a7f3733; font-weight: 600; }
.first { background: #1a7f3788; font-weight: 700; }
.tried { background: #cf222e33; }
.pending { background: #9a670033; }
@media print { body { margin: 0; max-width: none; } }`;

export function standingsHtml({ contestName, board }: ExportedStandings): string {
  const icpc = board.rules === "icpc";
  const problems = board.problems.map(
    ({ label, name }) => `<th scope="col"><abbr title="${escapeHtml(name)}">${escapeHtml(label)}</abbr></th>`,
  );
  const score = icpc ? '<th scope="col">Solved</th><th scope="col">Penalty</th>' : '<th scope="col">Points</th>';
  const rows = board.rows.map((row) => {
    const figures = icpc
      ? `<td>${row.solved}</td><td>${row.penaltyMinutes}</td>`
      : `<td>${formatPoints(row.pointsMicros)}</td>`;
    const cells = row.cells.map((cell) => cellHtml(cell, icpc));
    return `<tr><td>${row.rank}</td><th scope="row" title="${escapeHtml(row.team)}">${escapeHtml(row.displayName)}</th>${figures}${cells.join("")}</tr>`;
  });
  const state = board.frozen
    ? "The board is frozen: results of the last minutes are not shown."
    : counted(board.rows.length, "team");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(contestName)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escapeHtml(contestName)}</h1>
<table>
<caption>${state}</caption>
<thead><tr><th scope="col">Rank</th><th scope="col" class="name">Team</th>${score}${problems.join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</body>
</html>
`;
}

/** Says in words what the colour says, too. */
function cellHtml(cell: BoardCell, icpc: boolean): string {
  const tries = triesOf(cell);
  if (tries === 0) return "<td></td>";
  if (!icpc) {
    const kind = cell.solved ? "solved" : cell.pending > 0 ? "pending" : "tried";
    return `<td class="${kind}">${formatPoints(cell.pointsMicros)}${cell.pending > 0 ? " ?" : ""}</td>`;
  }
  if (cell.solved) {
    const wrong = cell.attempts - 1;
    const title = cell.first ? ' title="first to solve"' : "";
    return `<td class="${cell.first ? "first" : "solved"}"${title}>+${wrong > 0 ? wrong : ""} (${cell.minutes ?? 0})${cell.first ? " ★" : ""}</td>`;
  }
  if (cell.pending > 0)
    return `<td class="pending" title="${cell.pending} not judged or not shown">${cell.attempts} + ${cell.pending} ?</td>`;
  return `<td class="tried">−${cell.attempts}</td>`;
}
