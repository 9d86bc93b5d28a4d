/** The name of a zip entry, refused where readers could disagree about it. */
import { TextDecoder } from "node:util";
import { type Entry, getFileNameLowLevel } from "yauzl";

const UTF8_FLAG = 0x800;
const UNICODE_PATH_FIELD = 0x7075;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export type EntryName = { readonly name: string } | { readonly fault: string };

/**
 * UTF-8 where the entry says so or where it can be read so, else the code page of old (CP437). A second name in an extra field must be the
 * same one.
 */
export function entryNameOf(entry: Entry): EntryName {
  const raw = entry.fileNameRaw;
  const asUtf8 = decodeUtf8(raw);
  const flagged = (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0;
  if (flagged && asUtf8 === undefined) return { fault: "has a name that is not UTF-8" };
  const name = asUtf8 ?? getFileNameLowLevel(entry.generalPurposeBitFlag, raw, [], true);
  for (const field of entry.extraFields) {
    if (field.id !== UNICODE_PATH_FIELD) continue;
    if (decodeUtf8(field.data.subarray(5)) !== name) return { fault: "has two different names" };
  }
  return { name };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
