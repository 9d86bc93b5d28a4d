import assert from "node:assert/strict";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  fromHex,
  type NodeId,
  nobleSigner,
  nobleVerifier,
  nodeIdOfPublicKey as nodeIdOfKey,
  toHex,
} from "../../../src/model/index.ts";
import {
  fastSigner,
  fastVerifier,
  hasNativeCrypto,
  loadKey,
  loadOrCreateKey,
} from "../../../src/node/identity/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { secretKeyFor } from "../../support/keys.ts";

/** SEC 2, secp256k1: the group's order. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const SCALARS = [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, ORDER >> 1n, (ORDER >> 1n) + 1n, 2n ** 256n - 1n];

const word = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, "0"));
const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);
const joined = (r: bigint, s: bigint): Uint8Array => new Uint8Array([...word(r), ...word(s)]);

function same(digest: Uint8Array, signature: Uint8Array, signer: NodeId): boolean {
  const wanted = nobleVerifier.verify(digest, signature, signer);
  assert.equal(
    fastVerifier.verify(digest, signature, signer),
    wanted,
    `${toHex(digest)} ${toHex(signature)} ${signer}`,
  );
  return wanted;
}

test("fast crypto: this platform: uses the native binding", {
  skip: process.platform !== "linux" || process.arch !== "x64",
}, () => {
  assert.ok(hasNativeCrypto);
});

test("fast crypto: valid, high-S, swapped, bit-flipped and edge signatures: exactly noble's answer", () => {
  const key = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .filter((bytes) => toBigInt(bytes) > 0n && toBigInt(bytes) < ORDER);
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(key, digest, fc.nat(511), fc.constantFrom(...SCALARS), (secretKey, message, bit, edge) => {
      const signer = nobleSigner(secretKey);
      const { id } = signer;
      const signature = signer.sign(message);
      assert.deepEqual(fastSigner(secretKey).sign(message), signature);
      assert.ok(same(message, signature, id));
      const [r, s] = [toBigInt(signature.subarray(0, 32)), toBigInt(signature.subarray(32))];
      assert.ok(!same(message, joined(r, ORDER - s), id));
      const flipped = signature.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      same(message, flipped, id);
      for (const other of [joined(s, r), joined(edge, s), joined(r, edge), joined(edge, edge)])
        same(message, other, id);
      same(message, signature, nobleSigner(secretKeyFor("another")).id);
    }),
    { numRuns: 60 },
  );
});

test("fast crypto: wrong lengths, a key that is no point, an all-zero digest: exactly noble's answer", () => {
  const signer = nobleSigner(secretKeyFor("lengths"));
  const { id } = signer;
  const digest = new Uint8Array(32).fill(7);
  const signature = signer.sign(digest);
  for (const length of [0, 1, 31, 33, 64]) same(digest.slice(0, length), signature, id);
  for (const length of [0, 32, 63]) same(digest, signature.slice(0, length), id);
  same(digest, new Uint8Array([...signature, 0]), id);
  same(new Uint8Array(32), nobleSigner(secretKeyFor("lengths")).sign(new Uint8Array(32)), id);
  same(digest, signature, "not an id" as NodeId);
  // x = 5 is on no point of the curve.
  const offCurve = nodeIdOf(5n);
  same(digest, signature, offCurve);
});

function nodeIdOf(x: bigint): NodeId {
  return nodeIdOfKey(new Uint8Array([2, ...word(x)]));
}

test("key file: made once, readable by its owner only, the same afterwards", async (context) => {
  const directory = await temporaryDirectory(context);
  assert.equal(await loadKey(directory), undefined);
  const key = await loadOrCreateKey(directory);
  const file = path.join(directory, "key");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  await chmod(file, 0o644);
  assert.deepEqual(await loadOrCreateKey(directory), key);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await readFile(file, "utf8")).trim(), toHex(key));
});

test("key file: not a key: refused, not replaced", async (context) => {
  const directory = await temporaryDirectory(context);
  for (const text of ["", "hello", "0".repeat(64), "f".repeat(64), "1".repeat(63)]) {
    await writeFile(path.join(directory, "key"), text);
    await assert.rejects(loadOrCreateKey(directory), { code: "DIKAST_KEY" });
  }
});
