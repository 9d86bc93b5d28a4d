/** What a contest folder says. */
import type { Language } from "../model/language.ts";
import type { Warning } from "./errors.ts";
import type { ProblemPackage } from "./model.ts";

export type ContestStart =
  /** Nothing said: the organizer starts it, or the demo does at once. */
  | { readonly type: "unset" }
  | { readonly type: "absolute"; readonly epochMs: number }
  /** After the network was started. */
  | { readonly type: "relative"; readonly inMs: number };

export interface ContestProblem {
  /** `A`, `B`, …; unique. */
  readonly label: string;
  /** Name of the package's folder; unique. */
  readonly id: string;
  readonly name: string;
  /** A colour's name, as written. */
  readonly color: string | undefined;
  /** `#rrggbb`, lower case. */
  readonly rgb: string | undefined;
  /** Of a full solution, in millionths; undefined: as the package says, 100 for pass-fail problems. */
  readonly pointsMicros: number | undefined;
  /** Of one participant; undefined: as often as it likes. */
  readonly submissionsMax: number | undefined;
  readonly package: ProblemPackage;
}

/** Parameters of the network; undefined where the file does not say, so that the manifest's defaults hold. */
export interface ContestNetwork {
  readonly sessionLengthMs: number | undefined;
  readonly clusterSize: number | undefined;
  readonly redundancy: number | undefined;
  /** Verdicts of a hundred that a jury runs again. */
  readonly checksPercent: number | undefined;
  readonly councilSize: number | undefined;
  readonly evaluators: "all" | "jurors" | "jurors-first" | undefined;
  readonly keepRegions: boolean | undefined;
  readonly registration: "open" | "token" | "allow-list" | undefined;
  /** Nobody may register before or after; by the clock, whatever the start. */
  readonly registrationOpensMs: number | undefined;
  readonly registrationClosesMs: number | undefined;
  /** Whether sages admit newcomers once the contest runs. */
  readonly lateRegistration: boolean | undefined;
  /** Nodes of the policy `allow-list`. */
  readonly allowed: readonly string[] | undefined;
  /** Sages beside the one that reads this; `dikast sage card` prints what belongs here. */
  readonly sages: readonly SageEntry[] | undefined;
}

export interface SageEntry {
  readonly id: string;
  /** Multiaddrs without `/p2p/…`. */
  readonly addresses: readonly string[];
  /** The tip of its hash chain; none: it reveals nothing to the beacon. */
  readonly beacon: string | undefined;
}

export interface Contest {
  /** Absolute. */
  readonly directory: string;
  /** Short, for URLs and commands: lower-case letters, digits, `-`, `_`, `.`. */
  readonly id: string;
  readonly name: string;
  readonly start: ContestStart;
  readonly durationMs: number;
  /** How long before the end the board freezes; undefined = never. */
  readonly freezeDurationMs: number | undefined;
  /** Added for each rejected attempt before the accepted one. */
  readonly penaltyMs: number;
  /** `icpc`: problems and penalty; `ioi`: points. */
  readonly rules: "icpc" | "ioi";
  /** IOI: `max` counts the best submission, `max_subtask` the best of each group over all submissions. */
  readonly scoreMode: "max" | "max_subtask";
  /** Between two submissions of one participant. */
  readonly submissionIntervalMs: number;
  /** Undefined = all that the judge profile has. */
  readonly languages: readonly Language[] | undefined;
  readonly network: ContestNetwork;
  /** In the order of their labels. */
  readonly problems: readonly ContestProblem[];
  /** Of the contest and of every package, the latter's files below the package's folder. */
  readonly warnings: readonly Warning[];
}
