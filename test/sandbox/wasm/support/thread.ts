/** The thread behind `threads.ts`: runs programs as a run process would, with its stack. */
import { parentPort } from "node:worker_threads";
import type { Program, RunInput, RunLimits } from "../../../../sandbox/engine.ts";
import { WasmRunner } from "../../../../sandbox/wasm/runner/index.ts";

const runner = new WasmRunner({ cacheDirectory: "/nonexistent" });

export interface ThreadJob {
  readonly program: Program;
  readonly input: RunInput;
  readonly limits: RunLimits;
  readonly interactor?: { readonly program: Program; readonly input: RunInput };
}

async function carryOut({ program, input, limits, interactor }: ThreadJob): Promise<unknown> {
  if (interactor === undefined) return await runner.run(program, input, limits);
  return await runner.interact(program, limits, interactor.program, interactor.input, limits);
}

parentPort?.on("message", (job: ThreadJob) => {
  carryOut(job).then(
    (outcome) => parentPort?.postMessage({ outcome }),
    (error: unknown) => parentPort?.postMessage({ error }),
  );
});
