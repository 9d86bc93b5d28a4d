/** Faults as data: each stands alone, so that any subset of a list is a legal list and failures shrink. */

interface At {
  /** Virtual milliseconds. */
  readonly atMs: number;
}

export type Fault =
  | (At & { readonly type: "crash"; readonly node: number; readonly downMs: number })
  /** As `crash`, and the disk is empty afterwards: the node has forgotten what it promised. */
  | (At & { readonly type: "wipe"; readonly node: number; readonly downMs: number })
  /** A participant leaves and comes back, as people do; drawn in numbers from a Weibull distribution. */
  | (At & { readonly type: "churn"; readonly node: number; readonly downMs: number })
  /** SIGKILL of every node at once; node i comes back after `downMs[i]`. */
  | (At & { readonly type: "crash-all"; readonly downMs: readonly number[] })
  /** Whoever leads then. `cluster` null: the central leader. */
  | (At & { readonly type: "crash-leader"; readonly cluster: number | null; readonly downMs: number })
  | (At & { readonly type: "pause-leader"; readonly cluster: number | null; readonly forMs: number })
  /** Whoever leads then hears and reaches nobody. */
  | (At & { readonly type: "isolate-leader"; readonly cluster: number | null; readonly forMs: number })
  | (At & { readonly type: "pause"; readonly node: number; readonly forMs: number })
  /** `side` against the rest; one-way: what `side` says is lost. */
  | (At & {
      readonly type: "partition";
      readonly side: readonly number[];
      readonly oneWay: boolean;
      readonly forMs: number;
    })
  /** A partition that comes and goes. */
  | (At & {
      readonly type: "flapping";
      readonly side: readonly number[];
      readonly periodMs: number;
      readonly times: number;
    })
  | (At & { readonly type: "loss"; readonly extra: number; readonly forMs: number })
  | (At & { readonly type: "slow-network"; readonly factor: number; readonly forMs: number })
  | (At & { readonly type: "slow-disk"; readonly node: number; readonly micros: number; readonly forMs: number })
  | (At & { readonly type: "clock-jump"; readonly node: number; readonly byMs: number });

export type FaultType = Fault["type"];

export const FAULT_TYPES: readonly FaultType[] = [
  "crash",
  "wipe",
  "crash-all",
  "crash-leader",
  "pause-leader",
  "isolate-leader",
  "pause",
  "partition",
  "flapping",
  "loss",
  "slow-network",
  "slow-disk",
  "clock-jump",
];
