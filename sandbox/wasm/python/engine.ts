/** Runs Python programs: each in a new instance of CPython, restored from the snapshot of a started one. */
import type { Program, RunInput, RunLimits, RunOutcome, RunStatus, ValidatorOutcome } from "../../engine.ts";
import { DiskCache } from "../interpreter/disk-cache.ts";
import { type InterpreterOptions, type InterpreterSettings, settingsOf } from "../interpreter/options.ts";
import { COST_PER_VIRTUAL_MS, COST_TABLE } from "../meter/index.ts";
import type { ProgramIo } from "../interpreter/program-io.ts";
import { dropMemory } from "../interpreter/reclaim.ts";
import { RunAccount } from "../interpreter/run-account.ts";
import { LearningModule } from "../interpreter/native-code.ts";
import { CODE_KEPT_AFTER, WARMING_RUNS, withQuickStart } from "../interpreter/tiering.ts";
import { restoreSnapshot } from "../interpreter/snapshot.ts";
import { ENVIRONMENT, type PreparedPython, preparePython } from "./boot.ts";
import { FileSystem } from "./file-system.ts";
import { Interpreter } from "./interpreter.ts";
import {
  LIBRARY_DIRECTORY,
  MEMORY_ERROR_EXIT_CODE,
  PROGRAM_DIRECTORY,
  SYNTAX_ERROR_EXIT_CODE,
  TASK_FILE,
} from "./prelude.ts";

export type PythonProgram = Program & { readonly type: "python" };

export interface PythonEngine {
  /** @param io where the program talks to another one; stdin of `input` is then not used. */
  run(program: PythonProgram, input: RunInput, limits: RunLimits, io?: ProgramIo): ValidatorOutcome;
  /** Runs a little of everything, so that the first program finds its interpreter compiled to machine code. */
  warm(): void;
  /** Compiles every source without running it. @returns the messages of the compiler; empty when all is well. */
  checkSyntax(program: PythonProgram, limits: RunLimits): { readonly outcome: RunOutcome; readonly valid: boolean };
}

/** Memory grows in steps, so that a growing program does not pay for a new view of it each time. */
const GROWTH_STEP_BYTES = 1 << 20;
/** As a page costs where a program grows its memory itself. */
const FUEL_PER_PAGE = COST_TABLE.growPage;
const PAGE_BYTES = 65_536;

type Command = "run" | "check";

const NO_INPUT: RunInput = { args: [], stdin: new Uint8Array(0) };
const WARM_LIMITS: RunLimits = {
  costMax: 10_000 * COST_PER_VIRTUAL_MS,
  memoryBytesMax: 2 ** 28,
  stdoutBytesMax: 2 ** 20,
  stderrBytesMax: 2 ** 16,
};
/** What most programs do: parse numbers, loop, call, sort, use dictionaries, format, print. */
const WARM_SOURCE = `
import sys, collections, heapq, bisect
def work(n):
    data = [int(x) for x in " ".join(map(str, range(n))).split()]
    table = collections.Counter(x % 97 for x in data)
    table.update({str(x): x for x in data[:99]})
    heap = []
    for x in data:
        heapq.heappush(heap, (x * 7919 % 1009, x))
    while heap:
        heapq.heappop(heap)
    data.sort(key=lambda x: -x)
    bisect.bisect(sorted(data), 5)
    text = "".join(f"{x}:{x / 3:.3f} " for x in data[:99])
    fib = lambda k: k if k < 2 else fib(k - 1) + fib(k - 2)
    return len(text) + fib(15) + sum(x * x for x in data) + pow(3, n, 10**9 + 7)
for line in sys.stdin: pass
for _ in range(20): print(work(500))
`;

function warmProgram(source: string): PythonProgram {
  return { type: "python", sources: [{ name: "main.py", bytes: new TextEncoder().encode(source) }] };
}

/** Loads or makes the prepared runtime; takes seconds the first time, tens of milliseconds later. */
export function createPythonEngine(options: InterpreterOptions): PythonEngine {
  const settings = settingsOf(options, "python");
  const cache = new DiskCache(settings.cacheDirectory);
  const prepared = withQuickStart(() => preparePython(cache, settings.meter));
  const learning = { cache, kind: "python-code", wireHash: prepared.key, keptAfter: CODE_KEPT_AFTER };
  const code = new LearningModule(prepared.module, learning);
  const execute = (
    command: Command,
    program: PythonProgram,
    input: RunInput,
    limits: RunLimits,
    io?: ProgramIo,
  ): ValidatorOutcome => {
    const execution = new Execution(prepared, code, settings, limits);
    const outcome = withQuickStart(() => execution.run(command, program, input, io));
    dropMemory(outcome.memoryBytes);
    return outcome;
  };

  return {
    run: (program, input, limits, io) => execute("run", program, input, limits, io),
    warm: () => code.warm(WARMING_RUNS, () => void execute("run", warmProgram(WARM_SOURCE), NO_INPUT, WARM_LIMITS)),
    checkSyntax: (program, limits) => {
      const outcome = execute("check", program, NO_INPUT, limits);
      const { status } = outcome;
      return { outcome, valid: status.type === "exited" && status.code === 0 };
    },
  };
}

