/** Carries out fake scripts: deterministic, without compilers, processes or files. */
import type {
  InteractionOutcome,
  Program,
  RunInput,
  RunLimits,
  RunOutcome,
  Runner,
  RunStatus,
  ValidatorOutcome,
} from "../engine.ts";
import { type Instruction, parseScript } from "./script.ts";

/** What every run costs and holds before its first instruction. */
export const BASE_COST = 1_000;
export const BASE_MEMORY_BYTES = 65_536;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class FakeRunner implements Runner {
  async run(program: Program, input: RunInput, limits: RunLimits): Promise<ValidatorOutcome> {
    await Promise.resolve();
    return new Execution(input, limits).carryOut(scriptOf(program));
  }

  async interact(
    submission: Program,
    submissionLimits: RunLimits,
    interactor: Program,
    interactorInput: RunInput,
    interactorLimits: RunLimits,
  ): Promise<InteractionOutcome> {
    await Promise.resolve();
    const talker = new Execution({ args: [], stdin: new Uint8Array() }, submissionLimits);
    const script = scriptOf(submission);
    if (script.some((instruction) => instruction.type === "guess")) return guessing(talker, interactorInput);
    const outcome = talker.carryOut(script);
    const judge = new Execution({ ...interactorInput, stdin: outcome.stdout }, interactorLimits);
    return { submission: outcome, interactor: judge.carryOut(scriptOf(interactor)), endedFirst: "submission" };
  }
}

/** Both sides of the guessing game, which is always won. */
function guessing(talker: Execution, interactorInput: RunInput): InteractionOutcome {
  const files = Object.values(interactorInput.files ?? {});
  const secret = Number(decoder.decode(files[0]).trim());
  let [low, high, guesses] = [1, 1000, 0];
  for (; low < high; guesses += 1) {
    const middle = (low + high) >> 1;
    if (secret <= middle) high = middle;
    else low = middle + 1;
  }
  talker.cost += guesses;
  const done = talker.outcome({ type: "exited", code: 0 });
  return { submission: done, interactor: { ...done, status: { type: "exited", code: 42 } }, endedFirst: "interactor" };
}

function scriptOf(program: Program): Instruction[] {
  if (program.type !== "python") return [];
  return parseScript(program.sources.map((source) => decoder.decode(source.bytes)).join("\n"));
}

class Execution {
  readonly #input: RunInput;
  readonly #limits: RunLimits;
  readonly #written: Record<string, Uint8Array>;
  #stdout = "";
  #memoryBytes = BASE_MEMORY_BYTES;
  cost = BASE_COST;

  constructor(input: RunInput, limits: RunLimits) {
    this.#input = input;
    this.#limits = limits;
    this.#written = { ...input.writtenFiles };
  }

  carryOut(script: readonly Instruction[]): ValidatorOutcome {
    for (const instruction of script) {
      const status = this.#step(instruction) ?? this.#limitHit();
      if (status !== undefined) return this.outcome(status);
    }
    return this.outcome({ type: "exited", code: 0 });
  }

  outcome(status: RunStatus): ValidatorOutcome {
    const stdout = encoder.encode(this.#stdout).subarray(0, this.#limits.stdoutBytesMax);
    const run: RunOutcome = {
      status,
      cost: Math.min(this.cost, this.#limits.costMax),
      memoryBytes: Math.min(this.#memoryBytes, this.#limits.memoryBytesMax),
      stdout,
      stderr: new Uint8Array(),
    };
    return { ...run, writtenFiles: this.#written };
  }

  /** The status that ends the run, if this instruction does. */
  #step(instruction: Instruction): RunStatus | undefined {
    const stdin = decoder.decode(this.#input.stdin);
    switch (instruction.type) {
      case "print":
        this.#stdout += `${instruction.text}\n`;
        return undefined;
      case "cat":
        this.#stdout += stdin;
        return undefined;
      case "sum":
        this.#stdout += `${(stdin.match(/-?\d+/g) ?? []).reduce((sum, digits) => sum + BigInt(digits), 0n)}\n`;
        return undefined;
      case "cost":
        this.cost += instruction.amount;
        return undefined;
      case "memory":
        this.#memoryBytes += instruction.amount;
        return undefined;
      case "loop":
        this.cost = this.#limits.costMax;
        return { type: "cost-exceeded" };
      case "allocate":
        this.#memoryBytes = this.#limits.memoryBytesMax;
        return { type: "memory-exceeded" };
      case "flood":
        return { type: "output-exceeded" };
      case "crash":
        return { type: "trapped", reason: "unreachable" };
      case "exit":
        return { type: "exited", code: instruction.amount };
      case "abstain":
        return { type: "abstained", reason: "the fake was told to" };
      case "feedback":
        this.#written[`${this.#input.writableDirectory ?? ""}${instruction.name}`] = encoder.encode(instruction.text);
        return undefined;
      case "compare":
        return { type: "exited", code: this.#equalsAnswer(stdin) ? 42 : 43 };
      case "when":
        return stdin.includes(instruction.text) ? this.#step(instruction.instruction) : undefined;
      case "reject":
      case "guess":
      case "answer-guesses":
        return undefined;
    }
  }

  #limitHit(): RunStatus | undefined {
    if (this.cost > this.#limits.costMax) return { type: "cost-exceeded" };
    if (this.#memoryBytes > this.#limits.memoryBytesMax) return { type: "memory-exceeded" };
    return this.#stdout.length > this.#limits.stdoutBytesMax ? { type: "output-exceeded" } : undefined;
  }

  #equalsAnswer(stdin: string): boolean {
    const answer = Object.entries(this.#input.files ?? {}).find(([path]) => path.endsWith(".ans"))?.[1];
    return decoder.decode(answer).trim() === stdin.trim();
  }
}
