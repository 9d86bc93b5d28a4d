/** The production machines as nodes of the world: a participant or juror, or a sage with its session machine beside it. */
import {
  beaconChain,
  restoreSage,
  SAGE_KINDS,
  SAGE_RECORDS,
  type SageEvent,
  type SageState,
  stepSage,
} from "../../sage/index.ts";
import {
  checkInvariants,
  type NodeRole,
  type ParticipantConfig,
  type ParticipantEvent,
  type ParticipantState,
  restoreParticipant,
  step,
} from "../../sessions/index.ts";
import {
  authorities,
  codec,
  contestIdOf,
  type Effect,
  type Event,
  type Hash,
  InvariantError,
  type NodeId,
  type RosterCertificate,
  rosterCertificate,
  type SignedMessage,
  type Signer,
  type StoredRecord,
  type Verifier,
} from "../../src/model/index.ts";
import { Randomness } from "../engine/random.ts";
import type { Blueprint, Boot, Machine } from "../world/machine.ts";
import { beaconLinks, beaconSecret, CAPABILITIES } from "./manifest.ts";
import { isSage, nodesFrom, type Scenario } from "./scenario.ts";

export interface NodeParts {
  readonly scenario: Scenario;
  readonly node: number;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly manifest: SignedMessage;
  /** Undefined: nodes register with the sages. */
  readonly roster: RosterCertificate | undefined;
  readonly sageIds: readonly NodeId[];
  /** How many registrations open the contest. */
  readonly openAtRegistered: number;
  /** Its place in the world; another one than `node` for a twin. */
  readonly host: number;
}

/** A machine whose session state checkers may read. */
export interface ContestMachine extends Machine {
  readonly participant: ParticipantState;
}

const SAGE_COMMANDS: ReadonlySet<string> = new Set(["open-contest", "registrations", "ban", "transfer", "reclaim"]);
/** From the roster to the start. */
const LEAD_MS = 1000;

export function contestBlueprint(parts: NodeParts): Blueprint {
  // Thousands of hashes, the same ones in every life.
  let chain: readonly Hash[] | undefined;
  return {
    id: parts.signer.id,
    boot(boot) {
      const { scenario, node } = parts;
      if (!isSage(scenario, node)) return bootParticipant(parts, boot);
      if (parts.roster !== undefined) return bootParticipant(parts, boot, "observer");
      chain ??= beaconChain(beaconSecret(scenario, node), beaconLinks(scenario));
      return bootSage(parts, boot, chain);
    },
  };
}

function configOf(parts: NodeParts, boot: Boot, role: NodeRole): ParticipantConfig {
  const { scenario, node, host } = parts;
  const randomness = new Randomness(scenario.seed);
  const secrets = randomness.stream(host, `secret/${boot.incarnation}`);
  const whims = randomness.stream(host, `maybe/${boot.incarnation}`);
  return {
    contest: contestIdOf(parts.manifest),
    signer: parts.signer,
    verifier: parts.verifier,
    seed: boot.seed,
    secretBytes: (length) => secrets.bytes(length),
    role,
    displayName: `node ${node}`,
    token: null,
    region: "",
    addresses: [],
    capabilities: CAPABILITIES,
    sages: parts.sageIds,
    ...(role === "sage" || parts.roster !== undefined ? { manifest: parts.manifest } : {}),
    ...(parts.roster === undefined ? {} : { roster: parts.roster }),
    timing: scenario.timing,
    ...(scenario.maybe > 0 ? { maybe: () => whims.chance(scenario.maybe) } : {}),
  };
}

function roleOf({ node, scenario }: NodeParts): NodeRole {
  return node < scenario.sages + scenario.participants ? "participant" : "juror";
}

/** A twin meets blocks that its own name signed and it did not make: what it believes of itself need not hold. */
function check(parts: NodeParts, state: ParticipantState): void {
  if (parts.node === parts.scenario.twin) return;
  const broken = checkInvariants(state);
  if (broken.length > 0) throw new InvariantError(broken.join("; "));
}

