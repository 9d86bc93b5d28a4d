/** Which sandbox a node uses: its own, or one that several nodes of a machine share over a socket. */
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { Settings } from "../config/index.ts";

export async function openSandbox(settings: Pick<Settings, "sandbox" | "evaluator" | "slots">): Promise<Sandbox> {
  if (settings.sandbox === "fake") {
    const { FakeSandbox } = await import("../../../sandbox/fake/index.ts");
    return new FakeSandbox();
  }
  // Loaded when needed: a node that shares an evaluator starts faster without the sandbox's own parts.
  const { connectEvaluator, createWasmSandbox } = await import("../../../sandbox/wasm/index.ts");
  if (settings.evaluator !== "") return await connectEvaluator(settings.evaluator);
  return await createWasmSandbox({ workers: Math.max(1, settings.slots) });
}
