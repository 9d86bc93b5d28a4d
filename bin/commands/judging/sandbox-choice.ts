/** What `run`, `test` and `verify` have in common: the sandbox, sources from disk, exit codes. */
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { isLanguage, type Language, LANGUAGES, languageOfFile } from "../../../src/model/language.ts";
import type { Sandbox, SourceFile } from "../../../sandbox/sandbox.ts";

/** Stable: scripts may rely on them. */
export const EXIT = {
  ok: 0,
  /** A program failed, a verdict is not as expected. */
  unexpected: 1,
  /** What was asked for cannot be done: no such file, an unreadable package, an unknown language. */
  badInput: 2,
  /** The sandbox itself cannot work. */
  noSandbox: 3,
} as const;

/** A mistake of whoever typed the command; shown without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code = "DIKAST_COMMAND_BAD_INPUT";
}

export type SandboxKind = "wasm" | "docker" | "fake";

export function sandboxOption(): Option {
  return new Option("--sandbox <kind>", "where programs run").choices(["wasm", "docker", "fake"]).default("wasm");
}

/** @throws CommandError where the build has no such sandbox. */
export async function openSandbox(kind: SandboxKind): Promise<Sandbox> {
  switch (kind) {
    case "fake": {
      const { FakeSandbox } = await import("../../../sandbox/fake/index.ts");
      return new FakeSandbox();
    }
    case "wasm": {
      const { createWasmSandbox } = await import("../../../sandbox/wasm/evaluator/index.ts");
      return await createWasmSandbox();
    }
    case "docker":
      throw new CommandError(`the ${kind} sandbox is not part of this build yet`);
  }
}

/** Opens a sandbox, runs `use`, closes it whatever happens; Ctrl-C cancels at once. Maps errors to exit codes. */
export async function withSandbox(
  kind: SandboxKind,
  use: (sandbox: Sandbox, signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(new CommandError("cancelled"));
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await openSandbox(kind);
    process.exitCode = await use(sandbox, controller.signal);
  } catch (error) {
    process.exitCode = reportError(error);
  } finally {
    process.removeListener("SIGINT", cancel);
    process.removeListener("SIGTERM", cancel);
    await sandbox?.close();
  }
}

/** One sentence on standard error for faults of the world; a stack only for our own. The exit code. */
export function reportError(error: unknown): number {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (!code.startsWith("DIKAST_") || code === "DIKAST_INVARIANT") throw error;
  process.stderr.write(`dikast: ${(error as Error).message}\n`);
  return code.startsWith("DIKAST_SANDBOX_") ? EXIT.noSandbox : EXIT.badInput;
}

const SOURCE_BYTES_MAX = 16 * 1024 * 1024;

/** @throws CommandError if there is no such file or it is too large for every code limit. */
export async function readSource(file: string): Promise<SourceFile> {
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true) throw new CommandError(`there is no file "${file}"`);
  if (info.size > SOURCE_BYTES_MAX) throw new CommandError(`"${file}" is larger than ${SOURCE_BYTES_MAX} bytes`);
  return { name: basename(file), bytes: new Uint8Array(await readFile(file)) };
}

/** @throws CommandError if neither the option nor the ending names a language, or the sandbox lacks it. */
export function chooseLanguage(file: string, given: Language | undefined, sandbox: Sandbox): Language {
  const language = given ?? languageOfFile(file);
  if (language === undefined)
    throw new CommandError(`"${file}": which language is it? Say --language (${LANGUAGES.join(", ")})`);
  if (!sandbox.profile.languages.includes(language)) {
    throw new CommandError(
      `the ${sandbox.profile.sandbox} sandbox has no ${language} (it has ${sandbox.profile.languages.join(", ")})`,
    );
  }
  return language;
}

export function languageOption(): Option {
  return new Option(
    "--language <id>",
    `the language, where the ending does not tell: ${LANGUAGES.join(", ")}`,
  ).argParser((text: string): Language => {
    if (!isLanguage(text)) throw new InvalidArgumentError(`one of ${LANGUAGES.join(", ")} is needed`);
    return text;
  });
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_000_000)) throw new InvalidArgumentError("a number greater than 0 is needed");
  return value;
}

export function jsonLine(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export type Register = (program: Command) => void;
