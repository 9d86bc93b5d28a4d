/** Runs one program on an input of its owner's, without judging it (`dikast run`). */
import type { CompileLimits } from "../engine.ts";
import type { RunResult, RunTask } from "../sandbox.ts";
import type { JudgeEngine } from "./engine.ts";
import { statusVerdict } from "./validation.ts";

const MIB = 1024 * 1024;
/** The compiler's bounds; a judged submission's come from its problem. */
export const FREE_RUN_COMPILE_LIMITS: CompileLimits = { timeMs: 60_000, memoryMiB: 2048 };

/** CE and JE carry their reason in the log. @throws when the compiler itself fails. */
export async function runFreely(
  task: RunTask,
  engine: Pick<JudgeEngine, "compile" | "costMaxFor" | "runner">,
  costPerVirtualMs: number,
): Promise<RunResult> {
  const nothing = new Uint8Array(0);
  const empty = { exitCode: undefined, cost: 0, virtualMs: 0, memoryBytes: 0, stdout: nothing, stderr: nothing };
  const compiled = await engine.compile(task.language, task.sources, FREE_RUN_COMPILE_LIMITS);
  if (compiled.type === "rejected") return { ...empty, verdict: "CE", compileLog: compiled.log };
  const outputBytesMax = task.outputLimitMiB * MIB;
  const outcome = await engine.runner.run(
    compiled.program,
    { args: task.args ?? [], stdin: task.stdin },
    {
      costMax: engine.costMaxFor(task.language, task.timeLimitMs),
      memoryBytesMax: task.memoryLimitMiB * MIB,
      stdoutBytesMax: outputBytesMax,
      stderrBytesMax: outputBytesMax,
    },
  );
  const { status, cost, memoryBytes, stdout, stderr } = outcome;
  if (status.type === "abstained") return { ...empty, verdict: "JE", compileLog: status.reason };
  return {
    verdict: statusVerdict(status) ?? "AC",
    exitCode: status.type === "exited" ? status.code : undefined,
    ...(status.type === "trapped" ? { trap: status.reason } : {}),
    cost,
    virtualMs: cost / costPerVirtualMs,
    memoryBytes,
    stdout,
    stderr,
    compileLog: compiled.log,
  };
}
