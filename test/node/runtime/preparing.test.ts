import assert from "node:assert/strict";
import { test } from "node:test";
import { Preparation } from "../../../src/node/runtime/preparing.ts";
import type { ProblemInUse } from "../../../src/node/runtime/problem-library.ts";
import { eventually } from "../../support/eventually.ts";

/** A library that has every problem, and a sandbox that writes down what it prepares. */
function rig(prepare: (problem: string, signal: AbortSignal) => Promise<void> = async () => undefined) {
  const prepared: string[] = [];
  const failed: string[] = [];
  const state = { busy: false, held: 0, most: 0 };
  let running = 0;
  const preparation = new Preparation({
    library: {
      use: async (problem) => {
        state.held += 1;
        const release = (): void => void (state.held -= 1);
        return { problem: { name: problem }, directory: problem, release } as unknown as ProblemInUse;
      },
    },
    sandbox: async () => ({
      prepare: async (_problem, directory, options) => {
        running += 1;
        state.most = Math.max(state.most, running);
        try {
          await prepare(directory, options?.signal ?? AbortSignal.timeout(1));
          prepared.push(directory);
        } finally {
          running -= 1;
        }
      },
    }),
    isBusy: () => state.busy,
    quietMs: 400,
    onFailed: (problem) => failed.push(problem),
  });
  return { preparation, prepared, failed, state };
}

test("preparing: problems that open: each once, one at a time, none while evaluations run", async () => {
  const { preparation, prepared, state } = rig();
  state.busy = true;
  for (const problem of ["a", "b", "a"]) preparation.want(problem);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assert.deepEqual(prepared, []);
  state.busy = false;
  await eventually("both are prepared", () => prepared.length === 2);
  preparation.want("b");
  preparation.want("c");
  await eventually("the third is prepared", () => prepared.length === 3);
  assert.deepEqual([prepared, state.most, state.held], [["a", "b", "c"], 1, 0]);
});

test("preparing: one that fails: the others are prepared, and it is tried again when it opens again", async () => {
  let faulty = true;
  const { preparation, prepared, failed, state } = rig(async (problem) => {
    if (problem === "a" && faulty) throw new Error("no memory");
  });
  preparation.want("a");
  preparation.want("b");
  await eventually("the second is prepared", () => prepared.length === 1);
  faulty = false;
  preparation.want("a");
  await eventually("the first is prepared", () => prepared.length === 2);
  assert.deepEqual([failed, state.held], [["a"], 0]);
});

test("preparing: the node stops: what is compiled is given up, and nothing is begun", async () => {
  const { preparation, prepared, failed, state } = rig(
    async (_problem, signal) =>
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
  );
  preparation.want("a");
  preparation.want("b");
  await eventually("the first is begun", () => state.held === 1);
  await preparation.stop();
  preparation.want("c");
  assert.deepEqual([prepared, failed, state.held], [[], [], 0]);
});
