/** Paths and directory entries as programs pass and read them. */

/** Streams are of unknown type, as pipes are: a character device would be taken for a terminal, and written line by line. */
export const FILETYPE = { unknown: 0, directory: 3, regularFile: 4 } as const;

const ENTRY_BYTES = 24;
const UTF8 = new TextEncoder();
const UTF8_DECODER = new TextDecoder();

/** The absolute path that a directory and a relative path stand for; never above the root. */
export function absolutePath(directory: string, relative: Uint8Array): string {
  const segments: string[] = [];
  for (const segment of `${directory}/${UTF8_DECODER.decode(relative)}`.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

/**
 * Fills `target` with the entries from number `cookie` on; the last one may be cut.
 * @returns the bytes used.
 */
export function writeEntries(
  target: Uint8Array,
  entries: readonly { readonly name: string; readonly directory: boolean }[],
  cookie: bigint,
): number {
  let used = 0;
  for (let index = Number(cookie); index < entries.length && used < target.length; index++) {
    const entry = entries[index]!;
    const name = UTF8.encode(entry.name);
    const record = new Uint8Array(ENTRY_BYTES + name.length);
    const view = new DataView(record.buffer);
    view.setBigUint64(0, BigInt(index + 1), true);
    view.setUint32(16, name.length, true);
    record[20] = entry.directory ? FILETYPE.directory : FILETYPE.regularFile;
    record.set(name, ENTRY_BYTES);
    const part = record.subarray(0, Math.min(record.length, target.length - used));
    target.set(part, used);
    used += part.length;
  }
  return used;
}
