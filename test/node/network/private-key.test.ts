import assert from "node:assert/strict";
import { test } from "node:test";
import { privateKeyFromRaw, publicKeyFromProtobuf, publicKeyToProtobuf } from "@libp2p/crypto/keys";
import type { Secp256k1PublicKey } from "@libp2p/interface";
import * as fc from "fast-check";
import { sha256 } from "../../../src/model/index.ts";
import { fastSigner } from "../../../src/node/identity/index.ts";
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

/** Before anything replaces it. */
const libp2pVerify = Reflect.get(
  Object.getPrototypeOf(privateKeyFromRaw(secretKeyFor("signer")).publicKey) as object,
  "verify",
) as (this: Secp256k1PublicKey, data: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

async function answerOf(verify: () => boolean | Promise<boolean>): Promise<boolean | "throws"> {
  try {
    return await verify();
  } catch {
    return "throws";
  }
}

const GROUP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function derInteger(value: bigint, zeros: number): string {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  const body = "00".repeat(zeros + (Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? 1 : 0)) + even;
  return `02${(body.length / 2).toString(16).padStart(2, "0")}${body}`;
}

/** DER of two integers of any size, with `padding` needless zeros before the first. */
function der(r: bigint, s: bigint, padding: number): Uint8Array {
  const body = derInteger(r, padding) + derInteger(s, 0);
  return Uint8Array.from(Buffer.from(`30${(body.length / 2).toString(16).padStart(2, "0")}${body}`, "hex"));
}

test("public key: signatures of every shape: judged as libp2p's own class judges them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom("ours", "high s", "padded", "cut", "longer", "flipped", "zero", "any numbers", "any bytes"),
      fc.nat(200),
      fc.bigInt(0n, 1n << 264n),
      async (message, shape, place, number) => {
        const key = libp2pPrivateKey(secretKeyFor("signer"));
        const signature = await key.sign(message);
        const compact = Buffer.from(fastSigner(secretKeyFor("signer")).sign(sha256(message))).toString("hex");
        const r = BigInt(`0x${compact.slice(0, 64)}`);
        const s = BigInt(`0x${compact.slice(64)}`);
        const shapes: Readonly<Record<typeof shape, () => Uint8Array>> = {
          ours: () => signature,
          "high s": () => der(r, GROUP_ORDER - s, 0),
          padded: () => der(r, s, 1 + (place % 3)),
          cut: () => signature.subarray(0, place % signature.length),
          longer: () => Uint8Array.of(...signature, place),
          flipped: () => signature.map((byte, index) => (index === place % signature.length ? byte ^ 1 : byte)),
          zero: () => der(0n, s, 0),
          "any numbers": () => der(number, number >> 3n, 0),
          "any bytes": () => signature.map((byte, index) => byte + place * index),
        };
        const given = shapes[shape]();
        const publicKey = publicKeyFromProtobuf(publicKeyToProtobuf(key.publicKey));
        const answer = await answerOf(() => publicKey.verify(message, given));
        assert.equal(answer, await answerOf(() => libp2pVerify.call(publicKey as Secp256k1PublicKey, message, given)));
        assert.ok(shape !== "ours" || answer === true);
      },
    ),
    { numRuns: 400 },
  );
});
