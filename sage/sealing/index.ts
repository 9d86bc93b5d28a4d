/**
 * Sealing of statements and tests (protocol.md §2 "Bundles"): distributed in advance, opened everywhere by 32 bytes at the start. Pure
 * functions over chunks; whoever reads and writes files drives them.
 *
 * ```ts
 * const sealer = createSealer({ key, plainBytes, contentHash });
 * const file = concat(sealer.header, ...chunks.map((chunk, index) => sealer.seal(index, chunk)));
 * const opener = createOpener(file.slice(0, SEALED_HEADER_BYTES), key); // or "bad-header", "wrong-key"
 * ```
 */
export {
  CHUNK_BYTES_DEFAULT,
  CHUNK_BYTES_MAX,
  CHUNK_BYTES_MIN,
  readSealedLayout,
  SEALED_HEADER_BYTES,
  sealedChunkRange,
  type SealedLayout,
} from "./layout.ts";
export {
  type Aead,
  createOpener,
  createSealer,
  type Opener,
  type OpenFault,
  type Sealer,
  type SealerOptions,
  SEALING_KEY_BYTES,
} from "./stream.ts";
