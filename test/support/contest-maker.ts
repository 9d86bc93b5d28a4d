/**
 * A whole contest as its log would be, made without machines: real keys, real signatures, real certificates. For audits:
 * thousands of submissions in seconds.
 */
import { chooseCluster, recordAssigned, recordDone } from "../../sessions/evaluation/scheduler.ts";
import { mapOf } from "../../sessions/clusters/history.ts";
import { auditCommitted, beginLogAudit, type LogAudit } from "../../sessions/index.ts";
import { boardHashOf } from "../../sessions/life/orders.ts";
import { costOf } from "../../sessions/log/ledger.ts";
import { majorityOf } from "../../sessions/quorum.ts";
import { boardOf } from "../../src/contest/index.ts";
import {
  ACK_KIND,
  ack,
  type Action,
  BLOCK_KIND,
  block,
  codec,
  committed,
  contestIdOf,
  encodeMessage,
  type Hash,
  hashOf,
  type LeaderCertificate,
  type LogEntry,
  type Manifest,
  type NodeId,
  ORDER_KIND,
  order,
  problemKeys,
  type ProblemEntry,
  RESULT_KIND,
  ROSTER_VOTE_KIND,
  roster,
  type RosterCertificate,
  rosterCertificate,
  rosterVote,
  Seats,
  type SignedMessage,
  type Signer,
  signManifest,
  signMessage,
  statement,
  type StoreWrite,
  SUBMISSION_KIND,
  submission,
  submissionIdOf,
  type Verdict,
  type Verifier,
  VOTE_KIND,
  vote,
} from "../../src/model/index.ts";
import { plainManifest, plainProblem } from "../../sim/contest/plain-manifest.ts";
import { fastSigner } from "../../src/node/identity/index.ts";
import { secretKeyFor } from "./keys.ts";

export const MADE_STARTS_AT = 1_800_000_000_000;
const PROFILE = hashOf(new TextEncoder().encode("made profile"));
const TRUSTING: Verifier = { verify: () => true };

export interface MadeProblem {
  readonly entry: ProblemEntry;
  readonly key: Uint8Array;
}

export interface MakeOptions {
  readonly participants: number;
  readonly submissions: number;
  /** Receipts of one block; verdicts come in blocks of as many. */
  readonly perBlock: number;
  readonly problems?: readonly MadeProblem[];
  readonly finalize?: boolean;
  readonly manifest?: Partial<Manifest>;
  /** A leader that lies: another cluster than the loads say; another time in the receipts. */
  readonly cluster?: (wanted: number) => number;
  readonly receiptAt?: (at: number) => number;
  /** Another verdict than AC, by the number of the submission. */
  readonly verdict?: (index: number) => Verdict;
}

export class ContestMaker {
  readonly writes: StoreWrite[] = [];
  readonly contest: Hash;
  readonly audit: LogAudit;
  readonly #options: MakeOptions;
  readonly #signers = new Map<NodeId, Signer>();
  readonly #sage: Signer;
  readonly #leader: Signer;
  readonly #council: readonly NodeId[];
  #at = MADE_STARTS_AT;

  constructor(options: MakeOptions) {
    this.#options = options;
    this.#sage = fastSigner(secretKeyFor("made sage"));
    const signers = Array.from({ length: options.participants }, (_, index) =>
      fastSigner(secretKeyFor(`made ${index}`)),
    ).sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const signer of signers) this.#signers.set(signer.id, signer);
    const manifest = this.#manifest();
    const message = signManifest(this.#sage, manifest);
    const contest = contestIdOf(message);
    this.contest = contest;
    const certificate = this.#roster(signers, contest);
    const audit = beginLogAudit(TRUSTING, contest, manifest, new Seats(manifest), certificate);
    if (audit === undefined) throw new Error("the made roster does not hold");
    this.audit = audit;
    this.#council = audit.chain.committed.councils[0] ?? [];
    this.#leader = this.#signerOf(this.#council[0] as NodeId);
    this.#put("session/manifest", encodeMessage(message));
    this.#put("session/roster", codec.encode(rosterCertificate, certificate));
    const keys = (options.problems ?? []).map(({ entry, key }) => ({ problem: entry.id, key }));
    if (keys.length > 0) {
      this.#put("session/problem-keys", encodeMessage(this.#sign(this.#sage, "problem-keys", problemKeys, { keys })));
    }
    this.#openTerm();
    this.#submitAll();
    if (options.finalize === true) this.#finalize();
  }