function bootParticipant(parts: NodeParts, boot: Boot, role: NodeRole = roleOf(parts)): ContestMachine {
  const records = boot.records.map(([key, value]) => ({ key, value }));
  const own = records.filter(isSages);
  const state = restoreParticipant(
    configOf(parts, boot, role),
    records.filter((record) => !isSages(record)),
  );
  let sage = own.length === 0 ? null : sageOf(parts, boot, [...inherited(state), ...own], []);
  return {
    participant: state,
    step: (event) => {
      if (sage !== null) return stepBoth(sage, state, parts.signer.id, event);
      const effects = step(state, event as ParticipantEvent);
      // A seat was signed over to this node. What the driver fetches beside it is the keys, of which there are none here.
      if ((state.joining.seats?.chain.length ?? 0) === 0 || !holdsSeat(state, parts.signer.id)) return effects;
      sage = sageOf(parts, boot, inherited(state), []);
      return [...effects, ...stepBoth(sage, state, parts.signer.id, { type: "started", at: event.at })];
    },
    checkInvariants: () => check(parts, state),
  };
}

function isSages({ key }: StoredRecord): boolean {
  return key.startsWith("sage/");
}

function holdsSeat({ joining }: ParticipantState, node: NodeId): boolean {
  return (joining.seats?.heldBy(node).length ?? 0) > 0;
}

/** What a node that takes a seat over knows already. */
function inherited({ joining, rosterCertificate: certificate }: ParticipantState): readonly StoredRecord[] {
  const messages = joining.seats?.chain ?? [];
  return [
    { key: SAGE_RECORDS.authorities, value: codec.encode(authorities, { messages }) },
    ...(certificate === null
      ? []
      : [{ key: SAGE_RECORDS.roster, value: codec.encode(rosterCertificate, certificate) }]),
  ];
}

function sageOf(parts: NodeParts, boot: Boot, records: readonly StoredRecord[], chain: readonly Hash[]): SageState {
  return restoreSage(
    {
      signer: parts.signer,
      verifier: parts.verifier,
      seed: boot.seed ^ 1n,
      manifest: parts.manifest,
      addresses: [],
      chain,
      openAtRegistered: parts.openAtRegistered,
      leadMs: LEAD_MS,
      problemKeys: [],
    },
    records,
  );
}

function bootSage(parts: NodeParts, boot: Boot, chain: readonly Hash[]): ContestMachine {
  const records = boot.records.map(([key, value]) => ({ key, value }));
  const sage = sageOf(parts, boot, records.filter(isSages), chain);
  const participant = restoreParticipant(
    configOf(parts, boot, "sage"),
    records.filter((record) => !isSages(record)),
  );
  return {
    participant,
    step: (event) => stepBoth(sage, participant, parts.signer.id, event),
    checkInvariants: () => check(parts, participant),
  };
}

/** As the driver of a real sage does it (see `sessions/index.ts`). */
function stepBoth(sage: SageState, participant: ParticipantState, self: NodeId, event: Event): readonly Effect[] {
  const toSage = (): Effect[] => {
    const effects: Effect[] = [];
    for (const effect of stepSage(sage, event as SageEvent)) {
      effects.push(effect);
      if (effect.type !== "publish") continue;
      const heard = {
        type: "message-received",
        at: event.at,
        from: self,
        via: "gossip",
        message: effect.message,
      } as const;
      for (const echoed of step(participant, heard)) if (echoed.type !== "validity") effects.push(echoed);
    }
    return effects;
  };
  const toParticipant = (): readonly Effect[] => step(participant, event as ParticipantEvent);
  switch (event.type) {
    case "message-received":
      return SAGE_KINDS.has(event.message.kind) ? toSage() : toParticipant();
    case "timer-fired":
      return event.timer.startsWith("sage/") ? toSage() : toParticipant();
    case "records-read":
      return event.read.startsWith("sage/") ? toSage() : toParticipant();
    case "command-received":
      return SAGE_COMMANDS.has(event.command.type) ? toSage() : toParticipant();
    case "evaluation-finished":
    case "evaluation-progressed":
      return toParticipant();
    case "started":
    case "peer-connected":
    case "peer-disconnected":
      return [...toSage(), ...toParticipant()];
  }
}

export function sageNodes(scenario: Scenario): number[] {
  return nodesFrom(0, scenario.sages);
}
