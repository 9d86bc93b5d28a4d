/** The manifest of a simulated contest, and who is who in it. */
import { tipOf } from "../../sage/index.ts";
import {
  type Capabilities,
  codec,
  hashOf,
  type NodeId,
  roster,
  type RosterCertificate,
  SIGNATURE_BYTES,
  type SignedMessage,
  type Signer,
  signManifest,
} from "../../src/model/index.ts";
import { Randomness } from "../engine/random.ts";
import { EPOCH_MS } from "../world/clock.ts";
import { plainManifest, plainProblem } from "./plain-manifest.ts";
import { nodeCount, nodesFrom, type Scenario } from "./scenario.ts";

export const JUDGE_PROFILE = hashOf(new TextEncoder().encode("simulated judge"));
export const CAPABILITIES: Capabilities = { languages: ["cpp"], judgeProfile: JUDGE_PROFILE, slots: 1 };

/** Sessions that a sage's hash chain serves. */
export function beaconLinks(scenario: Scenario): number {
  return Math.min(10_000, Math.ceil(scenario.durationMs / scenario.sessionMs) + 1);
}

export function beaconSecret(scenario: Scenario, sage: number): Uint8Array {
  return new Randomness(scenario.seed).stream(sage, "beacon-secret").bytes(32);
}

export function problemId(index: number): string {
  return `p${index}`;
}

export function drawManifest(scenario: Scenario, signerOf: (node: number) => Signer): SignedMessage {
  const sages = nodesFrom(0, scenario.sages);
  const idOf = (node: number): NodeId => signerOf(node).id;
  const value = plainManifest(idOf(0), {
    name: `simulated ${scenario.seed}`,
    durationMs: scenario.durationMs,
    sessionMs: scenario.sessionMs,
    problems: nodesFrom(0, scenario.problems).map((index) =>
      plainProblem(problemId(index), {
        label: String.fromCharCode(65 + (index % 26)) + (index < 26 ? "" : `${Math.floor(index / 26)}`),
      }),
    ),
    judgeProfile: JUDGE_PROFILE,
    clusterSize: scenario.clusterSize,
    redundancy: scenario.redundancy,
    checksPercent: scenario.checksPercent,
    councilSize: scenario.councilSize,
    evaluators: scenario.evaluators,
    attemptsMax: scenario.attemptsMax,
    sages: sages.map((node) => ({ id: idOf(node), addresses: [] })),
    registration: { opensAt: null, closesAt: null, policy: "open", tokenHash: null, allowed: [], late: true },
    beacon: sages
      .map((node) => ({ sage: idOf(node), tip: tipOf(beaconSecret(scenario, node), beaconLinks(scenario)) }))
      .sort((a, b) => (a.sage < b.sage ? -1 : 1)),
    nonce: new Randomness(scenario.seed).stream(-1, "manifest").bytes(32),
  });
  return signManifest(signerOf(0), value);
}

/** A contest with a roster from the start begins so long after virtual time 0. */
const GIVEN_START_MS = 1500;

/** Everybody belongs; nobody signed it: nodes that are handed it trust it. */
export function givenRoster(scenario: Scenario, signerOf: (node: number) => Signer): RosterCertificate {
  const members = nodesFrom(scenario.sages, nodeCount(scenario) - scenario.sages).map((node) => ({
    id: signerOf(node).id,
    displayName: `node ${node}`,
    role: node < scenario.sages + scenario.participants ? ("participant" as const) : ("juror" as const),
    capabilities: CAPABILITIES,
    region: "",
  }));
  return {
    roster: codec.encode(roster, {
      epoch: 0,
      startsAt: EPOCH_MS + GIVEN_START_MS,
      members: members.sort((a, b) => (a.id < b.id ? -1 : 1)),
      absent: [],
      reveals: [],
    }),
    ballot: 0,
    votes: [{ sage: signerOf(0).id, signature: new Uint8Array(SIGNATURE_BYTES) }],
  };
}
