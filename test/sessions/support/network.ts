/** A tiny network for transcripts: every message takes one millisecond, nothing is lost, judging takes what the test says. */
import {
  createParticipant,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantState,
  step,
} from "../../../sessions/index.ts";
import { hashOf, type Instant, type JudgeResult, nobleVerifier, type SignedMessage } from "../../../src/model/index.ts";
import { contestOf, PROFILE, STARTS_AT } from "./contest.ts";

interface Due {
  readonly at: number;
  readonly serial: number;
  readonly act: () => void;
}

export interface Line {
  readonly at: number;
  readonly node: number;
  readonly event: ParticipantEvent;
  readonly effects: readonly ParticipantEffect[];
}

const QUIET = new Set(["heartbeat", "echo", "hello", "bearings", "contest-request", "manifest", "roster"]);

export class TestNetwork {
  readonly contest: ReturnType<typeof contestOf>;
  readonly nodes: ParticipantState[];
  readonly lines: Line[] = [];
  readonly judgingMs: number;
  now = STARTS_AT - 10;
  #due: Due[] = [];
  #serial = 0;
  readonly #timers = new Map<string, number>();

  constructor(size: number, overrides: Parameters<typeof contestOf>[1] = {}, judgingMs = 50) {
    this.contest = contestOf(size, overrides);
    this.judgingMs = judgingMs;
    this.nodes = this.contest.signers.map((signer, index) =>
      createParticipant({
        contest: this.contest.contest,
        signer,
        verifier: nobleVerifier,
        seed: BigInt(index + 7),
        secretBytes: (length) => new Uint8Array(length).fill(index),
        role: "participant",
        displayName: `team ${index}`,
        token: null,
        region: "",
        addresses: [],
        capabilities: { languages: ["cpp"], judgeProfile: PROFILE, slots: 1 },
        sages: this.contest.manifest.sages.map((sage) => sage.id),
        manifest: this.contest.message,
        roster: this.contest.certificate,
      }),
    );
  }

  start(): void {
    for (const node of this.nodes.keys()) this.feed(node, { type: "started", at: this.now as Instant });
  }

  run(untilMs: number): void {
    for (;;) {
      this.#due.sort((a, b) => a.at - b.at || a.serial - b.serial);
      const next = this.#due[0];
      if (next === undefined || next.at > untilMs) break;
      this.#due.shift();
      this.now = next.at;
      next.act();
    }
    this.now = untilMs;
  }

  feed(node: number, event: ParticipantEvent): void {
    const effects = step(this.nodes[node] as ParticipantState, event);
    this.lines.push({ at: this.now, node, event, effects });
    for (const effect of effects) this.#carryOut(node, effect);
  }

  name(id: string): string {
    const index = this.contest.signers.findIndex((signer) => signer.id === id);
    return index < 0 ? "sage" : `n${index}`;
  }

  #later(inMs: number, act: () => void): void {
    this.#serial += 1;
    this.#due.push({ at: this.now + inMs, serial: this.#serial, act });
  }

  #deliver(from: number, to: number, message: SignedMessage, via: "direct" | "gossip"): void {
    const sender = this.contest.signers[from];
    if (sender === undefined || from === to) return;
    this.#later(1, () => {
      this.feed(to, { type: "message-received", at: this.now as Instant, from: sender.id, via, message });
    });
  }

  #carryOut(node: number, effect: ParticipantEffect): void {
    switch (effect.type) {
      case "send": {
        const to = this.contest.signers.findIndex((signer) => signer.id === effect.to);
        if (to >= 0) this.#deliver(node, to, effect.message, "direct");
        return;
      }
      case "publish":
        for (const to of this.nodes.keys()) this.#deliver(node, to, effect.message, "gossip");
        return;
      case "set-timer":
      case "clear-timer": {
        const key = `${node}/${effect.timer}`;
        const version = (this.#timers.get(key) ?? 0) + 1;
        this.#timers.set(key, version);
        if (effect.type === "clear-timer") return;
        this.#later(Math.max(0, effect.at - this.now), () => {
          if (this.#timers.get(key) !== version) return;
          this.feed(node, { type: "timer-fired", at: this.now as Instant, timer: effect.timer });
        });
        return;
      }
      case "evaluate":
        this.#later(this.judgingMs, () => {
          const outcome = { type: "judged", result: ACCEPTED } as const;
          this.feed(node, { type: "evaluation-finished", at: this.now as Instant, task: effect.request.task, outcome });
        });
        return;
      case "store":
      case "read":
      case "cancel-evaluation":
      case "notify":
      case "remember-peer":
      case "reply":
      case "validity":
    }
  }

  /** What was said and stored, one line a step; heartbeats and other routine are left out. */
  transcript(from: number): string {
    const lines: string[] = [];
    for (const { at, node, event, effects } of this.lines) {
      if (at < from) continue;
      const done = effects.map((effect) => this.#describe(effect)).filter((text) => text !== "");
      if (done.length > 0) lines.push(`+${at - from} ms n${node} ${this.#cause(event)}: ${done.join("; ")}`);
    }
    return `${lines.join("\n")}\n`;
  }

  #cause(event: ParticipantEvent): string {
    if (event.type === "message-received") return `${event.message.kind} of ${this.name(event.message.signer)}`;
    if (event.type === "timer-fired") return `timer ${shorten(event.timer)}`;
    return event.type === "command-received" ? `command ${event.command.type}` : event.type;
  }

  #describe(effect: ParticipantEffect): string {
    if (effect.type === "send") {
      return QUIET.has(effect.message.kind) ? "" : `${effect.message.kind} → ${this.name(effect.to)}`;
    }
    if (effect.type === "publish") return `${effect.message.kind} → all`;
    if (effect.type === "store") {
      return `store ${effect.writes.map((write) => `${write.value ? "" : "−"}${shorten(write.key)}`).join(" ")}`;
    }
    return effect.type === "evaluate" ? "evaluate" : "";
  }
}

function shorten(text: string): string {
  return text.replace(/[0-9a-f]{64}/g, "<submission>");
}

const ACCEPTED: JudgeResult = {
  verdict: "AC",
  scoreMicros: 1_000_000,
  tests: [{ id: "secret/1", verdict: "AC", cost: 5, memoryBytes: 1000 }],
  compileLog: "",
  digest: hashOf(new TextEncoder().encode("accepted")),
};
