/** The contest manifest (protocol.md §2): everything that decides a contest, signed by its organizer. */
import {
  boolean,
  bytes,
  decode,
  encode,
  hash,
  integer,
  list,
  nodeId,
  nullable,
  oneOf,
  type ShapeOf,
  struct,
  text,
} from "../codec.ts";
import { hashOf } from "../hashing.ts";
import type { ContestId } from "../ids.ts";
import { LANGUAGES } from "../language.ts";
import { type SignedMessage, type Signer, signMessage, type Verifier, verifyMessage } from "../signing.ts";

export const MANIFEST_KIND = "manifest";
export const MANIFEST_BYTES_MAX = 256 * 1024;
export const PROBLEMS_MAX = 100;
export const SAGES_MAX = 31;
/** Latest instant of anything signed: the year 9999. */
export const INSTANT_MAX = 253_402_300_799_000;
export const DURATION_MS_MAX = 366 * 24 * 3_600_000;
/** Short names are safe as file names and store keys. */
export const SHORT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
export const MULTIADDR_CHARACTERS_MAX = 256;

/** Of one participant to one problem. */
export const SUBMISSIONS_MAX = 10_000;

export const problemEntry = struct({
  /** The package's short name. */
  id: text(60, SHORT_NAME),
  /** `A`, `B`, …: what the board shows. */
  label: text(8),
  name: text(200),
  /** Bundles by content hash (§2 "Bundles"); null where the files are handed out otherwise. */
  openBundle: nullable(hash),
  sealedBundle: nullable(hash),
  /** Hash of the judge's view of the package: evaluators with another one abstain. Null: unchecked. */
  package: nullable(hash),
  /** Points of a full solution on the board, in millionths. */
  pointsMicros: integer(0, 1_000_000_000_000),
  /** What a verdict's score is for a full solution: 1,000,000 for pass-fail problems. Null: there is no maximum, scores are the points. */
  fullScoreMicros: nullable(integer(1, 1_000_000_000_000)),
  /** What one participant may hand in while the contest runs; null: as often as it likes. */
  submissionsMax: nullable(integer(1, SUBMISSIONS_MAX)),
  sourceBytesMax: integer(1, 1024 * 1024),
  /** Expected cost of judging one submission, the scheduler's first guess. */
  expectedCostMs: integer(1, 3_600_000),
});

export const contestRules = struct({
  type: oneOf(["icpc", "ioi"]),
  penaltyMinutes: integer(0, 10_000),
  /** The board freezes this long before the end; null: never. */
  freezeMs: nullable(integer(0, DURATION_MS_MAX)),
  /** Whether a compile error costs a penalty. */
  compileErrorPenalty: boolean,
  /** IOI: the best submission's points (`max`), or the best of each group over all submissions (`max_subtask`). */
  scoreMode: oneOf(["max", "max_subtask"]),
  /** Between two submissions of one participant, by their receipts; 0: no wait. */
  submissionIntervalMs: integer(0, 24 * 3_600_000),
});

export const manifest = struct({
  name: text(200),
  organizer: nodeId,
  /** Null: a sage opens the contest, by command or when enough nodes are registered; the roster then carries the start. */
  startsAt: nullable(integer(0, INSTANT_MAX)),
  durationMs: integer(1000, DURATION_MS_MAX),
  sessionMs: integer(1000, DURATION_MS_MAX),
  problems: list(problemEntry, PROBLEMS_MAX, 1),
  languages: list(oneOf(LANGUAGES), LANGUAGES.length, 1),
  /** Hash of the judge profile (§7). */
  judgeProfile: hash,
  /** A deterministic profile lets disputes be settled by re-execution. */
  deterministic: boolean,
  rules: contestRules,
  clusterSize: integer(1, 99),
  /** Members asked first; null: the smallest majority. */
  redundancy: nullable(integer(1, 99)),
  /** Of a hundred verdicts so many are run again by a jury, drawn by lot once they are settled (§9 "known answers"). */
  checksPercent: integer(0, 100),
  councilSize: integer(1, 15),
  /** Clusters are drawn inside regions where possible (§3). */
  keepRegions: boolean,
  evaluators: oneOf(["all", "jurors", "jurors-first"]),
  attemptsMax: integer(1, 16),
  sages: list(struct({ id: nodeId, addresses: list(text(MULTIADDR_CHARACTERS_MAX), 8) }), SAGES_MAX, 1),
  registration: struct({
    opensAt: nullable(integer(0, INSTANT_MAX)),
    /** Null: until the roster of epoch 0 is signed. */
    closesAt: nullable(integer(0, INSTANT_MAX)),
    policy: oneOf(["open", "token", "allow-list"]),
    /** sha256 of the invitation token, for the policy `token`. */
    tokenHash: nullable(hash),
    allowed: list(nodeId, 1000),
    /** Whether nodes may still be admitted after the start, with the next epoch. */
    late: boolean,
  }),
  /** Tips of the sages' hash chains (§3), sorted by sage. */
  beacon: list(struct({ sage: nodeId, tip: hash }), SAGES_MAX),
  /** Makes two contests of equal settings differ. */
  nonce: bytes(32, 32),
});
export type Manifest = ShapeOf<typeof manifest>;
export type ProblemEntry = ShapeOf<typeof problemEntry>;
export type ContestRules = ShapeOf<typeof contestRules>;

/** @throws TypeError when the value is out of bounds; {@link manifestFault} tells why in words. */
export function signManifest(signer: Signer, value: Manifest): SignedMessage {
  return signMessage(signer, undefined, MANIFEST_KIND, encode(manifest, value));
}

export function contestIdOf(message: SignedMessage): ContestId {
  return hashOf(message.body) as ContestId;
}

/** The manifest of contest `wanted`, or undefined unless it hashes to it and its organizer signed it. */
export function openManifest(verifier: Verifier, wanted: ContestId, message: SignedMessage): Manifest | undefined {
  if (message.kind !== MANIFEST_KIND || contestIdOf(message) !== wanted) return undefined;
  const value = decode(manifest, message.body, MANIFEST_BYTES_MAX);
  if (value === undefined || value.organizer !== message.signer || manifestFault(value) !== undefined) return undefined;
  return verifyMessage(verifier, undefined, message) ? value : undefined;
}

/** What is wrong with a manifest beyond its shape, in words for its author. */
export function manifestFault(value: Manifest): string | undefined {
  const sages = new Set<string>(value.sages.map((sage) => sage.id));
  if (sages.size !== value.sages.length) return "a sage is named twice";
  if (new Set(value.problems.map((problem) => problem.id)).size !== value.problems.length) {
    return "two problems have the same short name";
  }
  if (new Set(value.problems.map((problem) => problem.label)).size !== value.problems.length) {
    return "two problems have the same label";
  }
  if (new Set(value.languages).size !== value.languages.length) return "a language is named twice";
  if (value.beacon.some((entry) => !sages.has(entry.sage))) return "a beacon commitment names no sage";
  if (new Set(value.beacon.map((entry) => entry.sage)).size !== value.beacon.length) return "a sage has two beacons";
  if (value.registration.policy === "token" && value.registration.tokenHash === null) return "the token is missing";
  return undefined;
}