  #manifest(): Manifest {
    return plainManifest(this.#sage.id, {
      name: "made contest",
      startsAt: MADE_STARTS_AT,
      durationMs: 18_000_000,
      sessionMs: 36_000_000,
      problems: this.#options.problems?.map(({ entry }) => entry) ?? [
        plainProblem("sum", { name: "Sum", pointsMicros: 100_000_000 }),
      ],
      languages: ["cpp", "python3"],
      judgeProfile: PROFILE,
      clusterSize: 5,
      councilSize: 5,
      ...this.#options.manifest,
    });
  }

  #roster(signers: readonly Signer[], contest: Hash): RosterCertificate {
    const { judgeProfile } = this.#manifest();
    const encoded = codec.encode(roster, {
      epoch: 0,
      startsAt: MADE_STARTS_AT,
      members: signers.map(({ id }, index) => ({
        id,
        displayName: `team ${index}`,
        role: "participant" as const,
        capabilities: { languages: ["cpp" as const, "python3" as const], judgeProfile, slots: 1 },
        region: "",
      })),
      absent: [],
      reveals: [],
    });
    const body = codec.encode(rosterVote, { epoch: 0, ballot: 0, roster: hashOf(encoded) });
    const { signature } = signMessage(this.#sage, contest as never, ROSTER_VOTE_KIND, body);
    return { roster: encoded, ballot: 0, votes: [{ sage: this.#sage.id, signature }] };
  }

  #openTerm(): void {
    const { head } = this.audit.chain.committed;
    const certificate = this.#certificate(null, this.#leader.id, this.#council, head);
    const clusters = mapOf(this.audit.ledger.maps, 0)?.map.clusters ?? [];
    const leaders = clusters.map((members, cluster): LogEntry => {
      const leader = members[0] as NodeId;
      return { type: "cluster-leader", certificate: this.#certificate(cluster, leader, members, null) };
    });
    this.#commit([{ type: "term", certificate, council: this.#council }, ...leaders]);
  }

  #certificate(
    cluster: number | null,
    leader: NodeId,
    voters: readonly NodeId[],
    head: LeaderCertificate["votes"][number]["head"],
  ): LeaderCertificate {
    const body = { cluster, session: 0, round: 0, candidate: leader, head };
    const votes = voters.slice(0, majorityOf(voters.length)).map((voter) => {
      const { signature } = this.#sign(this.#signerOf(voter), VOTE_KIND, vote, body);
      return { voter, head, signature };
    });
    return { cluster, session: 0, round: 0, leader, votes };
  }

  #submitAll(): void {
    const { submissions, perBlock } = this.#options;
    for (let from = 0; from < submissions; from += perBlock) {
      const batch = Array.from({ length: Math.min(perBlock, submissions - from) }, (_, index) =>
        this.#submission(from + index),
      );
      this.#at += 200;
      this.#receive(batch);
      this.#at += 800;
      this.#settle(batch, from);
    }
  }

  #submission(index: number): SignedMessage {
    const signers = [...this.#signers.values()];
    const signer = signers[index % signers.length] as Signer;
    const { problems } = this.audit.ledger.basis.manifest;
    const problem = problems[index % problems.length]?.id ?? "";
    const source = new TextEncoder().encode(`print(${index})\n`.repeat(20));
    const nonce = new TextEncoder().encode(`${index}`.padStart(16, "0"));
    const body = {
      problem,
      language: "python3",
      filename: "main.py",
      source,
      companions: [],
      nonce,
      at: this.#at,
    } as const;
    return this.#sign(signer, SUBMISSION_KIND, submission, body);
  }

  #receive(batch: readonly SignedMessage[]): void {
    const { ledger } = this.audit;
    const { scheduler } = ledger;
    const undo: (() => void)[] = [];
    const entries: LogEntry[] = [];
    for (const message of batch) {
      const id = submissionIdOf(message);
      const body = codec.decode(submission, message.body, 1_000_000);
      if (body === undefined) throw new Error("malformed");
      const { problem, language, source } = body;
      entries.push({
        type: "receipt",
        submission: id,
        submitter: message.signer,
        problem,
        language,
        at: this.#options.receiptAt?.(this.#at) ?? this.#at,
        sourceBytes: source.length,
      });
      const wanted = chooseCluster(scheduler, id, language, []);
      if (wanted === undefined) throw new Error("no cluster");
      const cluster = this.#options.cluster?.(wanted) ?? wanted;
      recordAssigned(scheduler, id, cluster, costOf(ledger, { problem, language }));
      undo.push(() => recordDone(scheduler, id));
      entries.push({ type: "assignment", submission: id, attempt: 1, session: 0, cluster });
      this.#put(`session/body/${id}`, encodeMessage(message));
    }
    for (const step of undo.reverse()) step();
    this.#commit(entries);
  }

  #settle(batch: readonly SignedMessage[], from: number): void {
    const { ledger } = this.audit;
    const clusters = mapOf(ledger.maps, 0)?.map.clusters ?? [];
    const entries = batch.map((message, index): LogEntry => {
      const id = submissionIdOf(message);
      const { cluster } = ledger.submissions.get(id)?.assignments[0] ?? { cluster: 0 };
      const verdict = this.#options.verdict?.(from + index) ?? "AC";
      const value = {
        submission: id,
        attempt: 1,
        session: 0,
        cluster,
        verdict,
        scoreMicros: verdict === "AC" ? 1_000_000 : 0,
        groupScoresMicros: [],
        costMax: 1000,
        memoryBytesMax: 1000,
        testsDone: 3,
        witness: null,
        digest: hashOf(new TextEncoder().encode(`${verdict} ${id}`)),
      };
      const members = clusters[cluster] ?? [];
      const votes = members
        .filter((member) => member !== message.signer)
        .slice(0, majorityOf(members.length))
        .map((evaluator) => {
          const { signature } = this.#sign(this.#signerOf(evaluator), RESULT_KIND, statement, value);
          return { evaluator, signature };
        });
      return { type: "verdict", certificate: { statement: value, votes } };
    });
    this.#commit(entries);
  }

  /** A member of the council is not needed to order: the organizer's own key signs. */
  order(action: Action): void {
    const nonce = new TextEncoder().encode(`${this.#at}`.padStart(16, "0"));
    const message = this.#sign(this.#sage, ORDER_KIND, order, { nonce, at: this.#at, action });
    this.#at += 10;
    this.#commit([{ type: "order", message }]);
  }

  #finalize(): void {
    this.#at = Math.max(this.#at, MADE_STARTS_AT + this.audit.ledger.life.timeline.durationMs) + 1000;
    this.order({ type: "finalize", board: boardHashOf(boardOf(this.audit.ledger.standings, null)) });
  }

  #commit(entries: readonly LogEntry[]): void {
    const { head } = this.audit.chain.committed;
    const message = this.#sign(this.#leader, BLOCK_KIND, block, {
      index: head.index + 1,
      term: 0,
      previous: head.hash,
      at: this.#at,
      entries,
    });
    const value = { index: head.index + 1, term: 0, hash: hashOf(message.body) };
    const acks = this.#council.slice(0, majorityOf(this.#council.length)).map((member) => {
      const { signature } = this.#sign(this.#signerOf(member), ACK_KIND, ack, value);
      return { member, signature };
    });
    const body = { blocks: [message], acks };
    const fault = auditCommitted(this.audit, body);
    if (fault !== undefined) throw new Error(`block ${fault.block}: ${fault.code}: ${fault.reason}`);
    this.#put(`session/log/${String(value.index).padStart(10, "0")}`, codec.encode(committed, body));
  }

  #sign<T>(signer: Signer, kind: string, shape: codec.Shape<T>, value: T): SignedMessage {
    return signMessage(signer, this.contest as never, kind, codec.encode(shape, value));
  }

  #signerOf(node: NodeId): Signer {
    return this.#signers.get(node) as Signer;
  }

  #put(key: string, value: Uint8Array): void {
    this.writes.push({ key, value });
  }
}
