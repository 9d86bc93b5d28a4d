/**
 * A linear memory at rest: only its pages that are not zero, so that restoring touches no more than needed, and the few
 * numbers needed to go on.
 *
 * Format: u32 length of a JSON header, header `{state, memoryBytes, runs: [[page, pages], …]}`, then the pages.
 */

/** The host's page, not WebAssembly's: what an untouched stretch costs nothing in. */
const PAGE_BYTES = 4_096;

export interface Snapshot {
  readonly memoryBytes: number;
  /** Numbers by name: stack pointer, addresses. */
  readonly state: Readonly<Record<string, number>>;
  readonly runs: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
}

export function takeSnapshot(memory: Uint8Array, state: Readonly<Record<string, number>>): Snapshot {
  const words = new BigUint64Array(memory.buffer, memory.byteOffset, memory.byteLength / 8);
  const runs: { offset: number; bytes: Uint8Array }[] = [];
  let start: number | undefined;
  for (let offset = 0; offset <= memory.length; offset += PAGE_BYTES) {
    const used = offset < memory.length && !isZero(words, offset / 8, PAGE_BYTES / 8);
    if (used) start ??= offset;
    else if (start !== undefined) {
      runs.push({ offset: start, bytes: memory.slice(start, offset) });
      start = undefined;
    }
  }
  return { memoryBytes: memory.length, state, runs };
}

/** The memory must be fresh (all zero) and at least as large as the snapshot. */
export function restoreSnapshot(memory: Uint8Array, snapshot: Snapshot): void {
  for (const { offset, bytes } of snapshot.runs) memory.set(bytes, offset);
}

export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const header = Buffer.from(
    JSON.stringify({
      state: snapshot.state,
      memoryBytes: snapshot.memoryBytes,
      runs: snapshot.runs.map(({ offset, bytes }) => [offset, bytes.length]),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, ...snapshot.runs.map(({ bytes }) => bytes)]);
}

/** Only for bytes whose integrity is known (`DiskCache`). */
export function decodeSnapshot(encoded: Uint8Array): Snapshot {
  const headerBytes = new DataView(encoded.buffer, encoded.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(encoded.subarray(4, 4 + headerBytes))) as {
    readonly state: Record<string, number>;
    readonly memoryBytes: number;
    readonly runs: readonly (readonly [number, number])[];
  };
  let at = 4 + headerBytes;
  const runs = header.runs.map(([offset, length]) => {
    const bytes = encoded.subarray(at, at + length);
    at += length;
    return { offset, bytes };
  });
  return { memoryBytes: header.memoryBytes, state: header.state, runs };
}

function isZero(words: BigUint64Array, from: number, count: number): boolean {
  for (let index = from; index < from + count; index += 1) if (words[index] !== 0n) return false;
  return true;
}
