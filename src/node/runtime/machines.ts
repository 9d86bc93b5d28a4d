/**
 * The machines of one node behind one `step`: the session machine alone, or beside it the sage's. Messages of a kind in
 * `SAGE_KINDS` and timers `sage/…` go to the sage, everything else to the session machine; what the sage publishes, the
 * session machine of the same node hears as received from itself (sessions/index.ts).
 */
import {
  type ParticipantCommand,
  type ParticipantConfig,
  type ParticipantEvent,
  isRegistered,
  type ParticipantState,
  restoreParticipant,
  statusOf,
  type Status,
  step,
} from "../../../sessions/index.ts";
import {
  restoreSage,
  SAGE_KINDS,
  SAGE_RECORDS,
  type SageConfig,
  type SageEvent,
  type SageState,
  type SageView,
  stepSage,
  viewOfSage,
} from "../../../sage/index.ts";
import {
  authorities,
  codec,
  type Effect,
  type Event,
  type Manifest,
  rosterCertificate,
  type Seats,
  type StoredRecord,
} from "../../model/index.ts";
import type { Machine } from "../driver/index.ts";

/** Tells a sage that was attached to a running node to begin. */
export const SAGE_STARTED = "sage-started";

const SAGE_PREFIX = "sage/";
const SAGE_COMMANDS: ReadonlySet<string> = new Set([
  "open-contest",
  "registrations",
  "ban",
  "transfer",
  "give-back",
  "reclaim",
  SAGE_STARTED,
]);

export interface NodeMachine extends Machine {
  readonly participant: ParticipantState;
  status(): Status;
  /** Whether a sage has admitted this node, or its owner has withdrawn it. */
  registration(): { readonly registered: boolean; readonly withdrawn: boolean };
  /** Null until it is known. */
  manifest(): Manifest | null;
  /** Who speaks as a sage; null until the manifest is known. */
  seats(): Seats | null;
  /** What the sage of this node has; null: it has none. */
  sage(): SageView | null;
  /** From now on this node speaks as a sage as well. The machine must be given the command {@link SAGE_STARTED} afterwards. */
  attachSage(config: SageConfig, records: readonly StoredRecord[]): void;
}

function isSages({ key }: StoredRecord): boolean {
  return key.startsWith(SAGE_PREFIX);
}

const NO_SAGE = {
  type: "failed",
  code: "not-a-sage",
  reason: "this needs a sage's node; run it where the sage runs, or name its data directory with --data-dir",
} as const;

/** `sageConfig`: null for nodes that are no sages (yet). */
export function nodeMachine(
  config: ParticipantConfig,
  sageConfig: SageConfig | null,
  records: readonly StoredRecord[],
): NodeMachine {
  const participant = restoreParticipant(
    config,
    records.filter((record) => !isSages(record)),
  );
  let sage: SageState | null = null;
  const attachSage = (given: SageConfig, kept: readonly StoredRecord[]): void => {
    sage = restoreSage(given, [...inherited(participant, kept), ...kept.filter(isSages)]);
  };
  if (sageConfig !== null) attachSage(sageConfig, records);
  return {
    participant,
    status: () => statusOf(participant),
    registration: () => ({
      registered: isRegistered(participant),
      withdrawn: participant.joining.withdrawal !== null,
    }),
    manifest: () => manifestOf(participant),
    seats: () => participant.joining.seats,
    sage: () => sage && viewOfSage(sage),
    attachSage,
    step: (event) => {
      if (sage !== null) {
        // Before the roster only a sage counts.
        if (participant.live === null) participant.registered = viewOfSage(sage).registered;
        return stepBoth(participant, sage, event);
      }
      if (event.type === "command-received" && SAGE_COMMANDS.has(event.command.type))
        return [{ type: "reply", request: event.request, body: NO_SAGE, final: true }];
      return step(participant, event as ParticipantEvent);
    },
  };
}

/** What a node that becomes a sage knows already as a participant: who holds the seats, and the roster. */
function inherited(participant: ParticipantState, kept: readonly StoredRecord[]): readonly StoredRecord[] {
  const { rosterCertificate: certificate, joining } = participant;
  const chain = joining.seats?.chain ?? [];
  const known = [
    ...(chain.length === 0
      ? []
      : [{ key: SAGE_RECORDS.authorities, value: codec.encode(authorities, { messages: chain }) }]),
    ...(certificate === null
      ? []
      : [{ key: SAGE_RECORDS.roster, value: codec.encode(rosterCertificate, certificate) }]),
  ];
  return known.filter(({ key }) => !kept.some((record) => record.key === key));
}

function stepBoth(participant: ParticipantState, sage: SageState, event: Event): readonly Effect[] {
  const toParticipant = (): readonly Effect[] => step(participant, event as ParticipantEvent);
  const toSage = (): readonly Effect[] => withOwnPublications(participant, event, stepSage(sage, event as SageEvent));
  switch (event.type) {
    case "started":
    case "peer-connected":
    case "peer-disconnected":
      return [...toSage(), ...toParticipant()];
    case "message-received":
      return SAGE_KINDS.has(event.message.kind) ? toSage() : toParticipant();
    case "timer-fired":
      return event.timer.startsWith(SAGE_PREFIX) ? toSage() : toParticipant();
    case "records-read":
      return event.read.startsWith(SAGE_PREFIX) ? toSage() : toParticipant();
    case "command-received":
      if (event.command.type === SAGE_STARTED) {
        const { request, at } = event;
        const started = withOwnPublications(participant, event, stepSage(sage, { type: "started", at }));
        return [...started, { type: "reply", request, body: { type: "done" }, final: true }];
      }
      return SAGE_COMMANDS.has(event.command.type) ? toSage() : toParticipant();
    case "evaluation-finished":
    case "evaluation-progressed":
      return toParticipant();
  }
}

/** The sage's effects, each publication followed by what the own session machine makes of it. */
function withOwnPublications(
  participant: ParticipantState,
  cause: Event,
  effects: readonly Effect[],
): readonly Effect[] {
  return effects.flatMap((effect): readonly Effect[] => {
    if (effect.type !== "publish") return [effect];
    const heard = step(participant, {
      type: "message-received",
      at: cause.at,
      from: participant.config.signer.id,
      via: "gossip",
      message: effect.message,
    });
    // The validity answers a message from outside, and this one came from ourselves.
    return [effect, ...heard.filter(({ type }) => type !== "validity")];
  });
}

export type NodeCommand = ParticipantCommand | { readonly type: "open-contest"; readonly inMs: number | null };

function manifestOf(state: ParticipantState): Manifest | null {
  return (state as { readonly manifest?: Manifest | null }).manifest ?? null;
}
