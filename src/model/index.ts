/**
 * The vocabulary of all folders: ids, time, signed messages, verdicts, limits; codec, hashing, signatures.
 * Imports nothing but @noble/*, @scure/base and the CBOR library.
 *
 * ```ts
 * const signer = nobleSigner(secretKey);
 * const message = signMessage(signer, contestId, "vote", encode(vote, { … }));
 * verifyMessage(nobleVerifier, contestId, message); // true
 * ```
 */
export { concat, equalBytes, fromHex, toHex } from "./bytes.ts";
export * as codec from "./codec.ts";
export { invariant, InvariantError, unreachable } from "./errors.ts";
export { hashOf, sha256 } from "./hashing.ts";
export {
  type ContestId,
  type Hash,
  type NodeId,
  nodeIdOfPublicKey,
  parseHash,
  parseNodeId,
  publicKeyOf,
} from "./ids.ts";
export { isLanguage, type Language, languageOfFile, LANGUAGES } from "./language.ts";
export type {
  Command,
  Effect,
  EvaluationOutcome,
  EvaluationRequest,
  Event,
  StoredRecord,
  StoreWrite,
  TaskId,
  TimerKey,
} from "./machine.ts";
export { type Memo, memo } from "./memo.ts";
export {
  authorities,
  AUTHORITIES_BYTES_MAX,
  AUTHORITIES_KIND,
  AUTHORITIES_MAX,
  authority,
  AUTHORITY_BYTES_MAX,
  AUTHORITY_KIND,
  AUTHORITY_SERIAL_MAX,
  Seats,
} from "./messages/authority.ts";
export {
  dispute,
  DISPUTE_BYTES_MAX,
  DISPUTE_KIND,
  DISPUTE_REASON_CHARACTERS_MAX,
  trial,
  type Trial,
  TRIAL_BYTES_MAX,
  TRIAL_KIND,
} from "./messages/disputes.ts";
export {
  ELECTION_BYTES_MAX,
  leaderCertificate,
  type LeaderCertificate,
  type LogHead,
  roundOfTerm,
  ROUNDS_MAX,
  sessionOfTerm,
  termOf,
  termOfCertificate,
  vote,
  type Vote,
  VOTE_KIND,
  voteRequest,
  type VoteRequest,
} from "./messages/election.ts";
export {
  abstention,
  assignment,
  ASSIGNMENT_BYTES_MAX,
  commitment,
  COMMITMENT_KIND,
  COMMITMENT_SET_BYTES_MAX,
  COMMITMENT_SET_KIND,
  commitmentOf,
  commitmentSet,
  type CommitmentSet,
  COMPANIONS_MAX,
  detail,
  DETAIL_BYTES_MAX,
  EVALUATORS_MAX,
  FILENAME,
  hasDistinctNames,
  JURY,
  progress,
  type Refusal,
  refusal,
  RESULT_KIND,
  REVISIONS_MAX,
  SCORE_MICROS_MAX,
  sourceBytesOf,
  type SourceFile,
  sourceFilesOf,
  statement,
  type Statement,
  submission,
  type Submission,
  SUBMISSION_BYTES_MAX,
  SUBMISSION_KIND,
  submissionBodies,
  submissionIdOf,
  submissionRequest,
  SUBMISSIONS_ASKED_MAX,
  SUBMISSIONS_BYTES_MAX,
  type Task,
  verdictCertificate,
  type VerdictCertificate,
} from "./messages/evaluation.ts";
export { evidence, type Evidence, EVIDENCE_BYTES_MAX, type Offence } from "./messages/evidence.ts";
export {
  bearings,
  BEARINGS_BYTES_MAX,
  DEAD_REPORTED_MAX,
  echo,
  heartbeat,
  type Heartbeat,
  hello,
  LIVENESS_BYTES_MAX,
  timeAnswer,
  timeRequest,
} from "./messages/liveness.ts";
export {
  ack,
  type Ack,
  ACK_KIND,
  append,
  appendRefused,
  block,
  type Block,
  BLOCK_BYTES_MAX,
  BLOCK_ENTRIES_MAX,
  BLOCK_KIND,
  committed,
  type Committed,
  type EntryOf,
  LOG_RANGE_BYTES_MAX,
  type LogEntry,
  logRange,
  logRequest,
} from "./messages/log.ts";
export {
  contestIdOf,
  manifest,
  type Manifest,
  MANIFEST_BYTES_MAX,
  MANIFEST_KIND,
  manifestFault,
  openManifest,
  problemEntry,
  type ProblemEntry,
  PROBLEMS_MAX,
  SHORT_NAME,
  signManifest,
} from "./messages/manifest.ts";
export {
  action,
  type Action,
  type Letter,
  LETTER_CHARACTERS_MAX,
  letterIdOf,
  order,
  type Order,
  ORDER_BYTES_MAX,
  ORDER_KIND,
  question,
  type Question,
  QUESTION_KIND,
  type Selection,
} from "./messages/orders.ts";
export {
  recovery,
  type Recovery,
  RECOVERY_BYTES_MAX,
  RECOVERY_VOTE_KIND,
  recoveryStatement,
  type RecoveryStatement,
} from "./messages/recovery.ts";
export {
  ADDRESSES_MAX,
  admission,
  type Admission,
  ADMISSION_KIND,
  admissions,
  ADMISSIONS_BYTES_MAX,
  ADMISSIONS_GOSSIPED_MAX,
  type Capabilities,
  contestRequest,
  DISPLAY_NAME_CHARACTERS_MAX,
  distinctName,
  nameKey,
  type PeerAddresses,
  PEERS_IN_WELCOME_MAX,
  register,
  type Register,
  REGISTER_BYTES_MAX,
  rejected,
  type Rejection,
  removal,
  type Removal,
  REMOVAL_KIND,
  welcome,
  WELCOME_BYTES_MAX,
} from "./messages/registration.ts";
export {
  BALLOTS_MAX,
  problemKeys,
  reveal,
  type Reveal,
  roster,
  type Roster,
  ROSTER_BYTES_MAX,
  ROSTER_MEMBERS_MAX,
  ROSTER_VOTE_KIND,
  rosterCertificate,
  type RosterCertificate,
  type RosterMember,
  rosterPrepare,
  rosterPromise,
  rosterProposal,
  rosterVote,
} from "./messages/roster.ts";
export type { Problem, ProblemLimits } from "./problem.ts";
export { nextFraction, nextInteger, randomFrom, type RandomState } from "./random.ts";
export {
  decodeMessage,
  encodeMessage,
  MESSAGE_BYTES_MAX,
  nobleSigner,
  nobleVerifier,
  SIGNATURE_BYTES,
  signedMessage,
  type SignedMessage,
  type Signer,
  signingDigest,
  signMessage,
  useSigningDigest,
  type Verifier,
  verifyMessage,
} from "./signing.ts";
export { type Instant, instant, later, utcText } from "./time.ts";
export { type JudgeResult, SCORED_GROUPS_MAX, type TestResult, type Verdict, VERDICTS } from "./verdict.ts";
