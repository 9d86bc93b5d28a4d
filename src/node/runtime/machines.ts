/**
 * The machines of one node behind one `step`: the session machine alone, or beside it the sage's. Messages of a kind in
 * `SAGE_KINDS` and timers `sage/…` go to the sage, everything else to the session machine; what the sage publishes, the
 * session machine of the same node hears as received from itself (sessions/index.ts).
 */
import {
  type ParticipantCommand,
  type ParticipantConfig,
  type ParticipantEvent,
  type ParticipantState,
  restoreParticipant,
  statusOf,
  type Status,
  step,
} from "../../../sessions/index.ts";
import {
  restoreSage,
  SAGE_KINDS,
  type SageConfig,
  type SageEvent,
  type SageState,
  stepSage,
} from "../../../sage/index.ts";
import type { Effect, Event, Manifest, StoredRecord } from "../../model/index.ts";
import type { Machine } from "../driver/index.ts";

const SAGE_PREFIX = "sage/";
const SAGE_COMMANDS: ReadonlySet<string> = new Set(["open-contest", "registrations", "ban"]);

export interface NodeMachine extends Machine {
  readonly participant: ParticipantState;
  status(): Status;
  /** Null until it is known. */
  manifest(): Manifest | null;
}

export function participantMachine(config: ParticipantConfig, records: readonly StoredRecord[]): NodeMachine {
  const state = restoreParticipant(config, records);
  return {
    participant: state,
    status: () => statusOf(state),
    manifest: () => manifestOf(state),
    step: (event) => step(state, event as ParticipantEvent),
  };
}

export function sageMachine(
  config: ParticipantConfig,
  sageConfig: SageConfig,
  records: readonly StoredRecord[],
): NodeMachine {
  const own = records.filter(({ key }) => !key.startsWith(SAGE_PREFIX));
  const participant = restoreParticipant(config, own);
  const sage = restoreSage(
    sageConfig,
    records.filter(({ key }) => key.startsWith(SAGE_PREFIX)),
  );
  return {
    participant,
    status: () => statusOf(participant),
    manifest: () => manifestOf(participant),
    step: (event) => stepBoth(participant, sage, event),
  };
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

export function isSageCommand(body: { readonly type: string }): boolean {
  return SAGE_COMMANDS.has(body.type);
}

export type NodeCommand = ParticipantCommand | { readonly type: "open-contest"; readonly inMs: number | null };

function manifestOf(state: ParticipantState): Manifest | null {
  return (state as { readonly manifest?: Manifest | null }).manifest ?? null;
}
