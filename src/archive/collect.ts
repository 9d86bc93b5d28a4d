/** From a node's store and bundles to the records of an archive. */
import {
  authorities,
  AUTHORITIES_BYTES_MAX,
  BLOCK_BYTES_MAX,
  block,
  codec,
  contestIdOf,
  type Committed,
  committed,
  decodeMessage,
  type Hash,
  LOG_RANGE_BYTES_MAX,
  type Manifest,
  manifest as manifestShape,
  MANIFEST_BYTES_MAX,
  ROSTER_BYTES_MAX,
  rosterCertificate,
  Seats,
  submission,
  SUBMISSION_BYTES_MAX,
  type SourceFile,
  sourceFilesOf,
} from "../model/index.ts";
import {
  auditCommitted,
  type AuditedContest,
  auditedContest,
  beginLogAudit,
  type LogAudit,
} from "../../sessions/index.ts";
import type { BundleFiles } from "../node/bundles/index.ts";
import { fastVerifier } from "../node/identity/index.ts";
import { KEY_END, type Store } from "../node/store/index.ts";
import { ArchiveError, type ArchiveRecord } from "./format.ts";

export interface ArchiveParts {
  /** Without: nothing can be executed again. */
  readonly sources: boolean;
  readonly bundles: boolean;
}

export interface ArchiveSource {
  /** What the session machine stored: keys `session/…`. */
  readonly store: Store;
  readonly files: BundleFiles;
}

type Made = Pick<ArchiveRecord, "name" | "payload">;

const LOG_PREFIX = "session/log/";
const BODY_PREFIX = "session/body/";
const READ_BYTES = 4 * 1024 * 1024;

/** @throws ArchiveError when the node lacks something that belongs in it. */
export async function* recordsOf({ store, files }: ArchiveSource, parts: ArchiveParts): AsyncGenerator<Made> {
  const manifest = await valueOf(store, "session/manifest");
  const roster = await valueOf(store, "session/roster");
  if (manifest === undefined || roster === undefined) throw lacks("the contest's roster is not known here yet");
  yield { name: "manifest", payload: manifest };
  const seats = await valueOf(store, "session/seats");
  if (seats !== undefined && (codec.decode(authorities, seats, AUTHORITIES_BYTES_MAX)?.messages.length ?? 0) > 0) {
    yield { name: "seats", payload: seats };
  }
  yield { name: "roster", payload: roster };
  const audit = auditOf(manifest, seats, roster);
  const keys = await valueOf(store, "session/problem-keys");
  if (keys !== undefined) yield { name: "keys", payload: keys };
  for await (const group of logOf(store, audit)) yield { name: "log", payload: group };
  if (parts.sources) yield* sourcesOf(store, auditedContest(audit).submissions);
  if (parts.bundles) yield* bundlesOf(files, bundlesIn(manifest, auditedContest(audit)));
}

/** What is handed on is checked first: an archive that does not hold is nobody's proof. */
function auditOf(manifestBytes: Uint8Array, seatsBytes: Uint8Array | undefined, rosterBytes: Uint8Array): LogAudit {
  const message = decodeMessage(manifestBytes);
  const manifest = message && codec.decode(manifestShape, message.body, MANIFEST_BYTES_MAX);
  const certificate = codec.decode(rosterCertificate, rosterBytes, ROSTER_BYTES_MAX);
  if (message === undefined || manifest === undefined || certificate === undefined)
    throw lacks("the stored roster is damaged");
  const contest = contestIdOf(message);
  const seats = new Seats(manifest);
  const transfers = seatsBytes && codec.decode(authorities, seatsBytes, AUTHORITIES_BYTES_MAX);
  for (const each of transfers?.messages ?? []) seats.apply(each, fastVerifier, contest);
  const audit = beginLogAudit(fastVerifier, contest, manifest, seats, certificate);
  if (audit === undefined) throw lacks("the stored roster does not hold");
  return audit;
}

/** What a store's log says. @throws ArchiveError when it is damaged. */
export async function contestIn(
  store: Store,
): Promise<{ readonly manifest: Manifest; readonly contents: AuditedContest }> {
  const [manifest, seats, roster] = await Promise.all(
    ["session/manifest", "session/seats", "session/roster"].map((key) => valueOf(store, key)),
  );
  if (manifest === undefined || roster === undefined) throw lacks("the contest's roster is not known here yet");
  const audit = auditOf(manifest, seats, roster);
  for await (const _ of logOf(store, audit));
  return { manifest: audit.ledger.basis.manifest, contents: auditedContest(audit) };
}

