/** Modelled sandboxes: what evaluating costs and what comes out, without running anything. */
import type { EvaluationOutcome, EvaluationRequest } from "../../src/model/index.ts";
import type { RandomStream } from "../engine/random.ts";

export interface EvaluatorModel {
  /** Virtual microseconds of one evaluation on this node. */
  readonly costMicros: (request: EvaluationRequest, random: RandomStream) => number;
  readonly outcome: (request: EvaluationRequest, random: RandomStream) => EvaluationOutcome;
  /** Evaluations that run at once; the rest wait. */
  readonly concurrency: number;
  /** How often progress is told during one evaluation; 0 never. */
  readonly progressSteps: number;
}

/** For nodes that never evaluate. */
export const NO_EVALUATOR: EvaluatorModel = {
  costMicros: () => 1,
  outcome: () => ({ type: "abstained", reason: "this node does not evaluate" }),
  concurrency: 1,
  progressSteps: 0,
};
