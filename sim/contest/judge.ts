/** Modelled judging: a submission's source says what its verdict is and what finding that out costs. */
import {
  type EvaluationOutcome,
  type EvaluationRequest,
  hashOf,
  type JudgeResult,
  VERDICTS,
  type Verdict,
} from "../../src/model/index.ts";
import type { EvaluatorModel } from "../world/evaluator.ts";
import type { EvaluatorRole } from "./scenario.ts";

/** The source of a planned submission; `serial` makes sources differ. */
export function sourceOf(verdict: Verdict, costMs: number, serial: number): Uint8Array {
  return new TextEncoder().encode(`// ${verdict} ${costMs} ${serial}`);
}

/** Submissions of a run that a reforming evaluator judges wrong. */
const ERRORS_FIRST = 8;
/** A virtual day. */
const COST_MS_MAX = 86_400_000;

interface Plan {
  readonly verdict: Verdict;
  readonly costMs: number;
  readonly serial: number;
}

function planOf(source: Uint8Array): Plan {
  const [, verdict, cost, serial] = new TextDecoder().decode(source).split(" ");
  const known = VERDICTS.find((each) => each === verdict);
  const costMs = Number(cost);
  // A liar may have garbled it.
  const isPlan = known !== undefined && costMs >= 0 && costMs <= COST_MS_MAX;
  return isPlan ? { verdict: known, costMs, serial: Number(serial) } : { verdict: "CE", costMs: 1, serial: 1 };
}

function sourceIn(request: EvaluationRequest): Uint8Array {
  return request.files[0]?.source ?? new Uint8Array();
}

/** @param salt told apart from the honest result by it; empty for the truth */
function result(request: EvaluationRequest, verdict: Verdict, salt: string): JudgeResult {
  const scoreMicros = verdict === "AC" ? 1_000_000 : 0;
  return {
    verdict,
    scoreMicros,
    tests: [{ id: "secret/1", verdict, cost: planOf(sourceIn(request)).costMs * 1000, memoryBytes: 1 << 20 }],
    compileLog: "",
    digest: hashOf(new TextEncoder().encode(`${request.problem}/${verdict}/${hashOf(sourceIn(request))}/${salt}`)),
  };
}

function wrongVerdict(verdict: Verdict): Verdict {
  return verdict === "AC" ? "WA" : "AC";
}

/**
 * @param node makes an independent liar's digests its own
 * @param speed 1 is an ordinary machine, 2 takes half the time
 */
export function evaluatorOf(role: EvaluatorRole, node: number, speed: number): EvaluatorModel {
  const outcome = (request: EvaluationRequest): EvaluationOutcome => {
    const { verdict, serial } = planOf(sourceIn(request));
    switch (role) {
      case "honest":
      case "silent":
        return { type: "judged", result: result(request, verdict, "") };
      case "wrong":
        return { type: "judged", result: result(request, wrongVerdict(verdict), `node ${node}`) };
      case "colluding":
        return { type: "judged", result: result(request, wrongVerdict(verdict), "plot") };
      case "reforming":
        return serial < ERRORS_FIRST
          ? { type: "judged", result: result(request, wrongVerdict(verdict), `node ${node}`) }
          : { type: "judged", result: result(request, verdict, "") };
      case "plotting":
        return serial % 2 === 0
          ? { type: "judged", result: result(request, wrongVerdict(verdict), "plot") }
          : { type: "judged", result: result(request, verdict, "") };
      case "lazy":
        return { type: "judged", result: result(request, "AC", "lazy") };
      case "abstaining":
        return { type: "abstained", reason: "modelled" };
    }
  };
  const FOREVER_MICROS = 1e15;
  return {
    costMicros(request, random) {
      if (role === "silent") return FOREVER_MICROS;
      if (role === "lazy") return 1000;
      return ((planOf(sourceIn(request)).costMs * 1000) / speed) * (0.8 + 0.4 * random.fraction());
    },
    outcome,
    concurrency: 1,
    progressSteps: 2,
  };
}
