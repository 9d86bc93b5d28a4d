/** A submitter's outbox: stored before it is sent, sent until the receipt is committed, kept until the verdict (protocol.md §6.1). */
import {
  decodeMessage,
  encodeMessage,
  codec,
  FILENAME,
  type Hash,
  type Instant,
  later,
  type NodeId,
  type refusal,
  SUBMISSION_BYTES_MAX,
  SUBMISSION_KIND,
  submission as submissionShape,
  submissionIdOf,
  sourceBytesOf,
  sourceFilesOf,
  hasDistinctNames,
  COMPANIONS_MAX,
  utcText,
} from "../../src/model/index.ts";
import { isOver, isPaused } from "../../src/contest/index.ts";
import type { CommandFailure, ParticipantCommand } from "../commands.ts";
import { backOff, forward, notify, setTimer, signed, store } from "../context.ts";
import type { Live, Machine, OutboxItem } from "../machine.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";
import { beginDetail } from "./details.ts";
import { countOf } from "./limits.ts";

export const OUTBOX_TIMER = "outbox";
export const OUTBOX_KEY_PREFIX = "session/outbox/";
/** Own submissions without a verdict. */
const OUTBOX_MAX = 256;
const NONCE_BYTES = 16;

export type SubmitCommand = Extract<ParticipantCommand, { readonly type: "submit" }>;

/** Signs, stores and sends. */
export function submit(m: Machine, command: SubmitCommand): Hash | Failure {
  const failure = failureOf(m, command);
  if (failure !== undefined) return failure;
  const { problem, language, filename, source, companions = [] } = command;
  const body = { problem, language, filename, source, companions, nonce: m.config.secretBytes(NONCE_BYTES), at: m.now };
  const message = signed(m, SUBMISSION_KIND, submissionShape, body);
  const id = submissionIdOf(message);
  m.outbox.set(id, { message, submission: body, refusal: null, retryAt: m.now, attempts: 0 });
  beginDetail(m, id);
  store(m, { key: OUTBOX_KEY_PREFIX + id, value: encodeMessage(message) });
  deliver(m);
  return id;
}

/** Here and wherever something is asked of a contest that has no roster yet. */
/** What is not possible before the roster is known, and when it will be. */
export function notBegun({ manifest, now }: Pick<Machine, "manifest" | "now">): string {
  if (manifest === null) return "this node has not heard of the contest yet: `dikast doctor` says why";
  const { startsAt } = manifest;
  if (startsAt === null) return "the contest has not begun: its organizer opens it";
  return startsAt > now
    ? `the contest has not begun: it starts at ${utcText(startsAt)}`
    : "the contest should have begun, and this node has not heard of it: does a sage run? `dikast doctor` says more";
}

interface Failure {
  readonly code: CommandFailure;
  readonly reason: string;
}

function fail(code: CommandFailure, reason: string): Failure {
  return { code, reason };
}

function failureOf(m: Machine, command: SubmitCommand): Failure | undefined {
  if (m.config.role !== "participant") return fail("not-a-participant", "only participants submit");
  const { live, manifest } = m;
  if (live === null || manifest === null) return fail("not-joined", notBegun(m));
  if (m.now < live.basis.startsAt) return fail("not-started", "the contest has not started");
  if (!live.ledger.maps.members.has(m.self))
    return fail("not-joined", "this node does not take part in the contest, or not yet: `dikast doctor` says why");
  const { life } = live.ledger;
  if (isPaused(life.timeline, m.now)) return fail("paused", pauseReason(life.pausedFor));
  if (life.disqualified.has(m.self)) return fail("disqualified", "the organizers have disqualified this participant");
  const files = { ...command, companions: command.companions ?? [] };
  const problem = manifest.problems.find((each) => each.id === command.problem);
  if (problem === undefined) return fail("unknown-problem", `there is no problem ${command.problem}`);
  if (!manifest.languages.includes(command.language)) {
    return fail("language-not-allowed", `the contest allows ${manifest.languages.join(", ")}`);
  }
  if (sourceBytesOf(files) > problem.sourceBytesMax) {
    return fail("source-too-large", `at most ${problem.sourceBytesMax} bytes are allowed`);
  }
  if (sourceFilesOf(files).some(({ filename }) => !FILENAME.test(filename) || filename.length > 100)) {
    return fail("bad-filename", "the file name must be plain: letters, digits, ., _, + and -");
  }
  if (!hasDistinctNames(files)) return fail("bad-filename", "two files have the same name");
  if (files.companions.length > COMPANIONS_MAX) return fail("bad-filename", `at most ${COMPANIONS_MAX + 1} files`);
  const { submissionsMax } = problem;
  if (submissionsMax !== null && !isOver(life.timeline, m.now)) {
    const waiting = [...m.outbox].filter(
      ([id, { submission }]) => submission.problem === problem.id && !live.ledger.submissions.has(id),
    ).length;
    if (countOf(live.ledger.limits, m.self, problem.id) + waiting >= submissionsMax)
      return fail("too-many", `the contest allows ${submissionsMax} submissions for ${problem.label}`);
  }
  if (m.outbox.size >= OUTBOX_MAX) return fail("outbox-full", `${OUTBOX_MAX} submissions wait for their verdicts`);
  return undefined;
}

