import assert from "node:assert/strict";
import { test } from "node:test";
import { privateKeyFromRaw, publicKeyFromProtobuf, publicKeyToProtobuf } from "@libp2p/crypto/keys";
import * as fc from "fast-check";
import { libp2pPrivateKey } from "../../../src/node/network/private-key.ts";
import { secretKeyFor } from "../../support/keys.ts";

test("private key: any message: libp2p's own key class accepts the signature and has the same public key", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.uint8Array({ maxLength: 200 }), async (name, message) => {
      const ours = libp2pPrivateKey(secretKeyFor(name));
      const theirs = privateKeyFromRaw(secretKeyFor(name));
      assert.deepEqual(ours.publicKey.raw, theirs.publicKey.raw);
      assert.ok(ours.equals(theirs));
      const signature = await ours.sign(message);
      const publicKey = publicKeyFromProtobuf(publicKeyToProtobuf(ours.publicKey));
      assert.equal(await publicKey.verify(message, signature), true);
      assert.equal(await publicKey.verify(new Uint8Array([...message, 1]), signature), false);
    }),
    { numRuns: 40 },
  );
});

test("private key: not one of the group: refused", () => {
  assert.throws(() => libp2pPrivateKey(new Uint8Array(32)), RangeError);
  assert.throws(() => libp2pPrivateKey(new Uint8Array(31).fill(1)), RangeError);
});
