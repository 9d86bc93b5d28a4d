/** A small contest for tests: fixed keys, a signed manifest, an agreed roster. */
import {
  codec,
  contestIdOf,
  hashOf,
  type Instant,
  type Manifest,
  nobleSigner,
  nobleVerifier,
  type Roster,
  type RosterCertificate,
  roster,
  type Signer,
  signManifest,
} from "../../../src/model/index.ts";
import { plainManifest, plainProblem } from "../../../sim/contest/plain-manifest.ts";

export const STARTS_AT = 1_800_000_000_000 as Instant;
export const PROFILE = hashOf(new TextEncoder().encode("profile"));

/** The n-th test key; always the same. */
export function signerOf(number: number): Signer {
  const secret = new Uint8Array(32);
  new DataView(secret.buffer).setUint32(28, number + 1);
  return nobleSigner(secret);
}

export function manifestOf(overrides: Partial<Manifest> = {}): Manifest {
  return plainManifest(signerOf(1000).id, {
    name: "test contest",
    problems: [plainProblem("hello", { name: "Hello", expectedCostMs: 1000 })],
    judgeProfile: PROFILE,
    ...overrides,
  });
}

export function rosterOf(members: readonly Signer[]): Roster {
  return {
    epoch: 0,
    startsAt: STARTS_AT,
    members: members
      .map(({ id }, index) => ({
        id,
        displayName: `team ${index}`,
        role: "participant" as const,
        capabilities: { languages: ["cpp" as const], judgeProfile: PROFILE, slots: 1 },
        region: "",
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    absent: [],
    reveals: [],
  };
}

export function contestOf(size: number, overrides: Partial<Manifest> = {}) {
  const signers = Array.from({ length: size }, (_, index) => signerOf(index));
  const manifest = manifestOf(overrides);
  const message = signManifest(signerOf(1000), manifest);
  const contest = contestIdOf(message);
  const agreed = rosterOf(signers);
  const encoded = codec.encode(roster, agreed);
  const certificate: RosterCertificate = {
    roster: encoded,
    ballot: 0,
    votes: [{ sage: signerOf(1000).id, signature: new Uint8Array(64) }],
  };
  return { signers, manifest, message, contest, roster: agreed, rosterHash: hashOf(encoded), certificate };
}

export { nobleVerifier };
