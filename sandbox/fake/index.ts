/**
 * A sandbox without compilers or processes, for tests and the simulator. Programs are scripts in comments:
 *
 * ```ts
 * const sandbox = new FakeSandbox();
 * await sandbox.judge({ ...task, sources: [{ name: "a.py", bytes: encode("# @FAKE@ sum") }] });
 * ```
 */
export { FAKE_COST_PER_MS, FakeSandbox, type FakeSandboxOptions } from "./fake-sandbox.ts";
export { FakeRunner } from "./runner.ts";
export { type Instruction, parseScript } from "./script.ts";
