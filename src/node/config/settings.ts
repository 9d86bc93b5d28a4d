/**
 * Configuration: command line over environment (`DIKAST_…`) over file (`dikast.yaml` in the data directory, else in the
 * working directory) over default. One table describes every setting.
 */
import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

export interface Settings {
  /** Absolute; holds key, store, bundles, logs and the socket. */
  readonly dataDirectory: string;
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  /** Shown on the board. */
  readonly name: string;
  readonly region: string;
  readonly logLevel: LogLevel;
  /** Whether this node is reached through a sage's relay: when nobody can dial it, always, or never. */
  readonly relay: "auto" | "always" | "never";
  /** Disk for unpacked problems; those used least lately make room. */
  readonly cacheMib: number;
  /** Evaluations at the same time. */
  readonly slots: number;
  readonly sandbox: "wasm" | "fake";
  /** Socket of an evaluator that several nodes of one machine share; empty: an own one. */
  readonly evaluator: string;
}

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A setting is wrong; says where it was made and what is expected. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "DIKAST_SETTINGS";
}

interface Setting<T> {
  /** `DIKAST_…` */
  readonly variable: string;
  readonly help: string;
  /** Undefined when the text is not one. */
  readonly read: (text: string) => T | undefined;
  readonly expected: string;
  readonly fallback: T;
}

const nonEmptyText = (text: string): string | undefined => (text.trim() === "" ? undefined : text.trim());
const multiaddrs = (text: string): readonly string[] | undefined => {
  // A node that nobody can dial: it dials others, and is reached through a relay.
  if (text.trim() === "none") return [];
  const addresses = text
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  return addresses.every((address) => /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+/.test(address))
    ? addresses
    : undefined;
};
const oneOf =
  <const L extends readonly string[]>(choices: L) =>
  (text: string): L[number] | undefined =>
    choices.includes(text) ? text : undefined;

type Table = { readonly [K in Exclude<keyof Settings, "dataDirectory">]: Setting<Settings[K]> };

/** Every setting but the data directory, which says where the file is. */
export const SETTINGS: Table = {
  listen: {
    variable: "DIKAST_LISTEN",
    help: "multiaddrs to listen on, separated by commas",
    read: multiaddrs,
    expected: "multiaddrs such as /ip4/0.0.0.0/tcp/9000",
    fallback: ["/ip4/0.0.0.0/tcp/0"],
  },
  announce: {
    variable: "DIKAST_ANNOUNCE",
    help: "multiaddrs to tell others instead of the own ones, separated by commas",
    read: multiaddrs,
    expected: "multiaddrs such as /dns4/example.org/tcp/9000",
    fallback: [],
  },
  name: {
    variable: "DIKAST_NAME",
    help: "the name on the board",
    read: (text) => (text.trim().length <= 60 ? nonEmptyText(text) : undefined),
    expected: "1 to 60 characters",
    fallback: "",
  },
  region: {
    variable: "DIKAST_REGION",
    help: "a hint where this machine is, for clusters of near machines",
    read: (text) => (text.length <= 32 ? text.trim() : undefined),
    expected: "at most 32 characters",
    fallback: "",
  },
  logLevel: {
    variable: "DIKAST_LOG_LEVEL",
    help: `how much is logged: ${LOG_LEVELS.join(", ")}`,
    read: oneOf(LOG_LEVELS),
    expected: `one of ${LOG_LEVELS.join(", ")}`,
    fallback: "info",
  },
  relay: {
    variable: "DIKAST_RELAY",
    help: "whether this node is reached through a sage's relay: auto (when nobody can dial it), always, never",
    read: oneOf(["auto", "always", "never"]),
    expected: "auto, always or never",
    fallback: "auto",
  },
  cacheMib: {
    variable: "DIKAST_CACHE_MIB",
    help: "disk for unpacked problems in MiB; those used least lately make room",
    read: (text) => (/^\d{1,8}$/.test(text) && Number(text) >= 1 ? Number(text) : undefined),
    expected: "a number of MiB from 1",
    fallback: 8192,
  },
  slots: {
    variable: "DIKAST_SLOTS",
    help: "evaluations at the same time",
    read: (text) => (/^\d{1,4}$/.test(text) && Number(text) <= 1024 ? Number(text) : undefined),
    expected: "a number from 0 to 1024 (0: this node does not evaluate)",
    fallback: 1,
  },
  sandbox: {
    variable: "DIKAST_SANDBOX",
    help: "the sandbox: wasm (embedded), or fake (for tests of the network only)",
    read: oneOf(["wasm", "fake"]),
    expected: "wasm or fake",
    fallback: "wasm",
  },
  evaluator: {
    variable: "DIKAST_EVALUATOR",
    help: "socket of an evaluator that several nodes on this machine share",
    read: (text) => text,
    expected: "a path",
    fallback: "",
  },
};

