/** One compile from sources to a command module: which tools run, in which order, within one budget. */
import { SandboxError, type SourceFile } from "../../sandbox.ts";
import type { CompileLimits, CompileOutcome } from "../../engine.ts";
import { clashingNames, errorCount, maybeClash, neededMoreSteps, readableLog } from "./compile-log.ts";
import { type DirectoryNode, fileAt, RunFiles } from "./filesystem.ts";
import {
  CPP_STANDARD,
  CPP_STANDARD_FALLBACK,
  type CppMode,
  compileC,
  compileCpp,
  link,
  type LinkInput,
} from "./flags.ts";
import type { Llvm, ToolOutcome } from "./llvm.ts";
import { type Needs, needsOf, refusal, translationUnits } from "./sources.ts";

/** Steps of the compiler that make a millisecond of `CompileLimits.timeMs`: what ordinary programs take, on average. */
export const STEPS_PER_MS = 180_000;

/** Objects and the linked module, in sum. An object holds all static arrays, also those of zeros. */
const WRITTEN_BYTES_MAX = 1024 * 1024 * 1024;
/** More than `COMPILE_LOG_BYTES_MAX`, since internal paths are shortened afterwards. */
const RAW_LOG_BYTES_MAX = 128 * 1024;
const PAGES_PER_MIB = 16;

const BUILD = "build";

/** What is made once and serves all compiles. */
export interface Prepared {
  readonly llvm: Llvm;
  readonly usr: DirectoryNode;
  /** Holds the precompiled header and the runtime's objects; mounted at `/kit`. */
  readonly kit: DirectoryNode;
}

export const KIT = {
  header: "/kit/stdc++.pch",
  throwing: ["/kit/exceptions.o", "/kit/bad-alloc-throws.o"],
  start: "/kit/start.o",
  terminating: ["/kit/throw-terminates.o"],
  library: ["/kit/library-throws.o", "/kit/streams.o", "/kit/wide-streams.o", "/kit/library.o", "/kit/text.o"],
  main: ["/kit/main-void.o", "/kit/libc-extras.o"],
} as const;

class Stopped extends Error {
  readonly log: string;
  constructor(log: string) {
    super("compile stopped");
    this.log = log;
  }
}

/** Runs tools over the same tree until the budget is used up. */
class Session {
  readonly files: RunFiles;
  readonly build: DirectoryNode;
  readonly #prepared: Prepared;
  readonly #memoryPagesMax: number;
  #stepsLeft: bigint;

  constructor(prepared: Prepared, sources: readonly SourceFile[], limits: CompileLimits) {
    this.#prepared = prepared;
    this.#memoryPagesMax = limits.memoryMiB * PAGES_PER_MIB;
    this.#stepsLeft = BigInt(limits.timeMs) * BigInt(STEPS_PER_MS);
    this.files = new RunFiles({ usr: prepared.usr, kit: prepared.kit }, WRITTEN_BYTES_MAX);
    this.build = this.files.directory(BUILD, true);
    for (const { name, bytes } of sources) this.files.addFile(this.files.root, name, bytes);
  }

  /** @throws Stopped when the tool did not come to an end of its own. */
  run(args: readonly string[]): ToolOutcome & { readonly ok: boolean } {
    const outcome = this.#prepared.llvm.run(args, this.files, {
      memoryPagesMax: this.#memoryPagesMax,
      stepsMax: this.#stepsLeft,
      logBytesMax: RAW_LOG_BYTES_MAX,
    });
    this.#stepsLeft -= outcome.steps;
    switch (outcome.end.type) {
      case "exited":
        return { ...outcome, ok: outcome.end.code === 0 };
      case "steps-exceeded":
        throw new Stopped(readableLog(outcome.log, "error: the compile took too long and was stopped"));
      case "memory-exceeded":
        throw new Stopped(readableLog(outcome.log, "error: the compile needed too much memory and was stopped"));
      case "crashed":
        throw new Stopped(readableLog(outcome.log, "error: the compiler failed on this source"));
    }
  }
}

export function compile(
  prepared: Prepared,
  language: "c" | "cpp",
  sources: readonly SourceFile[],
  limits: CompileLimits,
): CompileOutcome {
  const refused = refusal(sources);
  if (refused !== undefined) return { type: "rejected", log: `error: ${refused}\n` };
  const session = new Session(prepared, sources, limits);
  try {
    return language === "c" ? compileAllC(session, sources) : compileAllCpp(session, sources);
  } catch (error) {
    if (error instanceof Stopped) return { type: "rejected", log: error.log };
    throw error;
  }
}

