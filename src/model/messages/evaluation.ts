/** From submission to verdict (protocol.md §6). */
import { bytes, hash, integer, list, nodeId, nullable, oneOf, type ShapeOf, struct, text } from "../codec.ts";
import { concat } from "../bytes.ts";
import { hashOf } from "../hashing.ts";
import type { Hash } from "../ids.ts";
import { LANGUAGES } from "../language.ts";
import { type Memo, memo } from "../memo.ts";
import { SIGNATURE_BYTES, type SignedMessage, signedMessage } from "../signing.ts";
import { SCORED_GROUPS_MAX, VERDICTS } from "../verdict.ts";
import { INSTANT_MAX, SHORT_NAME } from "./manifest.ts";
import { ROSTER_MEMBERS_MAX, SESSIONS_MAX } from "./roster.ts";

export const SUBMISSION_KIND = "submission";
export const RESULT_KIND = "result";
export const SOURCE_BYTES_MAX = 1024 * 1024;
export const SUBMISSION_BYTES_MAX = SOURCE_BYTES_MAX + 8192;
export const FILENAME = /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/;
export const ATTEMPTS_MAX = 1000;
/** Exchanges of one problem's test data. */
export const REVISIONS_MAX = 100;
export const EVALUATORS_MAX = 255;
/** In the place of a cluster's index: the jury of a dispute (§9). No cluster has so high a number, as none has less than one member. */
export const JURY = ROSTER_MEMBERS_MAX;

/** Files beside the main one. */
export const COMPANIONS_MAX = 31;

const sourceFile = { filename: text(100, FILENAME), source: bytes(SOURCE_BYTES_MAX) };
export type SourceFile = { readonly filename: string; readonly source: Uint8Array };

/** Signed by the submitter; its id is {@link submissionIdOf}. */
export const submission = struct({
  problem: text(60, SHORT_NAME),
  language: oneOf(LANGUAGES),
  /** The main file: the one that is run, where the language has such a thing. */
  ...sourceFile,
  companions: list(struct(sourceFile), COMPANIONS_MAX),
  /** Makes two submissions of one source differ. */
  nonce: bytes(16, 16),
  at: integer(0, INSTANT_MAX),
});
export type Submission = ShapeOf<typeof submission>;

/** All files of a submission, the main one first. */
export function sourceFilesOf(body: Pick<Submission, "filename" | "source" | "companions">): readonly SourceFile[] {
  return [{ filename: body.filename, source: body.source }, ...body.companions];
}

/** Of all files together; what limits are about. */
export function sourceBytesOf(body: Pick<Submission, "source" | "companions">): number {
  return body.companions.reduce((sum, { source }) => sum + source.length, body.source.length);
}

/** The same name twice would leave open which of the files is judged. */
export function hasDistinctNames(body: Pick<Submission, "filename" | "source" | "companions">): boolean {
  const files = sourceFilesOf(body);
  return new Set(files.map(({ filename }) => filename)).size === files.length;
}

/** The submitter and its words, not the signature: sending it again, however signed, is the same submission. */
export function submissionIdOf(message: SignedMessage): Hash {
  return remembered(submissionIds, message, () =>
    hashOf(concat(new TextEncoder().encode(message.signer), message.body)),
  );
}

/** Asked for at every stop of a message's way. */
const submissionIds = memo<SignedMessage, Hash>();
const commitmentHashes = memo<SignedMessage, Hash>();

function remembered(known: Memo<SignedMessage, Hash>, message: SignedMessage, find: () => Hash): Hash {
  let found = known.get(message);
  if (found === undefined) known.set(message, (found = find()));
  return found;
}

/** A million points. */
export const SCORE_MICROS_MAX = 1_000_000_000_000;

const task = {
  submission: hash,
  attempt: integer(1, ATTEMPTS_MAX),
  session: integer(0, SESSIONS_MAX),
  cluster: integer(0, ROSTER_MEMBERS_MAX),
};
export const taskName = struct(task);
/** One evaluation of a submission by one cluster. */
export type Task = ShapeOf<typeof taskName>;

