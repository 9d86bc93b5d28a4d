/** One submission's containers: compiles, then runs every test in the same one. */
import { createHash } from "node:crypto";
import type { Language } from "../../src/model/language.ts";
import type {
  CompileLimits,
  CompileOutcome,
  InteractionOutcome,
  Program,
  RunInput,
  RunLimits,
  Runner,
  RunStatus,
  ValidatorOutcome,
} from "../engine.ts";
import type { SourceFile } from "../sandbox.ts";
import { SandboxError } from "../sandbox.ts";
import type { Container } from "./container.ts";
import { NATIVE_LANGUAGES } from "./languages.ts";
import type { Part } from "./messages.ts";
import type { Pool } from "./pool.ts";

/** Cost is CPU time in microseconds. */
export const COST_PER_VIRTUAL_MS = 1_000;
const MIB = 1024 * 1024;
const SUBMISSION = 10_001;
const VALIDATOR = 10_002;
const LOG_BYTES_MAX = 256 * 1024;
const ARTIFACT_BYTES_MAX = 128 * MIB;
/** A program that sleeps or waits is ended by the wall clock: three times its CPU time and a second. */
const wallMs = (costMax: number): number => Math.ceil((3 * costMax) / COST_PER_VIRTUAL_MS) + 1_000;

export type NativeProgram = Program & { readonly type: "native" };

export class Session implements Runner {
  readonly #pool: Pool;
  readonly #taken = new Set<Container>();
  /** By what is installed in them, in order. */
  readonly #prepared = new Map<string, Container>();
  #closed = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @throws SandboxError when the container fails: the judge abstains. */
  async compile(language: Language, sources: readonly SourceFile[], limits: CompileLimits): Promise<CompileOutcome> {
    const { compile, isArtifact } = NATIVE_LANGUAGES[language];
    const names = sources.map((source) => source.name);
    const bad = names.find((name) => !/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$/.test(name));
    if (bad !== undefined) return { type: "rejected", log: `file name not allowed: ${JSON.stringify(bad)}` };
    const container = await this.#take(limits.memoryMiB);
    try {
      const costMax = limits.timeMs * COST_PER_VIRTUAL_MS;
      const reply = await container.ask([
        "build",
        ...specification({
          uid: SUBMISSION,
          limits: {
            costMax,
            memoryBytesMax: limits.memoryMiB * MIB,
            stdoutBytesMax: LOG_BYTES_MAX,
            stderrBytesMax: LOG_BYTES_MAX,
          },
          command: compile(names),
          files: Object.fromEntries(sources.map(({ name, bytes }) => [`/build/${name}`, bytes])),
          filesMax: ARTIFACT_BYTES_MAX,
          stdin: new Uint8Array(0),
        }),
      ]);
      const outcome = readOutcome(new Cursor(reply), costMax);
      const log = new TextDecoder().decode(Buffer.concat([outcome.stdout, outcome.stderr])).replaceAll("/build/", "");
      if (outcome.status.type === "exited" && outcome.status.code === 0) {
        const files = Object.entries(readFiles(new Cursor(reply, OUTCOME_PARTS), ""))
          .filter(([name]) => isArtifact(name))
          .map(([name, bytes]) => ({ name, bytes }));
        return { type: "compiled", program: { type: "native", language, main: names[0] ?? "", files }, log };
      }
      return { type: "rejected", log: `${log}${whyItFailed(outcome.status)}` };
    } finally {
      await this.#give(container);
    }
  }

  async run(program: Program, input: RunInput, limits: RunLimits): Promise<ValidatorOutcome> {
    const native = requireNative(program);
    const container = await this.#containerWith([native], limits.memoryBytesMax);
    const reply = await this.#ask(container, ["run", ...programSpecification(native, input, limits)]);
    const outcome = readOutcome(new Cursor(reply), limits.costMax);
    const directory = input.writableDirectory;
    const writtenFiles = directory === undefined ? {} : readFiles(new Cursor(reply, OUTCOME_PARTS), directory);
    return { ...outcome, writtenFiles };
  }

  async interact(
    submission: Program,
    submissionLimits: RunLimits,
    interactor: Program,
    interactorInput: RunInput,
    interactorLimits: RunLimits,
  ): Promise<InteractionOutcome> {
    const programs = [requireNative(submission), requireNative(interactor)] as const;
    const memoryBytes = submissionLimits.memoryBytesMax + interactorLimits.memoryBytesMax;
    const container = await this.#containerWith(programs, memoryBytes);
    const nothing = { args: [], stdin: new Uint8Array(0) };
    const reply = await this.#ask(container, [
      "pair",
      ...programSpecification(programs[0], nothing, submissionLimits),
      ...programSpecification(programs[1], interactorInput, interactorLimits),
    ]);
    const cursor = new Cursor(reply);
    const endedFirst = cursor.text() === "interactor" ? "interactor" : "submission";
    const submissionOutcome = readOutcome(cursor, submissionLimits.costMax);
    const interactorOutcome = readOutcome(cursor, interactorLimits.costMax);
    const writtenFiles = readFiles(cursor, interactorInput.writableDirectory ?? "/feedback/");
    return { submission: submissionOutcome, interactor: { ...interactorOutcome, writtenFiles }, endedFirst };
  }

  /** Removes every container of the session, also those at work. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#taken].map((container) => this.#give(container)));
  }

  /** What a dead container did is nobody's verdict. */
  async #ask(container: Container, parts: readonly Part[]): Promise<readonly Buffer[]> {
    try {
      return await container.ask(parts);
    } catch (error) {
      for (const [key, each] of this.#prepared) if (each === container) this.#prepared.delete(key);
      await this.#give(container);
      throw error;
    }
  }

  async #containerWith(programs: readonly NativeProgram[], memoryBytes: number): Promise<Container> {
    const key = programs.map(hashOf).join(" ");
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const container = await this.#take(Math.ceil(memoryBytes / MIB));
    const files = programs.flatMap((program, index) =>
      program.files.flatMap(({ name, bytes }): Part[] => [index === 0 ? name : `b/${name}`, bytes, 1]),
    );
    await this.#ask(container, ["install", ...files]);
    this.#prepared.set(key, container);
    return container;
  }

  async #take(memoryMiB: number): Promise<Container> {
    const container = await this.#pool.take(memoryMiB);
    this.#taken.add(container);
    if (!this.#closed) return container;
    await this.#give(container);
    throw new SandboxError("DIKAST_SANDBOX_CLOSED", "the session is closed");
  }

  async #give(container: Container): Promise<void> {
    this.#taken.delete(container);
    await this.#pool.give(container);
  }
}

