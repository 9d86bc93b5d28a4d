/**
 * The archive of a contest: one file without slack, so that every byte of it means something that can be checked. After the
 * first line come records, each a type (1 byte), the length of its payload (4 bytes, big-endian) and the payload:
 *
 * | type | how many | payload |
 * |---|---|---|
 * | 1 manifest | 1 | the organizer's signed message |
 * | 2 seats | 0 or 1 | transfers of authority |
 * | 3 roster | 1 | the certificate |
 * | 4 keys | 0 or 1 | the signed message with the keys of the sealed bundles |
 * | 5 log | any | committed blocks with their acknowledgements, in order, none twice |
 * | 6 source | any | submissions as their submitters signed them, in the order of their receipts |
 * | 7 bundle | any | a bundle's index; in the order of the manifest, the open one before the sealed one |
 * | 8 chunk | after each bundle | its chunks, in order |
 * | 9 end | 1, last | SHA-256 of everything before this record |
 *
 * Equal stores give equal archives.
 */
import { createHash } from "node:crypto";
import { LOG_RANGE_BYTES_MAX, MESSAGE_BYTES_MAX, SUBMISSION_BYTES_MAX } from "../model/index.ts";

export const ARCHIVE_LINE = "dikast contest archive, version 1\n";

export const RECORD = {
  manifest: 1,
  seats: 2,
  roster: 3,
  keys: 4,
  log: 5,
  source: 6,
  bundle: 7,
  chunk: 8,
  end: 9,
} as const;
export type RecordName = keyof typeof RECORD;
const NAMES = new Map<number, RecordName>(Object.entries(RECORD).map(([name, type]) => [type, name as RecordName]));

const HEAD_BYTES = 5;
const MIB = 1024 * 1024;
/** Payloads; nothing larger is read. */
const BYTES_MAX: Readonly<Record<RecordName, number>> = {
  manifest: MIB,
  seats: MIB,
  roster: MESSAGE_BYTES_MAX + MIB,
  keys: MIB,
  log: LOG_RANGE_BYTES_MAX + MESSAGE_BYTES_MAX,
  source: SUBMISSION_BYTES_MAX + 1024,
  bundle: MIB,
  chunk: MIB,
  end: 32,
};

export interface ArchiveRecord {
  readonly name: RecordName;
  readonly payload: Uint8Array;
  /** Of the record's first byte in the file. */
  readonly offset: number;
}

/** The file is damaged or no archive; `offset` tells where. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  readonly code: `DIKAST_ARCHIVE_${string}`;
  readonly offset: number;
  constructor(code: `DIKAST_ARCHIVE_${string}`, message: string, offset: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.offset = offset;
  }
}

/** The bytes of an archive; the end is added. */
export async function* writeArchive(
  records: AsyncIterable<Pick<ArchiveRecord, "name" | "payload">>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  const first = new TextEncoder().encode(ARCHIVE_LINE);
  hash.update(first);
  yield first;
  for await (const { name, payload } of records) {
    const head = headOf(name, payload.length);
    hash.update(head).update(payload);
    yield head;
    yield payload;
  }
  yield headOf("end", 32);
  yield new Uint8Array(hash.digest());
}

function headOf(name: RecordName, length: number): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  head[0] = RECORD[name];
  new DataView(head.buffer).setUint32(1, length);
  return head;
}

/**
 * The records in order, the end checked and left out.
 * @throws ArchiveError where the bytes are no archive, are cut off, go on after the end, or do not have its hash.
 */
export async function* readArchive(source: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveRecord> {
  const bytes = new ByteReader(source);
  const hash = createHash("sha256");
  const line = await bytes.take(ARCHIVE_LINE.length);
  if (line === undefined || new TextDecoder().decode(line) !== ARCHIVE_LINE) {
    throw new ArchiveError("DIKAST_ARCHIVE_FORMAT", "this is no contest archive of version 1", 0);
  }
  hash.update(line);
  for (;;) {
    const { offset } = bytes;
    const head = await bytes.take(HEAD_BYTES);
    if (head === undefined) throw cut(offset);
    const name = NAMES.get(head[0] ?? 0);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(1);
    if (name === undefined || length > BYTES_MAX[name]) {
      throw new ArchiveError("DIKAST_ARCHIVE_DAMAGED", `there is no record at byte ${offset}`, offset);
    }
    const payload = await bytes.take(length);
    if (payload === undefined) throw cut(offset);
    if (name === "end") {
      if (length !== 32 || !hash.digest().equals(payload)) {
        throw new ArchiveError("DIKAST_ARCHIVE_HASH", "the archive's own hash is another one: it was changed", offset);
      }
      if ((await bytes.take(1)) !== undefined) {
        throw new ArchiveError("DIKAST_ARCHIVE_DAMAGED", "the archive goes on after its end", bytes.offset);
      }
      return;
    }
    hash.update(head).update(payload);
    yield { name, payload, offset };
  }
}

function cut(offset: number): ArchiveError {
  return new ArchiveError(
    "DIKAST_ARCHIVE_CUT",
    `the archive ends in the middle of a record, at byte ${offset}`,
    offset,
  );
}

/** Takes runs of wanted lengths from a stream. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  offset = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Undefined when the stream ends before. */
  async take(length: number): Promise<Uint8Array | undefined> {
    if (this.#rest.length < length) await this.#fill(length);
    if (this.#rest.length < length) return undefined;
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.offset += length;
    // Whoever keeps it must not keep the whole read buffer.
    return taken.slice();
  }

  async #fill(length: number): Promise<void> {
    const parts = [this.#rest];
    let have = this.#rest.length;
    while (have < length) {
      const { done, value } = await this.#source.next();
      if (done === true) break;
      parts.push(value);
      have += value.length;
    }
    const joined = new Uint8Array(have);
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    this.#rest = joined;
  }
}