/** Compiler input is a path relative to the root, so that messages show the contestant's own file name. */
const inputPath = (name: string) => (name.startsWith("-") ? `./${name}` : name);
const objectPath = (name: string) => `/${BUILD}/${name}.o`;

function compileAllC(session: Session, sources: readonly SourceFile[]): CompileOutcome {
  const units = translationUnits(sources, "c");
  const needs = needsOf(sources);
  const logs: Uint8Array[] = [];
  for (const { name } of units) {
    const outcome = session.run(compileC(inputPath(name), objectPath(name), needs));
    logs.push(outcome.log);
    if (!outcome.ok) return { type: "rejected", log: readableLog(Buffer.concat(logs)) };
  }
  const objects = units.map(({ name }) => objectPath(name));
  return linked(session, { objects, runtime: KIT.main, cpp: false }, logs);
}

function compileAllCpp(session: Session, sources: readonly SourceFile[]): CompileOutcome {
  const units = translationUnits(sources, "cpp");
  const needs = needsOf(sources);
  const exact: CppMode = { standard: CPP_STANDARD, catches: needs.catches, jumps: needs.jumps, vectors: needs.vectors };
  const usual: CppMode = needs.exactIncludes ? exact : { ...exact, precompiled: KIT.header };
  const logs: Uint8Array[] = [];
  for (const { name } of units) {
    const attempt = (mode: CppMode) => session.run(compileCpp(inputPath(name), objectPath(name), mode));
    let outcome = attempt(usual);
    for (const fallback of fallbacks(session, needs, usual, exact)) {
      if (outcome.ok) break;
      const mode = fallback(outcome.log);
      if (mode === undefined) continue;
      const next = attempt(mode);
      if (next.ok || errorCount(next.log) < errorCount(outcome.log)) outcome = next;
    }
    logs.push(outcome.log);
    if (!outcome.ok) return { type: "rejected", log: readableLog(Buffer.concat(logs)) };
  }
  const objects = units.map(({ name }) => objectPath(name));
  const input: LinkInput = needs.catches
    ? { objects: [...objects, ...KIT.throwing], start: KIT.start, runtime: [...KIT.library, ...KIT.main], cpp: true }
    : { objects, runtime: [...KIT.terminating, ...KIT.library, ...KIT.main], cpp: true };
  return linked(session, input, logs);
}

/** Ways to compile a source that failed; each may decline, given the messages so far. */
function fallbacks(
  session: Session,
  needs: Needs,
  usual: CppMode,
  exact: CppMode,
): ((log: Uint8Array) => CppMode | undefined)[] {
  const names = new Set<string>();
  // With all headers visible, a contestant's own `count` or `y1` can clash where the headers that the source asks for
  // would leave it alone: the source's names get out of the way.
  const rename = (log: Uint8Array): CppMode | undefined => {
    const before = names.size;
    for (const name of clashingNames(log)) names.add(name);
    if (needs.includesEverything || usual.precompiled === undefined || names.size === before) return undefined;
    const renames = [...names].map((name) => `#define ${name} ${name}__\n`).join("");
    session.files.addFile(session.build, "names.h", new TextEncoder().encode(renames));
    return { ...usual, prologue: `/${BUILD}/names.h` };
  };
  return [
    (log) => (neededMoreSteps(log) ? { ...usual, evaluates: true } : undefined),
    rename,
    // What the first errors hid.
    rename,
    // Exactly the headers that the source asks for; or, if these are all of them, the older standard with fewer names.
    (log) =>
      maybeClash(log)
        ? { ...exact, standard: needs.includesEverything ? CPP_STANDARD_FALLBACK : CPP_STANDARD }
        : undefined,
  ];
}

function linked(session: Session, input: LinkInput, logs: Uint8Array[]): CompileOutcome {
  const output = `${BUILD}/program.wasm`;
  const outcome = session.run(link(input, `/${output}`));
  logs.push(outcome.log);
  const log = readableLog(Buffer.concat(logs));
  if (!outcome.ok) return { type: "rejected", log };
  const module = fileAt(session.files.root, output);
  if (module === undefined) throw new SandboxError("DIKAST_SANDBOX_COMPILER", "the linker wrote no module");
  return { type: "compiled", program: { type: "wasi", module: module.slice() }, log };
}
