/** Real signatures for simulated nodes: slow, and the same ones that nodes make. */
import { nobleSigner, nobleVerifier, type Signer, type Verifier } from "../../src/model/index.ts";
import { Randomness } from "../engine/random.ts";
import type { IdealKeys } from "./ideal.ts";

export interface RealCrypto {
  readonly signerOf: (secretKey: Uint8Array) => Signer;
  readonly verifier: Verifier;
}

/** @param crypto a faster implementation of the same signatures; noble's without one */
export function realKeys(
  seed: number,
  crypto: RealCrypto = { signerOf: nobleSigner, verifier: nobleVerifier },
): IdealKeys {
  const randomness = new Randomness(seed);
  const signers = new Map<number, Signer>();
  return {
    verifier: crypto.verifier,
    signer(index) {
      let signer = signers.get(index);
      if (signer === undefined) {
        const secretKey = randomness.stream(index, "real-key").bytes(32);
        // Below the order of the group, and not zero.
        secretKey[0] = 1;
        signers.set(index, (signer = crypto.signerOf(secretKey)));
      }
      return signer;
    },
  };
}
