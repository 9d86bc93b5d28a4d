/**
 * What the committed log means for submissions, as simply as can be: the first receipt of a submission counts, and the
 * first verdict of a logged attempt or the first dead letter after it; whatever comes later is void. Made from protocol.md,
 * not from the production fold, and knows no certificates: checkers compare.
 */
import {
  codec,
  type EntryOf,
  type Hash,
  JURY,
  type NodeId,
  RESULT_KIND,
  statement as statementShape,
} from "../../src/model/index.ts";
import type { CommittedBlock } from "./checker.ts";

export interface ModelSubmission {
  readonly id: Hash;
  readonly submitter: NodeId;
  readonly at: number;
  /** Of each attempt the assignments that may hold: of a leader that favours a cluster, and then of an honest one. */
  readonly attempts: { readonly session: number; readonly cluster: number }[][];
  settled: "no" | "verdict" | "dead-letter";
  /** In force. */
  verdict: Said | undefined;
  /** The cluster's, whatever a jury said later. */
  first: Said | undefined;
  /** Whose signatures are on the first verdict. */
  signers: readonly NodeId[];
  /** Evaluators whose logged results say something else. */
  readonly contradicting: NodeId[];
  /** Who signed a verdict that a jury overturned. */
  perjurers: readonly NodeId[];
}

type Said = EntryOf<"verdict">["certificate"]["statement"];

export type ModelChange =
  | { readonly type: "received"; readonly submission: ModelSubmission }
  | { readonly type: "settled"; readonly submission: ModelSubmission; readonly entry: EntryOf<"verdict"> }
  | { readonly type: "dead-letter"; readonly submission: ModelSubmission }
  | { readonly type: "heard"; readonly submission: ModelSubmission; readonly overturned: boolean }
  | { readonly type: "void"; readonly entry: string };

export class LogModel {
  readonly submissions = new Map<Hash, ModelSubmission>();
  readonly #heard = new Set<ModelSubmission>();
  readonly #void = new WeakSet<EntryOf<"verdict">>();
  /** Whether a certificate proves its statement; told by whoever can check it. */
  readonly #proves: (entry: EntryOf<"verdict">, submission: ModelSubmission) => boolean;

  /** Whose assignments may be void. */
  readonly #favours: (leader: NodeId) => boolean;
  readonly #doubtful = new WeakSet<object>();

  constructor(
    proves: (entry: EntryOf<"verdict">, submission: ModelSubmission) => boolean,
    favours: (leader: NodeId) => boolean = () => false,
  ) {
    this.#proves = proves;
    this.#favours = favours;
  }

  apply({ block, message }: CommittedBlock): readonly ModelChange[] {
    const changes: ModelChange[] = [];
    for (const entry of block.entries) {
      if (entry.type === "receipt") changes.push(this.#receive(entry));
      else if (entry.type === "assignment") this.#assign(entry, message.signer);
      else if (entry.type === "verdict") changes.push(this.#settle(entry));
      else if (entry.type === "dispute") this.#contradict(entry);
      else if (entry.type === "dead-letter") changes.push(this.#bury(entry.submission));
    }
    return changes;
  }

  #receive(entry: EntryOf<"receipt">): ModelChange {
    if (this.submissions.has(entry.submission)) return { type: "void", entry: "receipt" };
    const submission: ModelSubmission = {
      id: entry.submission,
      submitter: entry.submitter,
      at: entry.at,
      attempts: [],
      settled: "no",
      verdict: undefined,
      first: undefined,
      signers: [],
      contradicting: [],
      perjurers: [],
    };
    this.submissions.set(entry.submission, submission);
    return { type: "received", submission };
  }

  #assign(entry: EntryOf<"assignment">, leader: NodeId): void {
    const submission = this.submissions.get(entry.submission);
    if (submission === undefined || submission.settled !== "no") return;
    const last = submission.attempts.at(-1);
    if (entry.attempt === submission.attempts.length + 1) submission.attempts.push([entry]);
    else if (entry.attempt === submission.attempts.length && last?.every((each) => this.#doubtful.has(each)) === true)
      last.push(entry);
    if (this.#favours(leader)) this.#doubtful.add(entry);
  }

  #settle(entry: EntryOf<"verdict">): ModelChange {
    const { statement } = entry.certificate;
    const submission = this.submissions.get(statement.submission);
    if (statement.cluster === JURY) return this.#hear(entry, submission);
    const { session, cluster } = statement;
    const attempt = submission?.attempts[statement.attempt - 1] ?? [];
    const counts =
      submission !== undefined &&
      submission.settled === "no" &&
      attempt.some((each) => each.session === session && each.cluster === cluster) &&
      this.#proves(entry, submission);
    if (!counts) return { type: "void", entry: "verdict" };
    submission.settled = "verdict";
    submission.verdict = statement;
    submission.first = statement;
    submission.signers = entry.certificate.votes.map((vote) => vote.evaluator);
    return { type: "settled", submission, entry };
  }

  /** The first certificate of a jury decides. */
  #hear(entry: EntryOf<"verdict">, submission: ModelSubmission | undefined): ModelChange {
    const { first } = submission ?? {};
    if (
      submission === undefined ||
      first === undefined ||
      this.#heard.has(submission) ||
      !this.#proves(entry, submission)
    ) {
      this.#void.add(entry);
      return { type: "void", entry: "verdict" };
    }
    this.#heard.add(submission);
    const { statement } = entry.certificate;
    const overturned = statement.digest !== first.digest || statement.verdict !== first.verdict;
    if (overturned) {
      submission.verdict = statement;
      submission.perjurers = submission.signers;
    }
    return { type: "heard", submission, overturned };
  }

  isVoid(entry: EntryOf<"verdict">): boolean {
    return this.#void.has(entry);
  }

  #contradict({ message }: EntryOf<"dispute">): void {
    const result = message.kind === RESULT_KIND ? codec.decode(statementShape, message.body, 1024) : undefined;
    const submission = result && this.submissions.get(result.submission);
    if (submission?.first !== undefined && submission.first.attempt === result?.attempt) {
      submission.contradicting.push(message.signer);
    }
  }

  #bury(id: Hash): ModelChange {
    const submission = this.submissions.get(id);
    if (submission === undefined || submission.settled !== "no") return { type: "void", entry: "dead-letter" };
    submission.settled = "dead-letter";
    return { type: "dead-letter", submission };
  }
}
