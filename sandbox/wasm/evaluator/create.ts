/** Puts an evaluator together. */
import type { JudgeProfile, Sandbox } from "../../sandbox.ts";
import { Evaluator } from "./evaluator.ts";
import { LocalSandbox } from "./local-sandbox.ts";
import { evaluatorOptions, type WasmSandboxOptions } from "./options.ts";
import { judgeProfile } from "./profile.ts";
import { toolchainParts } from "./toolchains.ts";

/** @throws SandboxError when the processes do not start, if they are to start at once. */
export async function createEvaluator(
  options: WasmSandboxOptions,
): Promise<{ readonly evaluator: Evaluator; readonly profile: JudgeProfile }> {
  const resolved = evaluatorOptions(options);
  const evaluator = new Evaluator(resolved);
  try {
    if (options.lazy !== true) await evaluator.start();
    return { evaluator, profile: judgeProfile(toolchainParts(resolved.cacheDirectory)) };
  } catch (error) {
    await evaluator.close();
    throw error;
  }
}

/**
 * The embedded sandbox with processes of its own.
 * @throws SandboxError when it cannot start.
 */
export async function createWasmSandbox(options: WasmSandboxOptions = {}): Promise<Sandbox> {
  const { evaluator, profile } = await createEvaluator(options);
  return new LocalSandbox(evaluator, profile, "local", () => evaluator.close());
}
