/**
 * Judging: from a task and an engine (compilers and a runner) to a verdict. Every sandbox judges through this.
 *
 * ```ts
 * const result = await judge(task, engine, { signal, onProgress });
 * result.verdict; // "AC"
 * ```
 */
export { type Comparison, type ComparisonRules, compareOutput, parseComparisonRules } from "./default-validator.ts";
export { type DigestFields, resultDigest } from "./digest.ts";
export { type JudgeEngine, JudgeFault } from "./engine.ts";
export { FREE_RUN_COMPILE_LIMITS, runFreely } from "./free-run.ts";
export { cutLog, judge, type JudgeCallOptions, type OnTest, prepare } from "./judge.ts";
export { statusVerdict, type TestOutcome } from "./validation.ts";
export { MEASURING_LIMIT_MS, measuringTask, slowestAcceptedMs, virtualMsMax } from "./slowest.ts";
