/**
 * `build` and `run` scripts of validators (2025-09.md "Other programs"). No shell runs here: the usual scripts are read for what
 * they say, which sources are compiled and how the program is called; every other one is refused with the line that is not understood.
 */
import type { CallArgument } from "../model/problem.ts";
import { isAssignment, type Part, readCommands, ScriptFault, type ShellCommand, type Word } from "./shell.ts";

export interface ScriptedProgram {
  /** Names inside the program's folder: the sources that are compiled, or the script that an interpreter runs. */
  readonly sources: readonly string[];
  readonly language: "c" | "cpp" | "python3";
  /** Undefined: arguments are passed on as they come. */
  readonly call: readonly CallArgument[] | undefined;
}

export type ReadScripts =
  | { readonly type: "program"; readonly program: ScriptedProgram }
  | { readonly type: "refused"; readonly reason: string };

const COMPILERS = /^(?:\/usr\/bin\/)?(?:(?:g\+\+|gcc|clang\+\+|clang)(?:-[0-9.]+)?|c\+\+|cc)$/;
const INTERPRETERS = /^(?:\/usr\/bin\/)?(?:env )?(?:python3?|pypy3?)$/;
const SOURCE = /\.(?:c|cc|cpp|cxx|c\+\+)$/;
/** What decides how fast, how strict or how debuggable the program is, but not what it does. */
const HARMLESS_FLAG =
  /^-(?:[OWgfmwl]|std=|ansi$|pedantic|pipe$|static|s$|x$|I|L|D(?:_FORTIFY_SOURCE|NDEBUG|ONLINE_JUDGE|_GNU_SOURCE)\b)/;
/** Commands without which the program is the same. */
const HARMLESS = new Set(["set", "cd", "chmod", "mkdir", "true", ":", "touch", "export", "umask", "ulimit"]);

/** `undefined` where they do not matter. `texts`: of the scripts that are there; `names`: every file of the folder. */
export function readScripts(
  texts: { readonly build: string | undefined; readonly run: string | undefined },
  names: readonly string[],
): ReadScripts | undefined {
  try {
    const built = texts.build === undefined ? new Map<string, Built>() : readBuild(texts.build, names);
    if (texts.run !== undefined) return { type: "program", program: readRun(texts.run, built, names) };
    // One that makes nothing leaves the sources to those who know what to do with them.
    if (built.size === 0) return undefined;
    const made = built.get("run") ?? (built.size === 1 ? [...built.values()][0] : undefined);
    if (made === undefined) throw new ScriptFault("build", undefined, "it makes no program that is named run");
    return { type: "program", program: { ...made, call: undefined } };
  } catch (error) {
    if (error instanceof ScriptFault) return { type: "refused", reason: error.message };
    throw error;
  }
}

interface Built {
  readonly sources: readonly string[];
  readonly language: "c" | "cpp" | "python3";
}

/** Programs that the script makes, by name. */
function readBuild(text: string, names: readonly string[]): ReadonlyMap<string, Built> {
  const built = new Map<string, Built>();
  for (const command of readCommands("build", text)) {
    const [name = "", ...words] = command.words.map(plain);
    if (isAssignment(command) || HARMLESS.has(name) || name === "echo" || name === "rm") continue;
    if (COMPILERS.test(name)) {
      const { output, program } = readCompilation(command, name, words, names);
      built.set(output, program);
    } else if (name === "cp" || name === "mv" || name === "ln") {
      const [from = "", to = ""] = words.filter((word) => !word.startsWith("-")).map(inFolder);
      const script = /\.py3?$/.test(from) && names.includes(from);
      const program = script ? { sources: [from], language: "python3" as const } : built.get(from);
      if (program === undefined) throw notUnderstood(command);
      built.set(to, program);
    } else throw notUnderstood(command);
  }
  return built;
}

function readCompilation(
  command: ShellCommand,
  compiler: string,
  words: readonly string[],
  names: readonly string[],
): { output: string; program: Built } {
  let output = "a.out";
  const sources: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "-o") {
      index += 1;
      output = inFolder(words[index] ?? "");
    } else if (word.startsWith("-o")) output = inFolder(word.slice(2));
    else if (word === "*.cpp" || word === "*.cc" || word === "*.c")
      sources.push(...names.filter((each) => each.endsWith(word.slice(1))));
    else if (SOURCE.test(word)) sources.push(inFolder(word));
    else if (!HARMLESS_FLAG.test(word) && !/\.h(?:h|pp|xx)?$/.test(word))
      throw new ScriptFault(command.script, command.line, `"${word}" is not understood`);
  }
  const missing = sources.find((source) => !names.includes(source));
  if (missing !== undefined) throw new ScriptFault(command.script, command.line, `there is no "${missing}"`);
  if (sources.length === 0) throw notUnderstood(command);
  const cpp = compiler.includes("++") || sources.some((source) => !source.endsWith(".c"));
  return { output, program: { sources, language: cpp ? "cpp" : "c" } };
}

