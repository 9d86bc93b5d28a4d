/** Everything that decides a run of the embedded sandbox, and its hash (protocol.md §7). */
import { createHash } from "node:crypto";
import type { Language } from "../../../src/model/language.ts";
import type { JudgeProfile } from "../../sandbox.ts";
import {
  COST_PER_VIRTUAL_MS,
  COST_TABLE,
  COST_TABLE_VERSION,
  INTERPRETER_COST_TABLE,
  METER_VERSION,
} from "../meter/index.ts";
import { STACK_BYTES_MAX, WASI_VERSION } from "../wasi/index.ts";

export const SANDBOX_LANGUAGES: readonly Language[] = ["c", "cpp", "python3", "javascript", "typescript"];

/** @param toolchainParts names and hashes of compilers and runtimes. */
export function judgeProfile(toolchainParts: Readonly<Record<string, string>>): JudgeProfile {
  const parts: Record<string, string> = {
    ...toolchainParts,
    "meter.version": String(METER_VERSION),
    "meter.costs": `${COST_TABLE_VERSION} ${sha256(JSON.stringify([COST_TABLE, INTERPRETER_COST_TABLE]))}`,
    "meter.stackBytes": String(STACK_BYTES_MAX),
    "wasi.version": String(WASI_VERSION),
  };
  const sorted = Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    sandbox: "wasm",
    hash: sha256(JSON.stringify(["dikast/profile/1", SANDBOX_LANGUAGES, COST_PER_VIRTUAL_MS, sorted])),
    languages: SANDBOX_LANGUAGES,
    costPerVirtualMs: COST_PER_VIRTUAL_MS,
    parts: Object.fromEntries(sorted),
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
