/** Which sandbox a node uses: its own, or one that several nodes of a machine share over a socket. */
import type { Sandbox } from "../../../sandbox/index.ts";
import { setTimeout } from "node:timers/promises";
import type { Settings } from "../config/index.ts";

export async function openSandbox(settings: Pick<Settings, "sandbox" | "evaluator" | "slots">): Promise<Sandbox> {
  if (settings.sandbox === "fake") {
    const { FakeSandbox } = await import("../../../sandbox/fake/index.ts");
    return new FakeSandbox();
  }
  // Loaded when needed: a node that shares an evaluator starts faster without the sandbox's own parts.
  const { connectEvaluator, createWasmSandbox } = await import("../../../sandbox/wasm/index.ts");
  if (settings.evaluator !== "") return await patiently(() => connectEvaluator(settings.evaluator));
  return await createWasmSandbox({ workers: Math.max(1, settings.slots) });
}

/** A shared evaluator starts together with its nodes, and gets its compilers ready first. */
const EVALUATOR_WAIT_MS_MAX = 60_000;
const EVALUATOR_RETRY_MS = 50;

async function patiently(connect: () => Promise<Sandbox>): Promise<Sandbox> {
  const endMs = performance.now() + EVALUATOR_WAIT_MS_MAX;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if ((error as { code?: string }).code !== "DIKAST_SANDBOX_UNREACHABLE" || performance.now() > endMs) throw error;
      await setTimeout(EVALUATOR_RETRY_MS);
    }
  }
}