/** What each evaluator signs; equal statements of more than half of the cluster are the verdict certificate (§6.6). */
export const statement = struct({
  ...task,
  verdict: oneOf(VERDICTS),
  scoreMicros: integer(0, SCORE_MICROS_MAX),
  /** Of the problem's groups, adding up to `scoreMicros`; none where points do not come about so. */
  groupScoresMicros: list(integer(0, SCORE_MICROS_MAX), SCORED_GROUPS_MAX),
  costMax: integer(0, Number.MAX_SAFE_INTEGER),
  memoryBytesMax: integer(0, Number.MAX_SAFE_INTEGER),
  testsDone: integer(0, 100_000),
  digest: hash,
  /**
   * In a jury only (§7): a hash of its task and every test's result. The disputed statement is in the log for everybody; this
   * cannot be made of it.
   */
  witness: nullable(hash),
});
export type Statement = ShapeOf<typeof statement>;

export const verdictCertificate = struct({
  statement,
  votes: list(struct({ evaluator: nodeId, signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES) }), EVALUATORS_MAX, 1),
});
export type VerdictCertificate = ShapeOf<typeof verdictCertificate>;

/** cluster leader → member: judge this. */
export const assignment = struct({
  ...task,
  /** Which of the problem's test data: 0 is the manifest's, each exchange counts on. */
  revision: integer(0, REVISIONS_MAX),
  message: signedMessage,
});
export type Assignment = ShapeOf<typeof assignment>;
export const ASSIGNMENT_BYTES_MAX = SUBMISSION_BYTES_MAX + 1024;

export const ASSIGNMENTS_MAX = 64;
/** central leader → cluster leader: what one block gives to its cluster, under one signature. */
export const assignments = struct({ assignments: list(assignment, ASSIGNMENTS_MAX, 1) });
/** A message is full from half of this on. */
export const ASSIGNMENTS_BYTES_MAX = 2 * ASSIGNMENT_BYTES_MAX;

/**
 * evaluator → cluster leader, before anybody's result is known (§6.5): `H(evaluator ‖ task ‖ statement ‖ signature)`, see
 * {@link commitmentOf}. The evaluator's own signature hides the result: nobody else can make it to try results out.
 */
export const commitment = struct({ ...task, commitment: hash });
export const COMMITMENT_KIND = "commitment";

export function commitmentOf(result: SignedMessage): Hash {
  return remembered(commitmentHashes, result, () =>
    hashOf(concat(new TextEncoder().encode(`${result.signer}/`), result.body, result.signature)),
  );
}

/** cluster leader → evaluators and standbys: these commitments count, no later ones. Each set contains the ones before it. */
export const commitmentSet = struct({
  ...task,
  commitments: list(
    struct({ evaluator: nodeId, commitment: hash, signature: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES) }),
    EVALUATORS_MAX,
    1,
  ),
});
export type CommitmentSet = ShapeOf<typeof commitmentSet>;
export const COMMITMENT_SET_KIND = "commitment-set";
export const COMMITMENT_SET_BYTES_MAX = 96 * 1024;

/**
 * evaluator → cluster leader: this machine could not decide. In the kind `hindrance`, cluster leader → central leader, best effort: why there
 * is no verdict yet.
 */
export const abstention = struct({ ...task, reason: text(300) });
/** evaluator → cluster leader and submitter, best effort. */
export const progress = struct({ ...task, done: integer(0, 100_000), total: integer(0, 100_000) });

export const REFUSALS = [
  "not-leading",
  "not-started",
  "ended",
  "not-in-roster",
  "excluded",
  "unknown-problem",
  "language-not-allowed",
  "source-too-large",
  "too-fast",
  "overloaded",
  "malformed",
  "paused",
  "disqualified",
  "too-many",
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** central leader → submitter; with a time to retry when it is not for good. */
export const refusal = struct({ submission: hash, code: oneOf(REFUSALS), retryMs: nullable(integer(0, 3_600_000)) });

export const DETAIL_BYTES_MAX = 512 * 1024;
/** evaluator → submitter, after the verdict is committed: what the certificate only summarizes. */
export const detail = struct({
  submission: hash,
  attempt: integer(1, ATTEMPTS_MAX),
  tests: list(
    struct({
      id: text(200),
      verdict: oneOf(VERDICTS),
      cost: integer(0, Number.MAX_SAFE_INTEGER),
      memoryBytes: integer(0, Number.MAX_SAFE_INTEGER),
    }),
    2000,
  ),
  compileLog: text(16_384),
});

/** Council members and leaders hand each other the bodies behind receipts. */
export const SUBMISSIONS_ASKED_MAX = 256;
export const submissionRequest = struct({ submissions: list(hash, SUBMISSIONS_ASKED_MAX, 1) });
export const SUBMISSIONS_BYTES_MAX = 3 * 1024 * 1024;
export const submissionBodies = struct({ messages: list(signedMessage, 1024) });
