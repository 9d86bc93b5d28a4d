/**
 * Auditing an archive offline (protocol.md §10): trusts nothing but the id of the contest, checks everything in the order of
 * the file, and stops at the first thing that does not hold.
 */
import { randomInt } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  auditCommitted,
  type AuditedContest,
  auditedContest,
  type AuditedSubmission,
  beginLogAudit,
  type LogAudit,
} from "../../sessions/index.ts";
import {
  authorities,
  AUTHORITIES_BYTES_MAX,
  codec,
  committed,
  type ContestId,
  contestIdOf,
  decodeMessage,
  type Hash,
  LOG_RANGE_BYTES_MAX,
  type Manifest,
  MESSAGE_BYTES_MAX,
  openManifest,
  problemKeys,
  rosterCertificate,
  ROSTER_BYTES_MAX,
  Seats,
  type SignedMessage,
  type Submission,
  SUBMISSION_BYTES_MAX,
  SUBMISSION_KIND,
  submission as submissionShape,
  submissionIdOf,
  type Verifier,
  verifyMessage,
  sourceFilesOf,
} from "../model/index.ts";
import { BundleAudit, problemDirectory } from "./bundle-audit.ts";
import { bundlesIn } from "./collect.ts";
import { type AuditFault, Fault } from "./fault.ts";
import { ArchiveError, type ArchiveRecord, readArchive, RECORD, type RecordName } from "./format.ts";

export interface AuditedArchive {
  readonly contest: Hash;
  readonly manifest: Manifest;
  readonly log: AuditedContest;
  readonly blocks: number;
  readonly terms: number;
  readonly entries: Readonly<Record<string, number>>;
  /** Entries that count for nothing, by kind and fault. */
  readonly voids: Readonly<Record<string, number>>;
  readonly signatures: number;
  readonly sources: number;
  /** Bundles whose content was opened with its key. */
  readonly opened: number;
  readonly bundles: number;
  /** What a reader should know though it is no fault. */
  readonly remarks: readonly string[];
  /** What was kept to execute again. */
  readonly kept: readonly KeptSubmission[];
}

export interface KeptSubmission {
  readonly submission: AuditedSubmission;
  /** By the submitter's names, the main one first, and where they were kept. */
  readonly files: readonly { readonly name: string; readonly file: string }[];
  /** Of the problem's opened package. */
  readonly directory: string;
}

export type AuditResult =
  | { readonly ok: true; readonly audited: AuditedArchive }
  | { readonly ok: false; readonly fault: AuditFault; readonly blocks: number };

export interface AuditOptions {
  readonly verifier: Verifier;
  /** The contest that it should be; undefined: whichever it is. */
  readonly contest?: Hash | undefined;
  /** So many verdicts, chosen at random, are kept to be executed again; their sources and problems lie in `directory`. */
  readonly reexecute?: number | "all" | undefined;
  /** Where bundles are opened; emptied by `cleanUp`. */
  readonly directory: string;
  readonly onProgress?: ((offset: number) => void) | undefined;
  /** A number from 0 to `below` − 1. */
  readonly random?: (below: number) => number;
}

/** A directory of one's own for {@link AuditOptions.directory}, and how to remove it. */
export async function auditDirectory(): Promise<{ readonly directory: string; readonly cleanUp: () => Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), "dikast-audit-"));
  return { directory, cleanUp: async () => await rm(directory, { recursive: true, force: true }) };
}

/** Never throws for what is wrong with the archive. @throws errors of the disk. */
export async function auditArchive(source: AsyncIterable<Uint8Array>, options: AuditOptions): Promise<AuditResult> {
  const audit = new ArchiveAudit(options);
  let at: Pick<ArchiveRecord, "offset" | "name"> | undefined;
  try {
    for await (const record of readArchive(source)) {
      at = record;
      await audit.onRecord(record);
      options.onProgress?.(record.offset);
    }
    at = undefined;
    await audit.onPart(undefined);
    return { ok: true, audited: audit.result() };
  } catch (error) {
    const blocks = audit.blocks();
    if (error instanceof Fault) {
      return { ok: false, blocks, fault: { ...error.fault, offset: at?.offset ?? -1, part: at?.name ?? "file" } };
    }
    if (error instanceof ArchiveError) {
      const { code, message, offset } = error;
      return { ok: false, blocks, fault: { code, reason: message, offset, part: "file" } };
    }
    throw error;
  }
}

class ArchiveAudit {
  readonly #options: AuditOptions;
  readonly #verifier: Verifier;
  #signatures = 0;
  #part = 0;
  #manifestBytes = new Uint8Array();
  #manifest: Manifest | undefined;
  #contest: ContestId | undefined;
  #seats: Seats | undefined;
  #log: LogAudit | undefined;
  #keys = new Map<string, Uint8Array>();
  #contents: AuditedContest | undefined;
  #wanted: readonly AuditedSubmission[] = [];
  #chosen = new Map<Hash, AuditedSubmission>();
  #sources = 0;
  #bundles: BundleAudit | undefined;
  readonly #kept: KeptSubmission[] = [];
  readonly #remarks: string[] = [];

