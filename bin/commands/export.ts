/** `dikast export`: the standings in the formats of others, all submissions, the archive. */
import { existsSync } from "node:fs";
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
import { dataDirectory, type SharedOptions, withSharedOptions } from "../support/options.ts";
import { CommandError, print, printJson } from "../support/output.ts";

const FORMATS = { tsv: standingsTsv, csv: standingsCsv, json: standingsJson, html: standingsHtml } as const;
type Format = keyof typeof FORMATS;
const NAMES = Object.keys(FORMATS) as Format[];

interface ExportOptions extends SharedOptions {
  readonly format?: Format;
  readonly out?: string;
  readonly archive?: string;
  readonly submissions?: string;
  readonly sources: boolean;
  readonly bundles: boolean;
}

export function registerExport(program: Command): void {
  withSharedOptions(program.command("export"))
    .description("write the standings, all submissions, or the whole contest as one file that anyone can audit")
    .addOption(
      new Option("-f, --format <format>", "the format (default: by the ending of --out, else tsv)").choices(NAMES),
    )
    .option("-o, --out <file>", "the file, which is replaced (default: standard output)")
    .option("--submissions <file>", "all submissions as a zip, with submissions.csv")
    .option("--archive <file>", "the whole contest as one file: `dikast audit` verifies it offline")
    .option("--no-sources", "with --archive: without the submissions' sources")
    .option("--no-bundles", "with --archive: without statements and tests")
    .addHelpText(
      "after",
      `
Standings are folded from this node's own committed log. Submissions and the archive with sources need a sage's node
(--data-dir): sages gather every source. It may run, or have been stopped.

  tsv   as the ICPC's tools read it (scoreboard.tsv)
  csv   for spreadsheets; names cannot become formulas
  json  names as in the CLICS Contest API's scoreboard
  html  one page without scripts, to be put anywhere

Examples:
  dikast export --out standings.html
  dikast export --format csv > standings.csv
  dikast export --archive spring.dikast-archive --data-dir ~/sage
  dikast export --submissions spring.zip --data-dir ~/sage
`,
    )
    .action(async (options: ExportOptions) => {
      if (options.archive !== undefined || options.submissions !== undefined) {
        await exportFiles(options);
        if (options.out === undefined && options.format === undefined) return;
      }
      const format = formatOf(options);
      const text = FORMATS[format](await standings(options));
      if (options.out === undefined) process.stdout.write(text);
      else {
        await writeFile(options.out, text);
        if (options.json === true) printJson({ type: "exported", format, file: options.out });
      }
    });
}

async function exportFiles(options: ExportOptions): Promise<void> {
  const { archive, submissions, sources, bundles } = options;
  const wanted = [
    ...(archive === undefined ? [] : [{ file: path.resolve(archive), archive: { sources, bundles } }]),
    ...(submissions === undefined ? [] : [{ file: path.resolve(submissions), archive: null }]),
  ];
  for (const each of wanted) {
    const bytes = await exportFile(options, each);
    if (options.json === true) printJson({ type: "exported", ...each, bytes });
    else print(`${each.file}: ${(bytes / 2 ** 20).toFixed(2)} MiB`);
  }
}

/** By the running node, or from the store of one that was stopped. */
async function exportFile(
  options: ExportOptions,
  wanted: { readonly file: string; readonly archive: { readonly sources: boolean; readonly bundles: boolean } | null },
): Promise<number> {
  try {
    return await withApi(options, async (api) => {
      const { bytes } = checked(await api.request({ type: "export", ...wanted })) as { readonly bytes: number };
      return bytes;
    });
  } catch (error) {
    if ((error as { code?: string }).code !== "DIKAST_NOT_RUNNING") throw error;
    const directory = dataDirectory(options);
    if (!existsSync(path.join(directory, "store"))) throw error;
    return await exportStopped(directory, wanted);
  }
}

async function exportStopped(
  directory: string,
  {
    file,
    archive,
  }: { readonly file: string; readonly archive: { readonly sources: boolean; readonly bundles: boolean } | null },
): Promise<number> {
  const { exportArchive, exportSubmissions } = await import("../../src/archive/index.ts");
  const { BundleFiles } = await import("../../src/node/bundles/index.ts");
  const { lockDirectory, openStore, section } = await import("../../src/node/store/index.ts");
  const lock = await lockDirectory(directory);
  try {
    const store = await openStore(path.join(directory, "store"));
    try {
      const source = { store: section(store, "machine/"), files: new BundleFiles(path.join(directory, "bundles")) };
      return archive === null ? await exportSubmissions(source, file) : await exportArchive(source, file, archive);
    } finally {
      await store.close();
    }
  } finally {
    await lock.release();
  }
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
