/** The `Runner` of the embedded sandbox: runs programs in the calling thread, one at a time. */
import type { InteractionOutcome, Program, RunInput, RunLimits, Runner, ValidatorOutcome } from "../../engine.ts";
import { ConversationSide, createConversation, SIDE } from "./conversation.ts";
import { createEngines, type EngineOptions, type Engines, type ProgramOf, runWith } from "./engines.ts";
import { warmMeter } from "./module-cache.ts";
import { Peer } from "./peer.ts";

export interface RunnerOptions extends EngineOptions {
  /** Called before each run with the cost it may spend at most: for whoever watches the wall clock. */
  readonly onRun?: (costMax: number) => void;
}

const MIB = 1024 * 1024;
const WARMING_LIMITS: RunLimits = {
  costMax: 1e9,
  memoryBytesMax: 64 * MIB,
  stdoutBytesMax: MIB,
  stderrBytesMax: MIB,
};

/**
 * The calling thread must have `ENGINE_STACK_MIB` of stack (a worker with `resourceLimits.stackSizeMb`) for deep
 * recursion to end by the meter; with less, very deep runs abstain.
 */
export class WasmRunner implements Runner {
  readonly #options: RunnerOptions;
  readonly engines: Engines;
  #peer: Peer | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.engines = createEngines(options);
  }

  async run(program: Program, input: RunInput, limits: RunLimits): Promise<ValidatorOutcome> {
    this.#options.onRun?.(limits.costMax);
    // Between runs the thread hears what it is told.
    await Promise.resolve();
    return runWith(this.engines, program, input, limits);
  }

  /** With an ordinary program: the first runs of those that people wait for then take as long as any other. */
  async warm(program: ProgramOf<"wasi">): Promise<void> {
    warmMeter(program.module);
    await this.run(program, { args: [], stdin: new Uint8Array(0) }, WARMING_LIMITS);
  }

  async interact(
    submission: Program,
    submissionLimits: RunLimits,
    interactor: Program,
    interactorInput: RunInput,
    interactorLimits: RunLimits,
  ): Promise<InteractionOutcome> {
    this.#options.onRun?.(submissionLimits.costMax + interactorLimits.costMax);
    this.#peer ??= new Peer({ cacheDirectory: this.#options.cacheDirectory });
    const conversation = createConversation();
    const side = new ConversationSide(conversation, SIDE.submission);
    const job = { conversation, program: interactor, input: interactorInput, limits: interactorLimits };
    const { outcome, result } = await this.#peer.converse(job, () => {
      side.begin();
      try {
        return runWith(this.engines, submission, { args: [], stdin: new Uint8Array(0) }, submissionLimits, side);
      } finally {
        side.end();
      }
    });
    return { submission: result, interactor: outcome, endedFirst: side.endedFirst };
  }

  async close(): Promise<void> {
    await this.#peer?.close();
    this.#peer = undefined;
  }
}
