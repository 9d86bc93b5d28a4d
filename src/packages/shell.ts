/** Straight-line shell scripts as lists of commands: enough of POSIX's syntax for `build` and `run` scripts of packages. */

export type Part =
  | { readonly type: "text"; readonly text: string }
  /** `$1`. */
  | { readonly type: "position"; readonly place: number }
  /** `"$@"`. */
  | { readonly type: "all" }
  | { readonly type: "variable"; readonly name: string }
  /** A command that tells the script's own folder: `$(dirname "$0")`. */
  | { readonly type: "folder" };

export type Word = readonly Part[];

export interface ShellCommand {
  readonly script: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly words: readonly Word[];
  /** Its output goes to standard error or nowhere. */
  readonly silent: boolean;
  readonly redirected: boolean;
}

/** A script that is not understood; `message` is one sentence for people. */
export class ScriptFault extends Error {
  override readonly name = "ScriptFault";
  readonly code = "DIKAST_PACKAGE_SCRIPT";
  constructor(script: string, line: number | undefined, sentence: string) {
    super(`its ${script} script cannot be used here${line === undefined ? "" : ` (line ${line})`}: ${sentence}`);
  }
}

/** Longer scripts do more than call a compiler or a program. */
const LINES_MAX = 200;
const LINE_CHARACTERS_MAX = 4_000;
const OWN_FOLDER =
  /^\$\((?:cd\s+"?\$\((?:dirname|readlink|realpath)[^)]*\)"?\s*(?:&&|;)\s*pwd(?:\s+-P)?|pwd|dirname\s[^()]*(?:\$\([^()]*\)[^()]*)?)\)|^`(?:dirname\s[^`]*|pwd)`/;
const TOKENS =
  /\s+|(?<redirect>[0-9]?(?:>>?|<)(?:&[0-9-]|\s*[^\s;&|<>]+)|&>\s*[^\s;&|<>]+)|(?<end>;|&&)|(?<word>(?:\\.|'[^']*'|"(?:\\.|\$\([^()]*(?:\([^()]*\)[^()]*)*\)|\$(?!\()|[^"\\$])*"|\$\([^()]*(?:\([^()]*\)[^()]*)*\)|`[^`]*`|[^\s;&|<>()'"`\\])+)/suy;

export function readCommands(script: string, text: string): ShellCommand[] {
  const lines = text.replaceAll(/\\\r?\n/g, " ").split(/\r?\n/);
  if (lines.length > LINES_MAX || lines.some((line) => line.length > LINE_CHARACTERS_MAX))
    throw new ScriptFault(script, undefined, "it is too long");
  return lines.flatMap((line, index) => commandsOf(script, index + 1, line));
}

function commandsOf(script: string, line: number, text: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: Word[] = [];
  let silent = false;
  let redirected = false;
  const finish = (): void => {
    if (words.length > 0) commands.push({ script, line, text: text.trim(), words, silent, redirected });
    [words, silent, redirected] = [[], false, false];
  };
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const at = TOKENS.lastIndex;
    const atStart = at === 0 || /\s/.test(text[at - 1] ?? "");
    if (text[at] === "#" && atStart) break;
    const groups = TOKENS.exec(text)?.groups;
    if (groups === undefined) throw new ScriptFault(script, line, `"${text.trim().slice(0, 80)}" is not understood`);
    if (groups["end"] !== undefined) finish();
    else if (groups["redirect"] !== undefined) {
      const target = groups["redirect"].replaceAll(/\s/g, "");
      if (/^1?>>?(?:&2|\/dev\/stderr|\/dev\/null)$/.test(target)) silent = true;
      redirected ||= !/^2>>?(?:\/dev\/null|&2)$/.test(target);
    } else if (groups["word"] !== undefined) words.push(wordOf(script, line, groups["word"]));
  }
  finish();
  return commands;
}

export function isAssignment(command: ShellCommand): boolean {
  return command.words.every((word) => word[0]?.type === "text" && /^[A-Za-z_][A-Za-z0-9_]*=/.test(word[0].text));
}

function wordOf(script: string, line: number, token: string): Word {
  const parts: Part[] = [];
  const add = (part: Part): void => {
    const last = parts.at(-1);
    if (part.type === "text" && last?.type === "text")
      parts[parts.length - 1] = { type: "text", text: last.text + part.text };
    else parts.push(part);
  };
  let quoted = false;
  for (let at = 0; at < token.length; ) {
    const rest = token.slice(at);
    const single = quoted ? null : /^'([^']*)'/.exec(rest);
    const escaped = (quoted ? /^\\(["\\$`])/ : /^\\(.)/s).exec(rest);
    const [match, part] = single
      ? [single[0], { type: "text", text: single[1] ?? "" } as const]
      : escaped
        ? [escaped[0], { type: "text", text: escaped[1] ?? "" } as const]
        : rest.startsWith('"')
          ? ['"', { type: "text", text: "" } as const]
          : /^[$`]/.test(rest)
            ? replacementOf(script, line, rest)
            : [rest[0] ?? "", { type: "text", text: rest[0] ?? "" } as const];
    if (match === '"') quoted = !quoted;
    if (part.type !== "text" || part.text !== "") add(part);
    at += match.length;
  }
  return parts;
}

function replacementOf(script: string, line: number, rest: string): readonly [match: string, part: Part] {
  const folder = OWN_FOLDER.exec(rest)?.[0];
  if (folder !== undefined) return [folder, { type: "folder" }];
  const match = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*|[0-9@*?#]+)\}|([A-Za-z_][A-Za-z0-9_]*|[0-9@*?#]))/.exec(rest);
  const name = match?.[1] ?? match?.[2];
  if (match === null || name === undefined)
    throw new ScriptFault(script, line, `"${rest.slice(0, 80)}" is not understood`);
  if (name === "@" || name === "*") return [match[0], { type: "all" }];
  if (/^[1-9][0-9]*$/.test(name)) return [match[0], { type: "position", place: Number(name) }];
  return [match[0], { type: "variable", name }];
}
