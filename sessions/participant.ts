/** The machine of one node: its one entry, which only dispatches. */
import { type Instant, randomFrom, type StoredRecord, unreachable } from "../src/model/index.ts";
import { onCommand } from "./command.ts";
import type { ParticipantConfig } from "./config.ts";
import { peerOf } from "./context.ts";
import { onHappening } from "./happening.ts";
import { announceKeys, continueJoining, learnManifest, learnRoster } from "./joining/joining.ts";
import { tellFormerSage } from "./joining/reclaim.ts";
import { newClock, readClock } from "./liveness/clock.ts";
import { hear } from "./liveness/heartbeats.ts";
import { onBodiesRead } from "./life/background.ts";
import { onRecordsRead } from "./log/catch-up.ts";
import type { Machine, ParticipantEffect, ParticipantEvent } from "./machine.ts";
import { sendHanded } from "./evaluation/dispatch.ts";
import { onEvaluationFinished, onEvaluationProgressed } from "./evaluation/evaluator.ts";
import { restoreRecords } from "./restore.ts";
import { ROUTES } from "./routes.ts";
import { ignore, reject, type Validity } from "./routing.ts";
import { onTimer } from "./timer.ts";
import { DEFAULT_TIMING } from "./timing.ts";

export type { ParticipantEffect, ParticipantEvent } from "./machine.ts";
/** Opaque to drivers: read it through the views. */
export type ParticipantState = Machine;

/** A node that never ran. */
export function createParticipant(config: ParticipantConfig): ParticipantState {
  return restoreParticipant(config, []);
}

/** A node as its store left it; `records` is everything it stored, in key order. */
export function restoreParticipant(config: ParticipantConfig, records: Iterable<StoredRecord>): ParticipantState {
  const m: Machine = {
    config,
    timing: { ...DEFAULT_TIMING, ...config.timing },
    contest: config.contest,
    self: config.signer.id,
    random: randomFrom(config.seed),
    now: 0 as Instant,
    clock: newClock(),
    effects: [],
    local: [],
    happened: [],
    joining: { attempt: 0, rejectedBy: new Set(), seats: null, withdrawal: null, owedTo: null, admission: null },
    manifest: null,
    manifestMessage: null,
    admission: null,
    registered: 0,
    rosterCertificate: null,
    problemKeys: null,
    peers: new Map(),
    outbox: new Map(),
    letters: new Map(),
    watches: new Map(),
    details: new Map(),
    castVote: null,
    live: null,
  };
  restoreRecords(m, records);
  // What restoring announced is said again at `started`, when there is somebody to hear it.
  m.effects = [];
  m.happened.length = 0;
  return m;
}

/** Handles one event; `state` is updated in place. */
export function step(state: ParticipantState, event: ParticipantEvent): readonly ParticipantEffect[] {
  const m = state;
  m.effects = [];
  readClock(m, event.at);
  dispatch(m, event);
  settleInside(m);
  const { effects } = m;
  m.effects = [];
  return effects;
}

function dispatch(m: Machine, event: ParticipantEvent): void {
  switch (event.type) {
    case "started":
      onStarted(m);
      return;
    case "timer-fired":
      onTimer(m, event.timer);
      return;
    case "message-received":
      onMessageReceived(m, event);
      return;
    case "peer-connected":
    case "peer-disconnected":
      peerOf(m, event.peer).connected = event.type === "peer-connected";
      if (event.type === "peer-connected") tellFormerSage(m, event.peer);
      return;
    case "evaluation-progressed":
      if (m.live !== null) onEvaluationProgressed(m, m.live, event);
      return;
    case "evaluation-finished":
      if (m.live !== null) onEvaluationFinished(m, m.live, event.task, event.outcome);
      return;
    case "records-read":
      if (m.live === null || onBodiesRead(m, m.live, event.read, event.records)) return;
      onRecordsRead(m, m.live, event.read, event.records);
      return;
    case "command-received":
      onCommand(m, event.request, event.command);
      return;
    default:
      unreachable(event);
  }
}

function onStarted(m: Machine): void {
  const { manifest, roster } = m.config;
  if (manifest !== undefined) learnManifest(m, manifest);
  if (m.live === null && roster !== undefined) learnRoster(m, roster, true);
  else if (m.live !== null) m.happened.push({ type: "roster-known" });
  announceKeys(m);
  continueJoining(m);
}

function onMessageReceived(m: Machine, event: Extract<ParticipantEvent, { readonly type: "message-received" }>): void {
  const validity = receive(m, event.from, event.message);
  if (validity.outcome === "accept") hear(m, event.message.signer, m.now);
  m.effects.push({ type: "validity", outcome: validity.outcome, code: validity.code });
}

function receive(m: Machine, from: Machine["self"], message: Machine["local"][number]): Validity {
  const route = ROUTES[message.kind];
  if (route === undefined) return ignore("unknown-kind");
  if (message.body.length > route.bytesMax) return reject("too-large");
  return route.receive(m, from, message);
}

/** Messages to oneself and what submodules tell each other belong to the same step. */
function settleInside(m: Machine): void {
  for (;;) {
    const happening = m.happened.length === 0 ? undefined : m.happened.shift();
    if (happening !== undefined) {
      onHappening(m, happening);
      continue;
    }
    if (m.local.length === 0) sendHanded(m);
    const message = m.local.length === 0 ? undefined : m.local.shift();
    if (message === undefined) return;
    receive(m, m.self, message);
  }
}