  constructor(options: AuditOptions) {
    this.#options = options;
    this.#verifier = {
      verify: (digest, signature, signer) => {
        this.#signatures += 1;
        return options.verifier.verify(digest, signature, signer);
      },
    };
  }

  blocks(): number {
    return (this.#log?.chain.committed.head.index ?? -1) + 1;
  }

  async onRecord(record: ArchiveRecord): Promise<void> {
    await this.onPart(record.name);
    switch (record.name) {
      case "manifest":
        return this.#onManifest(record.payload);
      case "seats":
        return this.#onSeats(record.payload);
      case "roster":
        return this.#onRoster(record.payload);
      case "keys":
        return this.#onKeys(record.payload);
      case "log":
        return this.#onLog(record.payload);
      case "source":
        return await this.#onSource(record.payload);
      case "bundle":
        return await this.#bundles?.onBundle(record.payload);
      case "chunk":
        return await this.#bundles?.onChunk(record.payload);
      case "end":
    }
  }

  /** Parts come in their order, single ones once; `undefined`: the end. */
  async onPart(name: RecordName | undefined): Promise<void> {
    const part = name === undefined ? RECORD.end : RECORD[name];
    const isSame = part === this.#part;
    if (isSame && part <= RECORD.keys) throw new Fault("order", `a second ${name} record`);
    const unfinished = this.#bundles?.unfinished;
    if (name === "chunk" && unfinished === undefined) throw new Fault("order", "a chunk without its bundle");
    if (name !== "chunk" && unfinished !== undefined) {
      throw new Fault("bundle-cut", `the bundle of ${unfinished} is cut off`);
    }
    const isBack = part < this.#part && !(name === "bundle" && this.#part === RECORD.chunk);
    if (isBack) throw new Fault("order", `a ${name} record where none belongs`);
    if (this.#part < RECORD.manifest && part > RECORD.manifest) throw new Fault("order", "there is no manifest");
    if (this.#part < RECORD.roster && part > RECORD.roster) throw new Fault("order", "there is no roster");
    if (part > RECORD.log && this.#contents === undefined) this.#onLogEnd();
    if (part > RECORD.source && this.#part <= RECORD.source) this.#onSourcesEnd();
    if (part === RECORD.end) this.#bundles?.onEnd();
    this.#part = part;
  }

  #onManifest(payload: Uint8Array): void {
    const message = decodeMessage(payload, MESSAGE_BYTES_MAX);
    if (message === undefined) throw new Fault("manifest", "the manifest is malformed");
    const contest = contestIdOf(message);
    if (this.#options.contest !== undefined && contest !== this.#options.contest) {
      throw new Fault("other-contest", `the archive is of contest ${contest}`);
    }
    const manifest = openManifest(this.#verifier, contest, message);
    if (manifest === undefined)
      throw new Fault("manifest", "the organizer's signature under the manifest does not hold");
    this.#contest = contest;
    this.#manifest = manifest;
    this.#manifestBytes = new Uint8Array(payload);
    this.#seats = new Seats(manifest);
  }

  /** The parts come in their order: the manifest was the first. */
  #contestId(): ContestId {
    if (this.#contest === undefined) throw new Fault("order", "there is no manifest");
    return this.#contest;
  }

  #onSeats(payload: Uint8Array): void {
    const value = codec.decode(authorities, payload, AUTHORITIES_BYTES_MAX);
    if (value === undefined) throw new Fault("seats", "the transfers of authority are malformed");
    for (const message of value.messages) {
      if (this.#seats?.apply(message, this.#verifier, this.#contestId()) !== true) {
        throw new Fault("seats", `a transfer of authority by ${message.signer} does not hold`);
      }
    }
  }

  #onRoster(payload: Uint8Array): void {
    const certificate = codec.decode(rosterCertificate, payload, ROSTER_BYTES_MAX);
    const [contest, manifest, seats] = [this.#contest, this.#manifest, this.#seats];
    if (certificate === undefined || contest === undefined || manifest === undefined || seats === undefined)
      throw new Fault("roster", "the roster is malformed");
    this.#log = beginLogAudit(this.#verifier, contest, manifest, seats, certificate);
    if (this.#log === undefined) throw new Fault("roster", "no majority of the sages signed this roster");
  }

  #onKeys(payload: Uint8Array): void {
    const message = decodeMessage(payload, MESSAGE_BYTES_MAX);
    const value = message && codec.decode(problemKeys, message.body, 64 * 1024);
    if (message?.kind !== "problem-keys" || value === undefined) throw new Fault("keys", "the keys are malformed");
    if (!verifyMessage(this.#verifier, this.#contestId(), message)) {
      throw new Fault("keys", "the signature under the keys does not hold");
    }
    if (this.#seats?.wasSage(message.signer) !== true) throw new Fault("keys", "no sage signed the keys");
    for (const { problem, key } of value.keys) this.#keys.set(problem, key);
  }

  #onLog(payload: Uint8Array): void {
    const group = codec.decode(committed, payload, LOG_RANGE_BYTES_MAX + MESSAGE_BYTES_MAX);
    if (group === undefined || this.#log === undefined) throw new Fault("log", "the log is malformed");
    const fault = auditCommitted(this.#log, group);
    if (fault !== undefined) throw new Fault(fault.code, `block ${fault.block}: ${fault.reason}`);
  }

  #onLogEnd(): void {
    const manifest = this.#manifest;
    if (this.#log === undefined || manifest === undefined) throw new Fault("order", "there is no roster");
    this.#contents = auditedContest(this.#log);
    this.#bundles = new BundleAudit({
      directory: this.#options.directory,
      manifest,
      contents: this.#contents,
      keys: this.#keys,
      wanted: bundlesIn(this.#manifestBytes, this.#contents),
      remark: (text) => this.#remarks.push(text),
    });
    this.#wanted = this.#contents.submissions;
    const { reexecute = 0, random = randomInt } = this.#options;
    const judged = this.#wanted.filter(({ statement }) => statement !== null);
    for (const each of chosenOf(judged, reexecute, random)) this.#chosen.set(each.id, each);
  }

  /** In the order of the receipts. */
  async #onSource(payload: Uint8Array): Promise<void> {
    const message = decodeMessage(payload, SUBMISSION_BYTES_MAX + 1024);
    const body = message && codec.decode(submissionShape, message.body, SUBMISSION_BYTES_MAX);
    if (message?.kind !== SUBMISSION_KIND || body === undefined) throw new Fault("source", "a source is malformed");
    const id = submissionIdOf(message);
    const wanted = this.#wanted[this.#sources];
    if (wanted?.id !== id) {
      throw new Fault("source", `submission ${id} comes where ${wanted?.id ?? "none"} should`);
    }
    this.#sources += 1;
    if (!verifyMessage(this.#verifier, this.#contestId(), message)) {
      throw new Fault("source", `the submitter's signature under submission ${id} does not hold`);
    }
    const isSame =
      wanted.submitter === message.signer && wanted.problem === body.problem && wanted.language === body.language;
    if (!isSame) throw new Fault("source", `submission ${id} is another one than its receipt says`);
    if (this.#chosen.has(id)) await this.#keep(wanted, body, message);
  }

  async #keep(submission: AuditedSubmission, body: Submission, message: SignedMessage): Promise<void> {
    const directory = path.join(this.#options.directory, "sources");
    await mkdir(directory, { recursive: true });
    const files: { readonly name: string; readonly file: string }[] = [];
    for (const [index, { filename, source }] of sourceFilesOf(body).entries()) {
      const file = path.join(directory, `${submissionIdOf(message)}.${index}`);
      await writeFile(file, source);
      files.push({ name: filename, file });
    }
    this.#kept.push({
      submission,
      files,
      directory: problemDirectory(this.#options.directory, submission.problem, submission.revision),
    });
  }

  #onSourcesEnd(): void {
    const all = this.#wanted.length;
    if (this.#sources === 0 && all > 0)
      this.#remarks.push("the archive holds no sources: no verdict can be executed again");
    else if (this.#sources < all) {
      throw new Fault("source", `the source of submission ${this.#wanted[this.#sources]?.id ?? ""} is missing`);
    }
  }

  result(): AuditedArchive {
    const [contest, manifest, log, audit] = [this.#contest, this.#manifest, this.#contents, this.#log];
    if (contest === undefined || manifest === undefined || log === undefined || audit === undefined)
      throw new Fault("order", "the archive is incomplete");
    return {
      contest,
      manifest,
      log,
      blocks: this.blocks(),
      terms: audit.terms,
      entries: Object.fromEntries(sorted(audit.entries)),
      voids: Object.fromEntries(sorted(audit.voids)),
      signatures: this.#signatures,
      sources: this.#sources,
      opened: this.#bundles?.opened ?? 0,
      bundles: this.#bundles?.seen ?? 0,
      remarks: this.#remarks,
      kept: this.#kept,
    };
  }
}

/** Each as likely; by Floyd's method. */
function chosenOf<T>(from: readonly T[], count: number | "all", random: (below: number) => number): readonly T[] {
  if (count === "all" || count >= from.length) return from;
  const chosen = new Set<number>();
  for (let top = from.length - count; top < from.length; top += 1) {
    const pick = random(top + 1);
    chosen.add(chosen.has(pick) ? top : pick);
  }
  return [...chosen].sort((a, b) => a - b).map((index) => from[index] as T);
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
