/** A readable account of a run: who did what when, for people who look for a bug. */
import type { Notice } from "../../sessions/index.ts";
import type { Effect, Event } from "../../src/model/index.ts";
import type { Host } from "../world/host.ts";

export interface Narrator {
  readonly stepped: (nowMs: number, host: Host, event: Event, effects: readonly Effect[]) => void;
  readonly noticed: (nowMs: number, host: Host, notice: Notice) => void;
  readonly crashed: (nowMs: number, host: Host) => void;
}

export const SILENT: Narrator = { stepped() {}, noticed() {}, crashed() {} };

/** Events and what they led to, one line each; heartbeats and empty steps are left out. */
export function narrate(write: (line: string) => void): Narrator {
  const names = new Map<string, string>();
  const line = (nowMs: number, host: Host, text: string): void => {
    names.set(host.id, `n${host.index}`);
    const readable = text.replaceAll(NODE_ID, (id) => names.get(id) ?? `…${id.slice(-5)}`).replaceAll(HASH, "$1…");
    write(`${nowMs.toFixed(3).padStart(12)}  n${String(host.index).padEnd(3)} ${readable}`);
  };
  return {
    stepped(nowMs, host, event, effects) {
      const said = effects.filter((effect) => !isDull(effect)).map(describeEffect);
      const quiet = event.type === "message-received" && QUIET_KINDS.has(event.message.kind);
      if (said.length > 0 && !(quiet && said.length === 1))
        line(nowMs, host, `${describeEvent(event)} → ${said.join(", ")}`);
    },
    noticed(nowMs, host, notice) {
      line(nowMs, host, `! ${JSON.stringify(notice)}`);
    },
    crashed(nowMs, host) {
      line(nowMs, host, "✝ crashed");
    },
  };
}

/** Replaced by the short names of the nodes that have been seen. */
const NODE_ID = /\b16Uiu2HA[1-9A-HJ-NP-Za-km-z]{45}\b/g;
const HASH = /\b([0-9a-f]{6})[0-9a-f]{58}\b/g;

const QUIET_KINDS: ReadonlySet<string> = new Set(["heartbeat", "echo"]);

const DULL_EFFECTS: ReadonlySet<Effect["type"]> = new Set([
  "set-timer",
  "clear-timer",
  "notify",
  "remember-peer",
  "reply",
]);

function isDull(effect: Effect): boolean {
  if (effect.type === "validity") return effect.outcome === "accept";
  if (effect.type === "send" || effect.type === "publish") return QUIET_KINDS.has(effect.message.kind);
  return DULL_EFFECTS.has(effect.type);
}

function describeEvent(event: Event): string {
  if (event.type === "message-received") {
    return `${event.message.kind} of ${event.message.signer}${event.via === "gossip" ? ` by gossip from ${event.from}` : ""}`;
  }
  if (event.type === "timer-fired") return `timer ${event.timer}`;
  return event.type === "command-received" ? `command ${event.command.type}` : event.type;
}

function describeEffect(effect: Effect): string {
  if (effect.type === "send") return `send ${effect.message.kind} to ${effect.to}`;
  if (effect.type === "publish") return `publish ${effect.message.kind}`;
  if (effect.type === "store")
    return `store ${effect.writes
      .map((each) => each.key)
      .join(" ")
      .slice(0, 120)}`;
  if (effect.type === "validity") return `${effect.outcome} (${effect.code})`;
  return effect.type === "evaluate" ? `evaluate ${effect.request.task.slice(0, 24)}` : effect.type;
}