/** @throws ArchiveError when it is not here. */
export async function sourceOf(store: Store, id: Hash): Promise<readonly SourceFile[]> {
  const encoded = await valueOf(store, BODY_PREFIX + id);
  const message = encoded && decodeMessage(encoded, SUBMISSION_BYTES_MAX + 1024);
  const body = message && codec.decode(submission, message.body, SUBMISSION_BYTES_MAX);
  if (body === undefined) throw lacks(`the source of submission ${id} is not at this node; sages gather them: ask one`);
  return sourceFilesOf(body);
}

/** Committed groups, each without blocks that an earlier one holds. */
async function* logOf(store: Store, audit: LogAudit): AsyncGenerator<Uint8Array> {
  let next = 0;
  for await (const value of valuesFrom(store, LOG_PREFIX)) {
    const group = codec.decode(committed, value, LOG_RANGE_BYTES_MAX);
    if (group === undefined) throw lacks("the stored log is damaged");
    const fresh: Committed["blocks"][number][] = [];
    for (const message of group.blocks) {
      const opened = codec.decode(block, message.body, 4 * BLOCK_BYTES_MAX);
      if (opened === undefined) throw lacks("the stored log is damaged");
      if (opened.index < next) continue;
      next = opened.index + 1;
      fresh.push(message);
    }
    if (fresh.length === 0) continue;
    const kept = { blocks: fresh, acks: group.acks };
    const fault = auditCommitted(audit, kept);
    if (fault !== undefined) throw lacks(`the stored log does not hold at block ${fault.block}: ${fault.reason}`);
    yield codec.encode(committed, kept);
  }
}

async function* sourcesOf(store: Store, received: readonly { readonly id: Hash }[]): AsyncGenerator<Made> {
  let missing = 0;
  for (const { id } of received) {
    const payload = await valueOf(store, BODY_PREFIX + id);
    if (payload === undefined) missing += 1;
    else yield { name: "source", payload };
  }
  if (missing > 0) {
    throw lacks(
      `${missing} of ${received.length} sources are not at this node; sages gather them: ask one, wait a little, or leave the sources out`,
    );
  }
}

async function* bundlesOf(files: BundleFiles, wanted: readonly WantedBundle[]): AsyncGenerator<Made> {
  for (const { problem, bundle } of wanted) {
    const known = await files.index(bundle);
    if (known === undefined || !(await files.isComplete(bundle))) {
      throw lacks(`the bundle of ${problem} is not at this node yet; wait for it, or leave the bundles out`);
    }
    yield { name: "bundle", payload: known.encoded };
    for await (const chunk of files.chunks(bundle)) yield { name: "chunk", payload: chunk };
  }
}

export interface WantedBundle {
  readonly problem: string;
  /** 0: the manifest's. */
  readonly revision: number;
  readonly bundle: Hash;
  readonly sealed: boolean;
}

/** In the order of the archive: the manifest's, then the revisions. */
export function bundlesIn(
  manifestMessage: Uint8Array,
  { revisions }: Pick<AuditedContest, "revisions">,
): readonly WantedBundle[] {
  const message = decodeMessage(manifestMessage);
  const value = message && codec.decode(manifestShape, message.body, MANIFEST_BYTES_MAX);
  const problems = value?.problems ?? [];
  const first = problems.flatMap(({ id, openBundle, sealedBundle }) => [
    ...(openBundle === null ? [] : [{ problem: id, revision: 0, bundle: openBundle, sealed: false }]),
    ...(sealedBundle === null ? [] : [{ problem: id, revision: 0, bundle: sealedBundle, sealed: true }]),
  ]);
  const later = problems.flatMap(({ id }) =>
    (revisions.get(id) ?? []).map(({ sealedBundle }, index) => ({
      problem: id,
      revision: index + 1,
      bundle: sealedBundle,
      sealed: true,
    })),
  );
  return [...first, ...later];
}

async function valueOf(store: Store, key: string): Promise<Uint8Array | undefined> {
  const [record] = await store.read({ from: key, to: `${key}\u0000`, countMax: 1 });
  return record?.value;
}

async function* valuesFrom(store: Store, prefix: string): AsyncGenerator<Uint8Array> {
  for (let from = prefix; ; ) {
    const records = await store.read({ from, to: prefix + KEY_END, countMax: 256, bytesMax: READ_BYTES });
    for (const { value } of records) yield value;
    const last = records.at(-1);
    if (last === undefined) return;
    from = `${last.key}\u0000`;
  }
}

function lacks(message: string): ArchiveError {
  return new ArchiveError("DIKAST_ARCHIVE_INCOMPLETE", message, 0);
}