function requireNative(program: Program): NativeProgram {
  if (program.type === "native") return program;
  throw new SandboxError("DIKAST_SANDBOX_RUNNER", "a program of another sandbox");
}

function hashOf({ main, files }: NativeProgram): string {
  const hash = createHash("sha256").update(main);
  for (const { name, bytes } of files) hash.update(`\0${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex");
}

interface Specification {
  readonly uid: number;
  readonly limits: RunLimits;
  readonly command: readonly string[];
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly filesMax: number;
  readonly stdin: Uint8Array;
}

function specification({ uid, limits, command, files, filesMax, stdin }: Specification): readonly Part[] {
  const given = Object.entries(files);
  return [
    uid,
    limits.costMax,
    wallMs(limits.costMax),
    limits.memoryBytesMax,
    limits.stdoutBytesMax,
    limits.stderrBytesMax,
    filesMax,
    command.length,
    ...command,
    given.length,
    ...given.flatMap(([path, bytes]): Part[] => [path, bytes]),
    stdin,
  ];
}

/** A program that is given files is the package's own: another user, so that a submission beside it sees none of them. */
function programSpecification(program: NativeProgram, input: RunInput, limits: RunLimits): readonly Part[] {
  const validator = input.files !== undefined || input.writableDirectory !== undefined;
  const command = NATIVE_LANGUAGES[program.language].run(program.main, Math.ceil(limits.memoryBytesMax / MIB));
  return specification({
    uid: validator ? VALIDATOR : SUBMISSION,
    limits,
    command: [...command, ...input.args],
    files: { ...input.files, ...input.writtenFiles },
    filesMax: input.writableDirectory === undefined ? 0 : limits.stdoutBytesMax,
    stdin: input.stdin,
  });
}

class Cursor {
  readonly #parts: readonly Buffer[];
  #at: number;

  constructor(parts: readonly Buffer[], at = 0) {
    this.#parts = parts;
    this.#at = at;
  }

  get more(): boolean {
    return this.#at < this.#parts.length;
  }

  bytes(): Buffer {
    const part = this.#parts[this.#at++];
    if (part === undefined) throw new SandboxError("DIKAST_SANDBOX_RUNNER", "the runner's reply is too short");
    return part;
  }

  text(): string {
    return this.bytes().toString();
  }

  number(): number {
    const value = Number(this.text());
    if (!Number.isSafeInteger(value))
      throw new SandboxError("DIKAST_SANDBOX_RUNNER", "the runner's reply holds no number");
    return Math.max(0, value);
  }
}

/** status, code, CPU time, memory, stdout, stderr. */
const OUTCOME_PARTS = 6;

function readOutcome(cursor: Cursor, costMax: number): Omit<ValidatorOutcome, "writtenFiles"> {
  const status = readStatus(cursor.text(), cursor.number());
  const cost = Math.min(cursor.number(), costMax);
  const memoryBytes = cursor.number();
  return {
    status,
    cost: status.type === "cost-exceeded" ? costMax : cost,
    memoryBytes,
    stdout: cursor.bytes(),
    stderr: cursor.bytes(),
  };
}

function readStatus(status: string, code: number): RunStatus {
  switch (status) {
    case "exited":
      return { type: "exited", code };
    case "signalled":
      return { type: "trapped", reason: `signal ${code}` };
    case "cpu":
    case "wall":
      return { type: "cost-exceeded" };
    case "memory":
      return { type: "memory-exceeded" };
    case "output":
      return { type: "output-exceeded" };
    default:
      throw new SandboxError("DIKAST_SANDBOX_RUNNER", `the runner knows a status "${status}"`);
  }
}

function readFiles(cursor: Cursor, directory: string): Readonly<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  while (cursor.more) files[directory + cursor.text()] = cursor.bytes();
  return files;
}

function whyItFailed(status: RunStatus): string {
  switch (status.type) {
    case "cost-exceeded":
      return "\nthe compiler took too long";
    case "memory-exceeded":
      return "\nthe compiler took too much memory";
    case "output-exceeded":
      return "\nthe compiler says too much";
    case "trapped":
      return `\nthe compiler failed (${status.reason})`;
    case "exited":
    case "abstained":
      return "";
  }
}
