/** A small machine to test the world with: counts what it hears, stores before it answers, echoes, ticks. */
import {
  type Effect,
  type Event,
  type NodeId,
  type SignedMessage,
  type Signer,
  signMessage,
} from "../../../src/model/index.ts";
import type { Blueprint, Boot, Machine } from "../../../sim/index.ts";

export interface Heard {
  readonly at: number;
  readonly type: string;
  readonly from?: NodeId;
  readonly text?: string;
}

export function message(signer: Signer, text: string): SignedMessage {
  return signMessage(signer, undefined, "toy", new TextEncoder().encode(text));
}

export function textOf(from: SignedMessage): string {
  return new TextDecoder().decode(from.body);
}

/** Reacts to each event with the given function; hears into `heard`, which survives crashes because the test owns it. */
export function toy(
  signer: Signer,
  heard: Heard[],
  react: (event: Event, boot: Boot) => readonly Effect[] = () => [],
): Blueprint {
  return {
    id: signer.id,
    boot(boot): Machine {
      return {
        step(event) {
          heard.push({
            at: event.at,
            type: event.type,
            ...(event.type === "message-received" ? { from: event.from, text: textOf(event.message) } : {}),
            ...(event.type === "timer-fired" ? { text: event.timer } : {}),
          });
          const effects = react(event, boot);
          if (event.type !== "message-received" || effects.some((effect) => effect.type === "validity")) return effects;
          return [...effects, { type: "validity", outcome: "accept", code: "ok" }];
        },
        checkInvariants() {},
      };
    },
  };
}
