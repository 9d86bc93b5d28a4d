/** What `run`, `test` and `verify` have in common: the sandbox, sources from disk. */
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { isLanguage, type Language, LANGUAGES, languageOfFile } from "../../../src/model/language.ts";
import type { Sandbox, SourceFile } from "../../../sandbox/index.ts";
import { CommandError, EXIT_INTERRUPTED } from "../../support/output.ts";

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
    case "docker": {
      const { createDockerSandbox } = await import("../../../sandbox/docker/index.ts");
      return await createDockerSandbox();
    }
  }
}

/**
 * Opens a sandbox, runs `use`, closes it whatever happens; Ctrl-C cancels at once. What `use` returns becomes the exit code.
 * @throws whatever `use` throws; `DIKAST_INTERRUPTED` when cancelled.
 */
export async function withSandbox(
  kind: SandboxKind,
  use: (sandbox: Sandbox, signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(new CommandError("DIKAST_INTERRUPTED", "interrupted", EXIT_INTERRUPTED));
  process.once("SIGINT", cancel);
  process.once("SIGTERM", cancel);
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await openSandbox(kind);
    process.exitCode = await use(sandbox, controller.signal);
  } finally {
    process.removeListener("SIGINT", cancel);
    process.removeListener("SIGTERM", cancel);
    await sandbox?.close();
  }
}

const SOURCE_BYTES_MAX = 16 * 1024 * 1024;

/** @throws CommandError if there is no such file or it is too large for every code limit. */
export async function readSource(file: string): Promise<SourceFile> {
  return { name: basename(file), bytes: await readInput(file, SOURCE_BYTES_MAX) };
}

/** @throws CommandError with one sentence if it is no file, too large, or may not be read. */
export async function readInput(file: string, bytesMax: number): Promise<Uint8Array> {
  const info = await stat(file).catch(() => undefined);
  if (info?.isDirectory() === true) throw new CommandError("DIKAST_NO_FILE", `"${file}" is a folder, not a file`);
  if (info?.isFile() !== true) throw new CommandError("DIKAST_NO_FILE", `there is no file "${file}"`);
  if (info.size > bytesMax) {
    const mib = bytesMax / 1024 / 1024;
    throw new CommandError("DIKAST_FILE_TOO_LARGE", `"${file}" is larger than ${mib} MiB`);
  }
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw new CommandError("DIKAST_NO_FILE", `"${file}" cannot be read: ${(error as Error).message}`);
  }
}

/** @throws CommandError if neither the option nor the ending names a language, or the sandbox lacks it. */
export function chooseLanguage(file: string, given: Language | undefined, sandbox: Sandbox): Language {
  const language = given ?? languageOfFile(file);
  if (language === undefined)
    throw new CommandError(
      "DIKAST_NO_LANGUAGE",
      `"${file}": which language is it? Say --language (${LANGUAGES.join(", ")})`,
    );
  if (!sandbox.profile.languages.includes(language)) {
    throw new CommandError(
      "DIKAST_NO_LANGUAGE",
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
