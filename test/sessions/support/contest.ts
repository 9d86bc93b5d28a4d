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

export const STARTS_AT = 1_800_000_000_000 as Instant;
export const PROFILE = hashOf(new TextEncoder().encode("profile"));

/** The n-th test key; always the same. */
export function signerOf(number: number): Signer {
  const secret = new Uint8Array(32);
  new DataView(secret.buffer).setUint32(28, number + 1);
  return nobleSigner(secret);
}

export function manifestOf(overrides: Partial<Manifest> = {}): Manifest {
  const sage = signerOf(1000).id;
  return {
    name: "test contest",
    organizer: sage,
    startsAt: null,
    durationMs: 3_600_000,
    sessionMs: 600_000,
    problems: [
      {
        id: "hello",
        label: "A",
        name: "Hello",
        openBundle: null,
        sealedBundle: null,
        package: null,
        pointsMicros: 1_000_000,
        fullScoreMicros: 1_000_000,
        submissionsMax: null,
        sourceBytesMax: 65_536,
        expectedCostMs: 1000,
      },
    ],
    languages: ["cpp"],
    judgeProfile: PROFILE,
    deterministic: true,
    rules: {
      type: "icpc",
      penaltyMinutes: 20,
      freezeMs: null,
      compileErrorPenalty: false,
      scoreMode: "max",
      submissionIntervalMs: 0,
    },
    clusterSize: 3,
    redundancy: null,
    checksPercent: 0,
    councilSize: 3,
    keepRegions: false,
    evaluators: "all",
    attemptsMax: 3,
    sages: [{ id: sage, addresses: [] }],
    registration: { opensAt: null, closesAt: null, policy: "open", tokenHash: null, allowed: [], late: false },
    beacon: [],
    nonce: new Uint8Array(32),
    ...overrides,
  };
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
