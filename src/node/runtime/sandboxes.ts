/** Which sandbox a node uses: its own, or one that several nodes of a machine share over a socket. */
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { Settings } from "./settings.ts";

export async function openSandbox(settings: Pick<Settings, "sandbox" | "evaluator" | "slots">): Promise<Sandbox> {
  if (settings.sandbox === "fake") {
    const { FakeSandbox } = await import("../../../sandbox/fake/index.ts");
    return new FakeSandbox();
  }
  throw new Error("not built yet");
}
