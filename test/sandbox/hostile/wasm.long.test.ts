import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createWasmSandbox } from "../../../sandbox/wasm/evaluator/index.ts";
import { testHostilePrograms } from "./suite.ts";

/** Of a run process between jobs: its code, prepared runtimes, and memories that are not collected yet. */
const RESIDENT_MIB_MAX = 1_024;

testHostilePrograms(() => createWasmSandbox({ workers: 1 }), { kind: "wasm", inspect });

/** One run process and one compile process, and none of them has grown. */
function inspect(): void {
  const children = readdirSync(`/proc/${process.pid}/task`).flatMap(childrenOf);
  const running = children.filter((pid) => !/^State:\s+Z/m.test(statusOf(pid)));
  assert.ok(running.length <= 2, `${running.length} processes`);
  for (const pid of running) {
    const residentMib = Number(/^VmRSS:\s+([0-9]+) kB/m.exec(statusOf(pid))?.[1] ?? 0) / 1_024;
    const command = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";
    if (command.includes("run-process")) assert.ok(residentMib <= RESIDENT_MIB_MAX, `${residentMib} MiB`);
  }
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "State:\tZ (gone)\n";
  }
}

function childrenOf(task: string): readonly string[] {
  const path = `/proc/${process.pid}/task/${task}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").trim().split(" ").filter(Boolean) : [];
}
