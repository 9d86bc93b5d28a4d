/** What commands print: plain lines or JSON Lines, colours on a terminal only, errors as one sentence. */
import process from "node:process";
import { styleText } from "node:util";

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
/** Judged, but not accepted (`submit --watch`); not as expected (`demo --once`). */
export const EXIT_NOT_ACCEPTED = 3;
export const EXIT_INTERRUPTED = 130;

/** The command cannot do what was asked, for a reason that its user can act upon. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: string;
  readonly exitCode: number;
  constructor(code: `DIKAST_${string}`, message: string, exitCode: number = EXIT_FAILURE) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

export function reportError(error: unknown, json: boolean): void {
  const full = isDiskFull(error);
  const code = full ? "DIKAST_DISK_FULL" : codeOf(error);
  const message = full ? DISK_FULL : error instanceof Error ? error.message : String(error);
  if (error instanceof CommandError) process.exitCode = error.exitCode;
  if (json) printJson({ type: "error", code, message });
  process.stderr.write(`dikast: ${message}\n`);
  // A failure without a code is a bug of ours: say where.
  if (code === "DIKAST_FAILURE" && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
}

const DISK_FULL =
  "the disk is full; make room, or choose another disk with --data-dir or --out, and start again: what was there before is kept";

/** Also where a library wrapped it: LevelDB says it in words only. */
function isDiskFull(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { code } = cause as { readonly code?: unknown };
    if (code === "ENOSPC" || code === "EDQUOT" || /no space left on device|disk quota exceeded/i.test(cause.message))
      return true;
  }
  return false;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "DIKAST_FAILURE";
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, jsonable)}\n`);
}

function jsonable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

export { counted } from "../../src/model/index.ts";

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

type Style = Parameters<typeof styleText>[0];

/** Styled for a terminal; plain elsewhere and with NO_COLOR. */
export function styled(style: Style, text: string): string {
  return process.stdout.isTTY && process.env["NO_COLOR"] === undefined ? styleText(style, text) : text;
}

/** Without control characters: names and compiler logs come from others. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- removing them is the point
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "�");
}

const VERDICT_STYLES: Readonly<Record<string, Style>> = { AC: ["green", "bold"], JE: "magenta" };

export function verdictText(verdict: string): string {
  return styled(VERDICT_STYLES[verdict] ?? "red", verdict);
}

/** Columns padded to the widest cell; `right` names the columns that are aligned to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows.reduce<number[]>((found, row) => {
    for (const [column, cell] of row.entries()) found[column] = Math.max(found[column] ?? 0, widthOf(cell));
    return found;
  }, []);
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const space = " ".repeat((widths[column] ?? 0) - widthOf(cell));
          return right.includes(column) ? space + cell : cell + space;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function widthOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- escape sequences take no room
  const plain = text.replace(/\u001b\[[0-9;]*m/g, "");
  return [...new Intl.Segmenter().segment(plain)].length;
}

/** One line that is rewritten on a terminal; nothing elsewhere. */
export class Progress {
  #shown = false;

  show(text: string): void {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r\u001b[K${text}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) process.stderr.write("\r\u001b[K");
    this.#shown = false;
  }
}

/** The last characters of an id, enough to tell a hundred nodes apart. */
export function shortId(id: string): string {
  return id.length > 12 ? `…${id.slice(-6)}` : id;
}
