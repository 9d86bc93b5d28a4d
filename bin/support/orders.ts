/** Orders and questions on their way into the log, as commands see them. */
import process from "node:process";
import type { ApiClient, ApiCommand } from "../../src/api/index.ts";
import type { Hash } from "../../src/model/index.ts";
import { parseDurationMs } from "../../src/packages/index.ts";
import type { Wish } from "../../sessions/index.ts";
import { checked, withApi } from "./api.ts";
import type { SharedOptions } from "./options.ts";
import { CommandError, EXIT_USAGE, print, printJson } from "./output.ts";

/** With a leader it takes milliseconds; without one the node goes on delivering after the command has ended. */
const PATIENCE_MS = 20_000;

interface Delivered {
  readonly type: string;
  readonly id: Hash;
}

/** Gives an order and says so. @throws CommandError when it would not hold, with the node's sentence. */
export async function giveOrder(options: SharedOptions, wish: Wish, done: string): Promise<Hash> {
  return await withApi(options, async (api) => await deliver(api, options, { type: "order", wish }, done));
}

export async function deliver(
  api: ApiClient,
  options: SharedOptions,
  command: ApiCommand,
  done: string,
): Promise<Hash> {
  let last: Delivered | undefined;
  const timer = setTimeout(() => {
    process.stderr.write("signed and stored; it takes effect as soon as a leader has logged it\n");
    api.close();
  }, PATIENCE_MS);
  try {
    for await (const body of api.stream(command)) last = checked(body) as Delivered;
  } catch (error) {
    if (last === undefined || (error as { code?: string }).code !== "DIKAST_API_CLOSED") throw error;
  } finally {
    clearTimeout(timer);
  }
  if (last === undefined) throw new CommandError("DIKAST_FAILURE", "the node did not answer");
  if (options.json === true) printJson({ ...last, type: last.type });
  else if (last.type !== "sent") print(done);
  return last.id;
}

/** The one id that begins with `prefix`. */
export function byPrefix<T>(items: readonly T[], idOf: (item: T) => string, prefix: string, what: string): T {
  const found = items.filter((item) => idOf(item).startsWith(prefix.toLowerCase()));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new CommandError(
    found.length === 0 ? "DIKAST_NOT_FOUND" : "DIKAST_AMBIGUOUS",
    found.length === 0 ? `there is no ${what} ${prefix}` : `${found.length} ids begin with ${prefix}; give more of it`,
    EXIT_USAGE,
  );
}

/** `90s`, `10m`, `1h30m`, `-5m`; in ms. A bare number would be read differently by different people. */
export function parseDuration(text: string): number {
  const [, sign = "", rest = ""] = /^([-+]?)(.*)$/.exec(text.trim()) ?? [];
  const ms = /^[\d.]+$/.test(rest) ? undefined : parseDurationMs(rest);
  if (ms === undefined) {
    throw new CommandError("DIKAST_USAGE", `"${text}" is no duration: 10m, 90s, 1h30m, -5m`, EXIT_USAGE);
  }
  return sign === "-" ? -ms : ms;
}

/** The words themselves, or standard input for `-`. */
export async function textFrom(words: readonly string[]): Promise<string> {
  if (words.length !== 1 || words[0] !== "-") return words.join(" ").trim();
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > TEXT_BYTES_MAX) throw new CommandError("DIKAST_TOO_LONG", "the text is too long", EXIT_USAGE);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8").trim();
}

const TEXT_BYTES_MAX = 64 * 1024;
