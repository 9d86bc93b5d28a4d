/** The shape of commands about the life of the contest, as they came over the socket. */
import type { LifeCommand, Wish } from "../../sessions/index.ts";
import { action, fromHex, parseHash } from "../model/index.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The command, what is wrong with it in words, or undefined when it is another one. */
export function parseLifeCommand(command: Fields): LifeCommand | string | undefined {
  switch (command["type"]) {
    case "clarifications":
    case "rejudgings":
    case "life":
      return { type: command["type"] };
    case "rejudging": {
      const rejudging = hashIn(command, "rejudging");
      return rejudging === undefined ? "`rejudging` is not an id (64 hex digits)" : { type: "rejudging", rejudging };
    }
    case "ask": {
      const problem = command["problem"] ?? null;
      const { text } = command;
      if (problem !== null && typeof problem !== "string") return "`problem` is not a name";
      if (typeof text !== "string" || !text.isWellFormed()) return "`text` is missing";
      return { type: "ask", problem, text };
    }
    case "order": {
      const wish = wishIn(command["wish"]);
      return typeof wish === "string" ? wish : { type: "order", wish };
    }
    default:
      return undefined;
  }
}

function wishIn(value: unknown): Wish | string {
  if (typeof value !== "object" || value === null) return "`wish` is missing";
  const wish = value as Fields;
  if (wish["type"] === "finalize") return { type: "finalize" };
  if (wish["type"] === "answer") {
    const question = hashIn(wish, "question");
    const { text, toAll, quote } = wish;
    if (question === undefined) return "`question` is not an id (64 hex digits)";
    if (typeof text !== "string" || !text.isWellFormed()) return "`text` is missing";
    return { type: "answer", question, toAll: toAll === true, quote: quote === true, text };
  }
  if (wish["type"] === "replace") {
    const { key } = wish;
    if (typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key)) return "`key` is not 64 hex digits";
    return action.accepts({ ...wish, key: fromHex(key) }) ? (value as Wish) : "the order is malformed or out of bounds";
  }
  return action.accepts(value) ? (value as Wish) : "the order is malformed or out of bounds";
}

function hashIn(fields: Fields, name: string) {
  const value = fields[name];
  return typeof value === "string" ? parseHash(value) : undefined;
}

/** The same command with problems by their short names, given by letter or short name. */
export function withProblemNames(command: LifeCommand, named: (text: string) => string | undefined): LifeCommand {
  const known = (text: string | null): string | null => (text === null ? null : (named(text) ?? text));
  if (command.type === "ask") return { ...command, problem: known(command.problem) };
  if (command.type !== "order") return command;
  const { wish } = command;
  if (wish.type === "replace") {
    return { type: "order", wish: { ...wish, problem: known(wish.problem) ?? wish.problem } };
  }
  if (wish.type === "notice") return { type: "order", wish: { ...wish, problem: known(wish.problem) } };
  if (wish.type !== "rejudge") return command;
  const selection = { ...wish.selection, problem: known(wish.selection.problem) };
  return { type: "order", wish: { ...wish, selection } };
}

const TYPES: ReadonlySet<string> = new Set([
  "ask",
  "order",
  "clarifications",
  "rejudgings",
  "rejudging",
  "life",
] satisfies LifeCommand["type"][]);

export function isLifeCommand(command: { readonly type: string }): command is LifeCommand {
  return TYPES.has(command.type);
}
