/** Writes zip archives byte by byte, honest ones and others (APPNOTE.TXT 4.3). */
import { crc32, deflateRawSync } from "node:zlib";

export interface TestEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** Unix mode with the file's type; 0 = written by a tool without modes. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  /** What the two headers claim, where it is not the truth. */
  readonly localName?: string;
  readonly claimedBytes?: number;
  readonly claimedCrc?: number;
  readonly extra?: Uint8Array;
  /** Shares header and data with an earlier entry. */
  readonly sameAs?: number;
}

export function zipOf(entries: readonly TestEntry[]): Buffer {
  const locals: Buffer[] = [];
  const offsets: number[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string);
    const content = Buffer.from((entry.content ?? "") as string);
    const method = entry.method ?? 8;
    const data = method === 8 ? deflateRawSync(content) : content;
    const bytes = entry.claimedBytes ?? content.length;
    const checksum = entry.claimedCrc ?? crc32(content);
    const flags = entry.flags ?? 0x800;
    const fixed = Buffer.alloc(26);
    for (const [at, value] of [20, flags, method, 0, 0x21].entries()) fixed.writeUInt16LE(value, at * 2);
    fixed.writeUInt32LE(checksum, 10);
    fixed.writeUInt32LE(data.length, 14);
    fixed.writeUInt32LE(bytes, 18);
    const own = offsets.length;
    if (entry.sameAs === undefined) {
      const localName = Buffer.from(entry.localName ?? name);
      const local = Buffer.from(fixed);
      local.writeUInt16LE(localName.length, 22);
      offsets.push(offset);
      locals.push(Buffer.from([0x50, 0x4b, 3, 4]), local, localName, data);
      offset += 4 + local.length + localName.length + data.length;
    } else offsets.push(offsets[entry.sameAs] ?? 0);
    const extra = Buffer.from(entry.extra ?? []);
    const central = Buffer.alloc(46);
    central.set([0x50, 0x4b, 1, 2]);
    central.writeUInt16LE(0x031e, 4);
    fixed.copy(central, 6);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(offsets[own] ?? 0, 42);
    directory.push(central, name, extra);
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.set([0x50, 0x4b, 5, 6]);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directoryBytes, end]);
}

/** The Info-ZIP Unicode Path field (0x7075): a second name. */
export function unicodePathField(rawName: string, secondName: string): Uint8Array {
  const second = Buffer.from(secondName);
  const field = Buffer.alloc(9 + second.length);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + second.length, 2);
  field[4] = 1;
  field.writeUInt32LE(crc32(rawName), 5);
  second.copy(field, 9);
  return field;
}
