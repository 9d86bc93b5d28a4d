/** `dikast export`: the standings in the formats of others. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { type Command, Option } from "commander";
import type { Board } from "../../src/contest/index.ts";
import {
  type ExportedStandings,
  standingsCsv,
  standingsHtml,
  standingsJson,
  standingsTsv,
} from "../../src/contest/export/index.ts";
import type { Status } from "../../sessions/index.ts";
import { checked, withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { CommandError, printJson } from "../support/output.ts";

const FORMATS = { tsv: standingsTsv, csv: standingsCsv, json: standingsJson, html: standingsHtml } as const;
type Format = keyof typeof FORMATS;
const NAMES = Object.keys(FORMATS) as Format[];

interface ExportOptions extends SharedOptions {
  readonly format?: Format;
  readonly out?: string;
}

export function registerExport(program: Command): void {
  withSharedOptions(program.command("export"))
    .description(
      "write the standings, as this node's committed log has them, for spreadsheets, other tools or a web page",
    )
    .addOption(
      new Option("-f, --format <format>", "the format (default: by the ending of --out, else tsv)").choices(NAMES),
    )
    .option("-o, --out <file>", "the file, which is replaced (default: standard output)")
    .addHelpText(
      "after",
      `
  tsv   as the ICPC's tools read it (scoreboard.tsv)
  csv   for spreadsheets; names cannot become formulas
  json  names as in the CLICS Contest API's scoreboard
  html  one page without scripts, to be put anywhere

Examples:
  dikast export --out standings.html
  dikast export --format csv > standings.csv
`,
    )
    .action(async (options: ExportOptions) => {
      const format = formatOf(options);
      const text = FORMATS[format](await standings(options));
      if (options.out === undefined) process.stdout.write(text);
      else {
        await writeFile(options.out, text);
        if (options.json === true) printJson({ type: "exported", format, file: options.out });
      }
    });
}

function formatOf({ format, out }: ExportOptions): Format {
  if (format !== undefined) return format;
  if (out === undefined) return "tsv";
  const ending = path.extname(out).slice(1).toLowerCase();
  const found = NAMES.find((name) => name === ending || (name === "html" && ending === "htm"));
  if (found !== undefined) return found;
  throw new CommandError(
    "DIKAST_USAGE",
    `the ending of "${out}" names no format; choose one with --format: ${NAMES.join(", ")}`,
    2,
  );
}

async function standings(options: ExportOptions): Promise<ExportedStandings> {
  return await withApi(options, async (api) => {
    const { board } = checked(await api.request({ type: "board" })) as { readonly board: Board | null };
    if (board === null) throw new CommandError("DIKAST_NO_BOARD", "the contest has no board yet");
    const { status } = checked(await api.request({ type: "status" })) as { readonly status: Status };
    return { contestName: status.name ?? "Contest", board };
  });
}