function pauseReason(why: string): string {
  return `the contest is paused${why === "" ? "" : ` (${why})`}: its organizers say when it goes on`;
}

export function restoreOutboxItem(m: Machine, value: Uint8Array): void {
  const message = decodeMessage(value, SUBMISSION_BYTES_MAX + 1024);
  const body = message && codec.decode(submissionShape, message.body, SUBMISSION_BYTES_MAX);
  if (message === undefined || body === undefined) return;
  const id = submissionIdOf(message);
  m.outbox.set(id, { message, submission: body, refusal: null, retryAt: 0 as Instant, attempts: 0 });
  beginDetail(m, id);
}

/** Sends everything without a receipt to whoever leads; the timer sends it again. */
export function deliver(m: Machine): void {
  const { live } = m;
  if (live === null) return;
  let soonest: number | undefined;
  for (const [id, item] of m.outbox) {
    if (!isWaiting(live, id, item)) continue;
    if (item.retryAt <= m.now) {
      for (const receiver of receiversOf(live, id, item)) forward(m, receiver, item.message);
      item.attempts += 1;
      item.retryAt = later(m.now, backOff(m, item.attempts));
    }
    soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, item.retryAt - m.now);
  }
  if (soonest !== undefined) setTimer(m, OUTBOX_TIMER, Math.max(1, soonest));
}

/** Whoever leads; after a few tries in vain the whole council, which watches what the leader does with it (§9). */
function receiversOf(live: Live, id: Hash, item: OutboxItem): ReadonlySet<NodeId> {
  const receivers = new Set<NodeId>(live.leader === null ? [] : [live.leader.leader]);
  const isIgnored = item.attempts >= PRESENT_ATTEMPTS && item.refusal === null && !live.ledger.submissions.has(id);
  if (isIgnored) for (const member of live.chain.committed.councils.flat()) receivers.add(member);
  return receivers;
}

const PRESENT_ATTEMPTS = 3;

/** Without a receipt; or with one whose body the leader may have lost, which is presented again now and then. */
function isWaiting(live: Live, id: Hash, item: OutboxItem): boolean {
  const known = live.ledger.submissions.get(id);
  if (known === undefined) return true;
  return known.phase === "accepted" && item.attempts < RE_PRESENT_ATTEMPTS_MAX;
}

const RE_PRESENT_ATTEMPTS_MAX = 12;

/** A new leader: at once, without waiting for the back-off. */
export function deliverAtOnce(m: Machine): void {
  for (const item of m.outbox.values()) {
    item.retryAt = m.now;
    item.attempts = Math.min(item.attempts, 1);
  }
  deliver(m);
}

/** The verdict is committed. */
export function settleOutbox(m: Machine, id: Hash): void {
  if (!m.outbox.delete(id)) return;
  store(m, { key: OUTBOX_KEY_PREFIX + id, value: undefined });
}

export function onRefusal(m: Machine, live: Live, body: codec.ShapeOf<typeof refusal>, signer: NodeId): Validity {
  const item = m.outbox.get(body.submission);
  if (item === undefined || live.ledger.submissions.has(body.submission)) return ignore("not-mine");
  if (live.leader !== null && live.leader.leader !== signer) return ignore("not-leading");
  item.refusal = body.code;
  notify(m, { type: "submission-refused", submission: body.submission, code: body.code, retryMs: body.retryMs });
  // For good or not: what is refused now may be accepted by an honest leader later, so it is only asked less often.
  item.retryAt = later(m.now, body.retryMs ?? m.timing.retryMaxMs);
  item.attempts = Math.max(1, item.attempts);
  return ACCEPT;
}