/** What the shell knows while the script runs: values of variables, and how many arguments were shifted away. */
class ShellState {
  readonly #variables = new Map<string, readonly (string | number)[]>();
  shifted = 0;

  assign(command: ShellCommand): void {
    for (const word of command.words) {
      const [first, ...others] = word;
      const [, name = "", value = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(textOf(first)) ?? [];
      this.#variables.set(name, this.valueOf([{ type: "text", text: value }, ...others], command));
    }
  }

  valueOf(word: Word, command: ShellCommand): (string | number)[] {
    return word.flatMap((part): readonly (string | number)[] => {
      switch (part.type) {
        case "text":
          return part.text === "" ? [] : [part.text];
        case "position":
          return [part.place + this.shifted];
        case "folder":
          return ["."];
        case "all":
          throw notUnderstood(command);
        case "variable": {
          const value = this.#variables.get(part.name);
          if (value === undefined) throw new ScriptFault(command.script, command.line, `"$${part.name}" is not set`);
          return value;
        }
      }
    });
  }

  argumentOf(word: Word, command: ShellCommand): CallArgument {
    if (word.length === 1 && word[0]?.type === "all") return { type: "rest", from: 1 + this.shifted };
    return { type: "text", parts: this.valueOf(word, command) };
  }
}

function readRun(text: string, built: ReadonlyMap<string, Built>, names: readonly string[]): ScriptedProgram {
  if (/^#!.*python/.test(text)) throw new ScriptFault("run", 1, "a Python program needs a name that ends with .py");
  if (!/^[\t\n\r -~\u0080-\uFFFC]*$/.test(text.slice(0, 4096)))
    throw new ScriptFault("run", undefined, "a compiled program cannot be used here, only its source");
  const state = new ShellState();
  let program: ScriptedProgram | undefined;
  for (const command of readCommands("run", text)) {
    const name = plain(command.words[0] ?? []);
    if (isAssignment(command) || name === "export") {
      // What follows the call only looks at how it ended.
      if (program === undefined)
        state.assign(name === "export" ? { ...command, words: command.words.slice(1) } : command);
    } else if (name === "shift") {
      const count = Number(plain(command.words[1] ?? [{ type: "text", text: "1" }]));
      if (!Number.isSafeInteger(count) || count < 0) throw notUnderstood(command);
      state.shifted += count;
    } else if (name === "echo" || name === "printf" || name === "cat") {
      if (!command.silent) throw new ScriptFault("run", command.line, `what "${name}" prints is not understood`);
    } else if (name === "exit") {
      if (program === undefined) throw notUnderstood(command);
      break;
    } else if (!HARMLESS.has(name)) {
      if (program !== undefined || command.redirected) throw notUnderstood(command);
      program = readCall(command, state, built, names);
    }
  }
  if (program === undefined) throw new ScriptFault("run", undefined, "it calls no program");
  return program;
}

function readCall(
  command: ShellCommand,
  state: ShellState,
  built: ReadonlyMap<string, Built>,
  names: readonly string[],
): ScriptedProgram {
  let words = command.words.map((word) => ({ word, text: () => state.valueOf(word, command).join("") }));
  const isPlain = (at: number, text: string): boolean => plain(words[at]?.word ?? []) === text;
  if (isPlain(0, "exec")) words = words.slice(1);
  if (isPlain(0, "env") || isPlain(0, "/usr/bin/env")) words = words.slice(1);
  const name = words[0]?.text() ?? "";
  if (INTERPRETERS.test(name)) {
    words = words.slice(1);
    while (/^-[uBIsSE]+$/.test(plain(words[0]?.word ?? []))) words = words.slice(1);
  }
  const called = inFolder(words[0]?.text() ?? "");
  const found: Built | undefined = /\.py3?$/.test(called)
    ? { sources: [called], language: "python3" }
    : INTERPRETERS.test(name)
      ? undefined
      : built.get(called);
  if (found === undefined || !(built.has(called) || names.includes(called))) throw notUnderstood(command);
  const call = words.slice(1).map(({ word }) => state.argumentOf(word, command));
  const passesOn = call.length === 1 && call[0]?.type === "rest" && call[0].from === 1;
  return { ...found, call: passesOn ? undefined : call };
}

function notUnderstood(command: ShellCommand): ScriptFault {
  return new ScriptFault(command.script, command.line, `"${command.text.slice(0, 80)}" is not understood`);
}

/** A word without anything to replace; else something that no command is called. */
function plain(word: Word): string {
  return word.map((part) => (part.type === "text" ? part.text : part.type === "folder" ? "." : "$")).join("");
}

function textOf(part: Part | undefined): string {
  return part?.type === "text" ? part.text : "";
}

function inFolder(path: string): string {
  return path.replace(/^(?:\.\/+)+/, "");
}
