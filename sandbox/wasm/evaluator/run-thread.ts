/** Entry of the thread that runs programs: carries out one job after the other. */
import { parentPort, workerData } from "node:worker_threads";
import type { Language } from "../../../src/model/language.ts";
import type { CompileOutcome } from "../../engine.ts";
import {
  FREE_RUN_COMPILE_LIMITS,
  judge,
  type JudgeEngine,
  JudgeFault,
  prepare,
  runFreely,
} from "../../judging/index.ts";
import type { JudgeProgress } from "../../sandbox.ts";
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";
import { WasmRunner } from "../runner/index.ts";
import { RunWatch } from "./run-watch.ts";
import { createInterpretedToolchains, sampleOf } from "./toolchains.ts";
import type { CompileReply, CompileRequest, FromRunProcess, Job, JobResult, ToRunProcess } from "./messages.ts";

/** People see no more of them, and each wakes the processes above. */
const PROGRESS_EVERY_MS = 50;

const { cacheDirectory, watch: shared } = workerData as {
  readonly cacheDirectory: string;
  readonly watch: SharedArrayBuffer;
};
const watch = new RunWatch(shared);
const tell = (message: FromRunProcess): void => parentPort?.postMessage(message);

const runner = new WasmRunner({ cacheDirectory, onRun: (costMax) => watch.begin(costMax) });
const interpreted = createInterpretedToolchains(cacheDirectory, runner.engines);
const compiling = new Map<number, (reply: CompileReply) => void>();
let nextCompile = 0;

async function compile(request: CompileRequest): Promise<CompileOutcome> {
  const here = interpreted.get(request.language);
  if (here !== undefined) {
    watch.begin(request.limits.timeMs * COST_PER_VIRTUAL_MS);
    return await here.compile(request.sources, request.limits);
  }
  watch.idle();
  const id = nextCompile++;
  const reply = await new Promise<CompileReply>((resolve) => {
    compiling.set(id, resolve);
    tell({ type: "compile", id, request });
  });
  if (reply.type === "failed") throw new JudgeFault(reply.reason);
  return reply.outcome;
}

const engine: JudgeEngine = {
  runner,
  digestFields: "exact",
  compile: (language, sources, limits) => compile({ language, sources, limits }),
  costMaxFor: (_language, timeMs) => timeMs * COST_PER_VIRTUAL_MS,
};

async function carryOut(job: Job): Promise<JobResult> {
  switch (job.type) {
    case "judge": {
      let toldMs = 0;
      const onProgress = (progress: JudgeProgress): void => {
        const nowMs = performance.now();
        if (progress.done < progress.total && nowMs - toldMs < PROGRESS_EVERY_MS) return;
        toldMs = nowMs;
        tell({ type: "progress", progress });
      };
      return { type: "judge", result: await judge(job.task, engine, { onProgress }) };
    }
    case "run":
      return { type: "run", result: await runFreely(job.task, engine, COST_PER_VIRTUAL_MS) };
    case "prepare": {
      const program = await prepare(job.problem, job.packageDirectory, engine);
      if (program?.type === "wasi") await runner.warm(program);
      return { type: "prepare" };
    }
    case "warm":
      for (const language of job.languages) await warm(language);
      return { type: "warm" };
  }
}

async function warm(language: Language): Promise<void> {
  const sample = sampleOf(language);
  if (sample === undefined) return await interpreted.get(language)?.warm();
  const compiled = await compile({ language, sources: [sample], limits: FREE_RUN_COMPILE_LIMITS });
  if (compiled.type === "compiled" && compiled.program.type === "wasi") await runner.warm(compiled.program);
}

async function onJob(job: Job): Promise<void> {
  try {
    tell({ type: "finished", result: await carryOut(job), residentBytes: 0 });
  } catch (error) {
    tell({ type: "failed", reason: error instanceof Error ? error.message : "unknown failure" });
  } finally {
    watch.idle();
  }
}

parentPort?.on("message", (message: ToRunProcess) => {
  if (message.type === "job") void onJob(message.job);
  else {
    compiling.get(message.id)?.(message.reply);
    compiling.delete(message.id);
  }
});
tell({ type: "ready" });
