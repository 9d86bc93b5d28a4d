import assert from "node:assert/strict";
import { test } from "node:test";

import * as fc from "fast-check";
import {
  CHUNK_BYTES_MIN,
  createOpener,
  createSealer,
  type Opener,
  readSealedLayout,
  SEALED_HEADER_BYTES,
  sealedChunkRange,
} from "../../../sage/sealing/index.ts";
import { concat, equalBytes, sha256 } from "../../../src/model/index.ts";

const CHUNK = CHUNK_BYTES_MIN;
const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const plainText = fc.uint8Array({ maxLength: 5 * CHUNK });

function sealAll(plain: Uint8Array, key: Uint8Array): Uint8Array {
  const sealer = createSealer({ key, plainBytes: plain.length, contentHash: sha256(plain), chunkBytes: CHUNK });
  const chunks = Array.from({ length: sealer.layout.chunks }, (_, index) =>
    sealer.seal(index, plain.subarray(index * CHUNK, (index + 1) * CHUNK)),
  );
  return concat(sealer.header, ...chunks);
}

function openerOf(file: Uint8Array, key: Uint8Array): Opener {
  const opener = createOpener(file.subarray(0, SEALED_HEADER_BYTES), key);
  assert.ok(typeof opener !== "string");
  return opener;
}

function chunkOf(file: Uint8Array, opener: Opener, index: number): Uint8Array {
  const { from, to } = sealedChunkRange(opener.layout, index);
  return file.subarray(from, to);
}

/** What opens, as a reader sees it: undefined as soon as one part is refused. */
function openAll(file: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const opener = createOpener(file.subarray(0, SEALED_HEADER_BYTES), key);
  if (typeof opener === "string" || file.length !== opener.layout.fileBytes) return undefined;
  const parts: Uint8Array[] = [];
  for (let index = 0; index < opener.layout.chunks; index += 1) {
    const plain = opener.open(index, chunkOf(file, opener, index));
    if (plain === undefined) return undefined;
    parts.push(plain);
  }
  return concat(...parts);
}

test("sealing: any text and key: opens to the same text, and sealing again gives the same bytes", () => {
  fc.assert(
    fc.property(plainText, key32, (plain, key) => {
      const file = sealAll(plain, key);
      assert.deepEqual(openAll(file, key), plain);
      assert.ok(equalBytes(file, sealAll(plain, key)));
      assert.equal(readSealedLayout(file.subarray(0, SEALED_HEADER_BYTES))?.fileBytes, file.length);
    }),
  );
});

test("sealing: lengths around a chunk's: open to the same text", () => {
  for (const length of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1]) {
    const plain = new Uint8Array(length).fill(7);
    assert.deepEqual(openAll(sealAll(plain, new Uint8Array(32)), new Uint8Array(32)), plain, String(length));
  }
});

test("sealing: any bit flipped: refused", () => {
  fc.assert(
    fc.property(plainText, key32, fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, key, place, bit) => {
      const file = sealAll(plain, key);
      const at = place % file.length;
      file[at] = (file[at] ?? 0) ^ (1 << bit);
      assert.equal(openAll(file, key), undefined);
    }),
  );
});

test("sealing: every single bit of a header flipped: refused", () => {
  const key = new Uint8Array(32).fill(9);
  const plain = new Uint8Array(1500);
  const file = sealAll(plain, key);
  for (let bit = 0; bit < SEALED_HEADER_BYTES * 8; bit += 1) {
    const altered = file.slice();
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(typeof createOpener(altered.subarray(0, SEALED_HEADER_BYTES), key), "string", `bit ${bit}`);
  }
});

test("sealing: a chunk at another's place, cut, or cut off: refused", () => {
  const key = new Uint8Array(32).fill(1);
  const plain = new Uint8Array(4 * CHUNK);
  const file = sealAll(plain, key);
  const opener = openerOf(file, key);
  for (let from = 0; from < 4; from += 1) {
    const chunk = chunkOf(file, opener, from);
    for (let to = -1; to <= 4; to += 1)
      assert.equal(opener.open(to, chunk) !== undefined, from === to, `${from} at ${to}`);
    assert.equal(opener.open(from, chunk.subarray(0, -1)), undefined);
    assert.equal(opener.open(from, concat(chunk, new Uint8Array(1))), undefined);
  }
  // A shorter file's last chunk is no last chunk of the longer one, and the other way round.
  const shorter = sealAll(plain.subarray(0, 2 * CHUNK), key);
  assert.equal(opener.open(1, chunkOf(shorter, openerOf(shorter, key), 1)), undefined);
});

test("sealing: another key: wrong-key before any chunk is read", () => {
  fc.assert(
    fc.property(plainText, key32, key32, (plain, key, other) => {
      fc.pre(!equalBytes(key, other));
      assert.equal(createOpener(sealAll(plain, key).subarray(0, SEALED_HEADER_BYTES), other), "wrong-key");
    }),
  );
});

test("sealing: a corrected text under the same key: no nonce is used twice", () => {
  const key = new Uint8Array(32).fill(3);
  const a = sealAll(new Uint8Array(CHUNK).fill(1), key);
  const b = sealAll(new Uint8Array(CHUNK).fill(2), key);
  assert.notDeepEqual(a.slice(20, 39), b.slice(20, 39));
  // With one keystream the two would differ by 1 ^ 2 in every byte.
  const differing = a
    .subarray(SEALED_HEADER_BYTES)
    .filter((byte, at) => (byte ^ (b[SEALED_HEADER_BYTES + at] ?? 0)) === 3);
  assert.ok(differing.length < CHUNK / 16, `${differing.length} of ${CHUNK}`);
});

test("sealing: without the key: neither known text nor any pattern is left", () => {
  const sentence = new TextEncoder().encode("The answer to the last test is forty-two. ");
  const plain = new Uint8Array(64 * CHUNK);
  for (let at = 0; at < plain.length; at += 1) plain[at] = sentence[at % sentence.length] ?? 0;
  const file = sealAll(plain, sha256(sentence)).subarray(SEALED_HEADER_BYTES);
  assert.equal(Buffer.from(file).indexOf(sentence.subarray(0, 6)), -1);
  const counts = Array.from({ length: 256 }, () => 0);
  for (const byte of file) counts[byte] = (counts[byte] ?? 0) + 1;
  const expected = file.length / 256;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 255 degrees of freedom: mean 255, standard deviation 22.6; the text and key are fixed, so this is no lottery.
  assert.ok(chiSquare > 150 && chiSquare < 360, `chi-square ${chiSquare}`);
});

test("sealing: headers that promise too much: refused", () => {
  const key = new Uint8Array(32);
  const header = sealAll(new Uint8Array(10), key).slice(0, SEALED_HEADER_BYTES);
  for (const [name, offset, value] of [
    ["chunks of 0 bytes", 8, [0, 0, 0, 0]],
    ["chunks of 4 GiB", 8, [255, 255, 255, 255]],
    ["a file of 2^64 bytes", 12, [255, 255, 255, 255, 255, 255, 255, 255]],
    ["another version", 7, [2]],
  ] as const) {
    const altered = header.slice();
    altered.set(value, offset);
    assert.equal(createOpener(altered, key), "bad-header", name);
    assert.equal(readSealedLayout(altered), undefined, name);
  }
  assert.equal(createOpener(header.subarray(1), key), "bad-header");
});
