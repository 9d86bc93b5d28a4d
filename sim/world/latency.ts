/** One-way latencies between nodes, as plain data, and how one is drawn. */
import { unreachable } from "../../src/model/index.ts";
import type { RandomStream } from "../engine/random.ts";

export type LatencyModel =
  | { readonly type: "constant"; readonly micros: number }
  /** `minMicros` plus an exponential wait. */
  | { readonly type: "exponential"; readonly minMicros: number; readonly meanMicros: number }
  /** `sigma` is the deviation of the logarithm: 0.2 is calm, 0.8 has a long tail. */
  | { readonly type: "log-normal"; readonly medianMicros: number; readonly sigma: number }
  /** `medianMicros[regionOf(from)][regionOf(to)]`, node i in region i mod regions; never nodes × nodes. */
  | { readonly type: "regions"; readonly medianMicros: readonly (readonly number[])[]; readonly sigma: number }
  /** Measured one-way times in microseconds; each message draws one. */
  | { readonly type: "measured"; readonly micros: readonly number[] }
  /** A base between two bounds, equally likely: `jitter` 3 makes the slowest message take three times the base. */
  | { readonly type: "uniform"; readonly baseMicros: number; readonly jitter: number };

/** Whole microseconds, at least 1: nothing arrives in the instant in which it was sent. */
export function drawLatency(model: LatencyModel, from: number, to: number, random: RandomStream): number {
  return Math.max(1, Math.round(latency(model, from, to, random)));
}

function latency(model: LatencyModel, from: number, to: number, random: RandomStream): number {
  switch (model.type) {
    case "constant":
      return model.micros;
    case "exponential":
      return model.minMicros + model.meanMicros * random.exponential();
    case "log-normal":
      return model.medianMicros * Math.exp(model.sigma * random.normal());
    case "regions": {
      const regions = model.medianMicros.length;
      const median = model.medianMicros[from % regions]?.[to % regions];
      if (median === undefined) throw new RangeError("the matrix of regions is not square");
      return median * Math.exp(model.sigma * random.normal());
    }
    case "measured":
      return random.pick(model.micros);
    case "uniform":
      return model.baseMicros * (1 + (model.jitter - 1) * random.fraction());
    default:
      return unreachable(model);
  }
}
