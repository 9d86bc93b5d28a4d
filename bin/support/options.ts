/** Options that several commands share. */
import process from "node:process";
import type { Command } from "commander";
import { dataDirectoryOf, loadSettings, type Settings } from "../../src/node/config/index.ts";

export interface SharedOptions {
  readonly dataDir?: string;
  readonly json?: true;
}

export interface DaemonOptions extends SharedOptions {
  readonly listen?: string;
  readonly announce?: string;
  readonly name?: string;
  readonly relay?: string;
  readonly region?: string;
  readonly logLevel?: string;
  readonly slots?: string;
  readonly sandbox?: string;
  readonly evaluator?: string;
}

export function withSharedOptions(command: Command): Command {
  return command
    .option("--data-dir <directory>", "where the node keeps its key, store and socket (default: ~/.dikast)")
    .option("--json", "print JSON Lines");
}

export function withDaemonOptions(command: Command): Command {
  return withSharedOptions(command)
    .option("--name <name>", "the name on the board (default: node and the end of its id)")
    .option("--listen <multiaddrs>", "where to listen, separated by commas, or none (default: /ip4/0.0.0.0/tcp/0)")
    .option("--announce <multiaddrs>", "what to tell others instead, behind a NAT with a forwarded port")
    .option(
      "--relay <when>",
      "be reached through a sage's relay: auto (when nobody can dial this node), always or never",
    )
    .option("--region <hint>", "where this machine is, for clusters of near machines")
    .option("--slots <n>", "evaluations at the same time; 0: do not evaluate (default: 1)")
    .option("--evaluator <socket>", "use the evaluator that listens on this socket, shared by several nodes")
    .option("--sandbox <kind>", "wasm, or fake for tests of the network only")
    .option("--log-level <level>", "trace, debug, info, warn, error or silent (default: info)");
}

function flagsOf(options: DaemonOptions): Readonly<Partial<Record<keyof Settings, string>>> {
  const { dataDir, json: _json, ...rest } = options;
  return { ...rest, ...(dataDir === undefined ? {} : { dataDirectory: dataDir }) };
}

/** @throws SettingsError */
export async function settingsOf(options: DaemonOptions): Promise<Settings> {
  const { dataDir, listen, announce, name, relay, region, logLevel, slots, sandbox, evaluator } = options;
  const given = { dataDir, listen, announce, name, relay, region, logLevel, slots, sandbox, evaluator };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as DaemonOptions;
  return await loadSettings({ flags: flagsOf(set), environment: process.env, workingDirectory: process.cwd() });
}

export function dataDirectory(options: SharedOptions): string {
  return dataDirectoryOf({
    flags: options.dataDir === undefined ? {} : { dataDirectory: options.dataDir },
    environment: process.env,
    workingDirectory: process.cwd(),
  });
}
