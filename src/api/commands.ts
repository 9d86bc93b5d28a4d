/** Checks the shape of what came over the socket, so that machines only see well-formed commands. */
import path from "node:path";
import type { ParticipantCommand } from "../../sessions/index.ts";
import type { SageCommand } from "../../sage/index.ts";
import { COMPANIONS_MAX, isLanguage, parseHash, parseNodeId, type SourceFile } from "../model/index.ts";
import { parseDisputeCommand } from "./dispute-commands.ts";
import { parseLifeCommand } from "./life-commands.ts";
import type { NodeApiCommand } from "./wire.ts";

export type ParsedCommand =
  | { readonly to: "node"; readonly command: NodeApiCommand }
  | { readonly to: "machine"; readonly command: ParticipantCommand | SageCommand };

const SOURCE_BYTES_MAX = 1024 * 1024;

/** The command, or what is wrong with it in words. */
export function parseCommand(value: unknown): ParsedCommand | string {
  if (typeof value !== "object" || value === null) return "no command was given";
  const command = value as Readonly<Record<string, unknown>>;
  switch (command["type"]) {
    case "node":
    case "subscribe":
    case "connections":
    case "problems":
    case "readiness":
    case "stop":
      return { to: "node", command: { type: command["type"] } };
    case "export": {
      const { file, archive } = command;
      if (typeof file !== "string" || !path.isAbsolute(file)) return "`file` is not an absolute path";
      if (typeof archive !== "object") return "`archive` is missing";
      const { sources, bundles } = (archive ?? {}) as { readonly sources?: unknown; readonly bundles?: unknown };
      const parts = archive === null ? null : { sources: sources === true, bundles: bundles === true };
      return { to: "node", command: { type: "export", file, archive: parts } };
    }
    case "statement": {
      const { problem } = command;
      if (typeof problem !== "string" || problem.length > 100) return "`problem` is missing";
      return { to: "node", command: { type: "statement", problem } };
    }
    case "invite": {
      const untilMs = command["untilMs"] ?? null;
      if (untilMs !== null && !(Number.isSafeInteger(untilMs) && (untilMs as number) > 0))
        return "`untilMs` is no time";
      return { to: "node", command: { type: "invite", untilMs: untilMs as number | null } };
    }
    case "transfer-authority": {
      const given = command["to"];
      const to = given === null ? null : typeof given === "string" ? parseNodeId(given) : undefined;
      if (to === undefined) return "`to` is not a node's id";
      return {
        to: "node",
        command: { type: "transfer-authority", to, force: to === null && command["force"] === true },
      };
    }
    case "board":
      return { to: "machine", command: { type: "board", full: command["full"] === true } };
    case "withdraw":
    case "status":
    case "peers":
    case "registrations":
      return { to: "machine", command: { type: command["type"] } };
    case "submit":
      return parseSubmit(command);
    case "watch":
    case "submission": {
      const submission = typeof command["submission"] === "string" ? parseHash(command["submission"]) : undefined;
      if (submission === undefined) return "`submission` is not a submission's id (64 hex digits)";
      return { to: "machine", command: { type: command["type"], submission } };
    }
    case "submissions": {
      const of = typeof command["of"] === "string" ? parseNodeId(command["of"]) : null;
      const count = command["countMax"];
      if (of === undefined) return "`of` is not a node's id";
      if (!Number.isSafeInteger(count) || (count as number) < 1 || (count as number) > 10_000)
        return "`countMax` is not 1 to 10000";
      return { to: "machine", command: { type: "submissions", of, countMax: count as number } };
    }
    case "open-contest": {
      const inMs = command["inMs"] ?? null;
      if (inMs !== null && !(Number.isSafeInteger(inMs) && (inMs as number) >= 0))
        return "`inMs` is not a whole number";
      return { to: "machine", command: { type: "open-contest", inMs: inMs as number | null } };
    }
    case "ban": {
      const node = typeof command["node"] === "string" ? parseNodeId(command["node"]) : undefined;
      if (node === undefined) return "`node` is not a node's id";
      return {
        to: "machine",
        command: {
          type: "ban",
          node,
          reason: typeof command["reason"] === "string" ? command["reason"].slice(0, 200) : "",
        },
      };
    }
    default: {
      const life = parseLifeCommand(command) ?? parseDisputeCommand(command);
      if (typeof life === "string") return life;
      if (life !== undefined) return { to: "machine", command: life };
      return `there is no command ${JSON.stringify(command["type"])}`;
    }
  }
}

function parseSubmit(command: Readonly<Record<string, unknown>>): ParsedCommand | string {
  const { problem, language, companions = [] } = command;
  if (typeof problem !== "string" || problem.length > 100) return "`problem` is missing";
  if (typeof language !== "string" || !isLanguage(language)) return "`language` is not one that dikast knows";
  if (!Array.isArray(companions) || companions.length > COMPANIONS_MAX)
    return `\`companions\` is no list of at most ${COMPANIONS_MAX} files`;
  const main = parseSourceFile(command);
  if (typeof main === "string") return main;
  const others: SourceFile[] = [];
  for (const each of companions as readonly unknown[]) {
    const file = parseSourceFile((each ?? {}) as Readonly<Record<string, unknown>>);
    if (typeof file === "string") return file;
    others.push(file);
  }
  return { to: "machine", command: { type: "submit", problem, language, ...main, companions: others } };
}

function parseSourceFile({ filename, source }: Readonly<Record<string, unknown>>): SourceFile | string {
  if (typeof filename !== "string" || filename.length > 255) return "`filename` is missing";
  if (typeof source !== "string") return "`source` is missing";
  const bytes = new Uint8Array(Buffer.from(source, "base64"));
  if (bytes.length > SOURCE_BYTES_MAX) return "`source` is larger than 1 MiB";
  return { filename, source: bytes };
}
