/** The open part of a problem: what everybody may know before the start. No statement, no limit, no test. */
import { decode, encode, hash, integer, literal, type ShapeOf, struct, text } from "../../model/codec.ts";
import { BundleError } from "./errors.ts";
import { type BundlePlan, planBundle } from "./pack.ts";
import { readBundle } from "./unpack.ts";

export const OPEN_PART_FILE = "problem.cbor";
export const OPEN_PART_BYTES_MAX = 64 * 1024;

export const openPart = struct({
  version: literal(1),
  /** Short name: the package folder's name. */
  id: text(60, /^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  name: text(200),
  /** Name of the sealed file in the transfer: it binds every chunk of it. */
  sealedBundle: hash,
  sealedBytes: integer(0, Number.MAX_SAFE_INTEGER),
  /** Hash of the unsealed bundle's index: what every node finds when it has opened the sealed part. */
  contentHash: hash,
});
export type OpenPart = ShapeOf<typeof openPart>;

export async function planOpenBundle(part: OpenPart): Promise<BundlePlan> {
  return await planBundle("", [], { [OPEN_PART_FILE]: encode(openPart, part) });
}

/** @throws BundleError unless the stream is a bundle with a valid open part. */
export async function readOpenPart(source: AsyncIterable<Uint8Array>): Promise<OpenPart> {
  const encoded = (await readBundle(source, OPEN_PART_BYTES_MAX)).get(OPEN_PART_FILE);
  const part = encoded === undefined ? undefined : decode(openPart, encoded, OPEN_PART_BYTES_MAX);
  if (part === undefined) throw new BundleError("DIKAST_BUNDLE_BAD_FORMAT", "is no open part of a problem");
  return part;
}