export interface SettingsSources {
  /** From the command line; only what was given. */
  readonly flags: Readonly<Partial<Record<keyof Settings, string>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

export const SETTINGS_FILE = "dikast.yaml";
const SETTINGS_FILE_BYTES_MAX = 64 * 1024;

/** `~/.dikast`, or what `--data-dir` or `DIKAST_DATA_DIR` says. */
export function dataDirectoryOf({ flags, environment, workingDirectory }: SettingsSources): string {
  const chosen = flags.dataDirectory ?? environment["DIKAST_DATA_DIR"] ?? path.join(homedir(), ".dikast");
  return path.resolve(workingDirectory, chosen);
}

/** @throws SettingsError naming the setting, where it was made, and what is expected. */
export async function loadSettings(sources: SettingsSources): Promise<Settings> {
  const dataDirectory = dataDirectoryOf(sources);
  const file =
    (await readSettingsFile(path.join(dataDirectory, SETTINGS_FILE))) ??
    (await readSettingsFile(path.join(sources.workingDirectory, SETTINGS_FILE)));
  const chosen: Record<string, unknown> = { dataDirectory };
  for (const [key, setting] of Object.entries(SETTINGS) as [keyof Table, Setting<unknown>][]) {
    const [text, where] =
      sources.flags[key] !== undefined
        ? [sources.flags[key], `--${dashed(key)}`]
        : sources.environment[setting.variable] !== undefined
          ? [sources.environment[setting.variable] as string, setting.variable]
          : [file?.values.get(dashed(key)), `${dashed(key)} in ${file?.name}`];
    if (text === undefined) {
      chosen[key] = setting.fallback;
      continue;
    }
    const value = setting.read(text);
    if (value === undefined) throw new SettingsError(`${where} is "${text}"; expected is ${setting.expected}`);
    chosen[key] = value;
  }
  return chosen as unknown as Settings;
}

/** `logLevel` → `log-level`. */
export function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function readSettingsFile(
  name: string,
): Promise<{ readonly name: string; readonly values: ReadonlyMap<string, string> } | undefined> {
  const found = await stat(name).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.size > SETTINGS_FILE_BYTES_MAX) throw new SettingsError(`${name} is too large`);
  // Loaded when there is something to read: most nodes of a demo have no such file.
  const { parse } = await import("yaml");
  let content: unknown;
  try {
    content = parse(await readFile(name, "utf8"), { maxAliasCount: 0 });
  } catch (error) {
    throw new SettingsError(`${name} is not YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  if (content === null) return { name, values: new Map() };
  if (typeof content !== "object" || Array.isArray(content))
    throw new SettingsError(`${name} is not a list of settings`);
  const known = new Set(Object.keys(SETTINGS).map(dashed));
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(content)) {
    if (!known.has(key))
      throw new SettingsError(`${name}: there is no setting "${key}"; there are: ${[...known].join(", ")}`);
    const parts: unknown[] = Array.isArray(value) ? value : [value];
    if (parts.some((part) => typeof part !== "string" && typeof part !== "number")) {
      throw new SettingsError(`${name}: ${key} is neither text nor a number nor a list of them`);
    }
    values.set(key, parts.join(","));
  }
  return { name, values };
}