class Execution {
  readonly #prepared: PreparedPython;
  readonly #code: LearningModule;
  readonly #settings: InterpreterSettings;
  readonly #limits: RunLimits;

  constructor(prepared: PreparedPython, code: LearningModule, settings: InterpreterSettings, limits: RunLimits) {
    this.#prepared = prepared;
    this.#code = code;
    this.#settings = settings;
    this.#limits = limits;
  }

  run(command: Command, program: PythonProgram, input: RunInput, io: ProgramIo | undefined): ValidatorOutcome {
    const { meter, rate, costPerVirtualMs } = this.#settings;
    const { snapshot, library } = this.#prepared;
    const limits = this.#limits;
    const files = new FileSystem(
      { writtenBytesMax: input.writableDirectory === undefined ? 0 : limits.stdoutBytesMax },
      io === undefined ? input.stdin : undefined,
    );
    files.mount(LIBRARY_DIRECTORY, library);
    placeInput(files, command, program, input);

    const random = xorshift();
    const account: { current: RunAccount | undefined } = { current: undefined };
    const ledger = (): RunAccount => {
      if (account.current === undefined) throw new TypeError("the program runs before its account is open");
      return account.current;
    };
    const interpreter = new Interpreter(this.#code.module, meter.imports, (self) => ({
      memory: self.guest,
      files,
      io: {
        read: (max) => io?.read(max) ?? new Uint8Array(0),
        write: (fd, bytes) => ledger().write(fd, bytes, io),
      },
      environment: ENVIRONMENT,
      charge: (fuel) => ledger().charge(fuel),
      elapsedNs: () => BigInt(Math.floor((ledger().cost / costPerVirtualMs) * 1e6)),
      fillRandom: random,
      grow: (bytes) => {
        const wanted = Math.ceil(bytes / GROWTH_STEP_BYTES) * GROWTH_STEP_BYTES;
        if (bytes > limits.memoryBytesMax) ledger().end({ type: "memory-exceeded" });
        const target = Math.min(wanted, limits.memoryBytesMax - (limits.memoryBytesMax % PAGE_BYTES));
        ledger().charge(Math.ceil(Math.max(0, target - self.guest.size) / PAGE_BYTES) * FUEL_PER_PAGE);
        if (self.growTo(Math.max(bytes, target))) return true;
        return ledger().end({ type: "abstained", reason: "the host has no memory left" });
      },
      exit: (code) => ledger().end(statusOfExit(code)),
    }));
    if (!interpreter.growTo(snapshot.memoryBytes)) throw new RangeError("the host has no memory left");
    restoreSnapshot(interpreter.guest.all(), snapshot);
    const { stackBase = 0, stackEnd = 0, stackPointer = 0, command: entry = 0 } = snapshot.state;
    account.current = new RunAccount(meter.gauge(interpreter.instance), rate, limits);
    interpreter.useStack(stackBase, stackEnd, stackPointer);
    const status = ledger().settle((): RunStatus => {
      interpreter.call("PyRun_SimpleString", entry);
      return { type: "trapped", reason: "the interpreter ended without an exit code" };
    });
    const outcome = ledger().outcome(status, interpreter.guest.size);
    this.#code.learn(interpreter.instance);
    return { ...outcome, writtenFiles: files.filesBelow(input.writableDirectory) };
  }
}

function placeInput(files: FileSystem, command: Command, program: PythonProgram, input: RunInput): void {
  const main = program.sources[0]?.name ?? "main.py";
  files.addDirectory(PROGRAM_DIRECTORY, { writable: false });
  for (const { name, bytes } of program.sources) files.addFile(`${PROGRAM_DIRECTORY}/${name}`, bytes);
  for (const [path, bytes] of Object.entries(input.files ?? {})) files.addFile(path, bytes);
  if (input.writableDirectory !== undefined) files.addDirectory(input.writableDirectory, { writable: true });
  for (const [path, bytes] of Object.entries(input.writtenFiles ?? {})) files.restoreFile(path, bytes);
  files.addFile(TASK_FILE, new TextEncoder().encode([command, main, ...input.args].join("\0")));
}

function statusOfExit(code: number): RunStatus {
  if (code === MEMORY_ERROR_EXIT_CODE) return { type: "memory-exceeded" };
  return { type: "exited", code: code === SYNTAX_ERROR_EXIT_CODE ? 1 : code & 255 };
}

/** The program's only randomness: the same numbers in every run (xorshift32, Marsaglia 2003). */
function xorshift(): (bytes: Uint8Array) => void {
  let state = 0x9e3779b9;
  return (bytes) => {
    for (let index = 0; index < bytes.length; index += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[index] = state & 255;
    }
  };
}
