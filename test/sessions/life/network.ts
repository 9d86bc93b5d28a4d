/** A tiny network with an organizer's node in it, and commands that wait for their answers. */
import {
  createParticipant,
  type LetterBox,
  type LifeView,
  type ParticipantCommand,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantReply,
  type ParticipantState,
  step,
  type Wish,
} from "../../../sessions/index.ts";
import type { Board } from "../../../src/contest/index.ts";
import {
  AUTHORITIES_KIND,
  authorities,
  AUTHORITY_KIND,
  authority,
  codec,
  type ContestId,
  contestIdOf,
  type Hash,
  hashOf,
  type Instant,
  type JudgeResult,
  type Manifest,
  type NodeId,
  type SignedMessage,
  roster,
  type Signer,
  signManifest,
  signMessage,
  type StoredRecord,
  type Verdict,
} from "../../../src/model/index.ts";
import { idealKeys } from "../../../sim/index.ts";
import { manifestOf, PROFILE, rosterOf, STARTS_AT } from "../support/contest.ts";

interface Due {
  readonly at: number;
  readonly serial: number;
  readonly act: () => void;
}

export interface Machine {
  readonly signer: Signer;
  readonly state: ParticipantState;
  readonly store: Map<string, Uint8Array>;
}

export class LifeNetwork {
  readonly machines: Machine[];
  /** The organizer's. */
  readonly sage: number;
  now = STARTS_AT - 10;
  /** What evaluators find, by the source's text; undefined: they abstain. */
  judge: (source: string, revision: number) => Verdict | undefined = () => "AC";
  /** What is sent to the sage: this network has only its session machine. */
  onSage: ((message: SignedMessage) => void) | undefined;
  #due: Due[] = [];
  #serial = 0;
  #requests = 0;
  readonly #timers = new Map<string, number>();
  readonly replies = new Map<string, ParticipantReply[]>();
  readonly contest: ContestId;
  readonly transfers: SignedMessage[] = [];
  readonly manifest: SignedMessage;

  /** `strangers`: participants that the roster does not know; they come behind the sage. */
  constructor(size: number, overrides: Partial<Manifest> = {}, strangers = 0) {
    const keys = idealKeys(1);
    const signers = Array.from({ length: size }, (_, index) => keys.signer(index));
    const sage = keys.signer(size);
    const settled = { durationMs: 600_000, organizer: sage.id, sages: [{ id: sage.id, addresses: [] }], ...overrides };
    const message = signManifest(sage, manifestOf(settled));
    const certificate = {
      roster: codec.encode(roster, rosterOf(signers)),
      ballot: 0,
      votes: [{ sage: sage.id, signature: new Uint8Array(64) }],
    };
    this.sage = size;
    this.contest = contestIdOf(message);
    const late = Array.from({ length: strangers }, (_, index) => keys.signer(size + 1 + index));
    this.manifest = message;
    this.machines = [...signers, sage, ...late].map((signer, index) => ({
      signer,
      store: new Map(),
      state: createParticipant({
        contest: this.contest,
        signer,
        verifier: keys.verifier,
        seed: BigInt(index + 7),
        // An hour of heartbeats is not what these tests are about.
        timing: { heartbeatMs: 2000, suspectMs: 8000, deadMs: 20_000 },
        secretBytes: (length) => {
          this.#serial += 1;
          return new TextEncoder().encode(`${this.#serial}`.padStart(length, "0"));
        },
        letterBox: readableBy(signer.id),
        role: signer === sage ? "sage" : "participant",
        displayName: `team ${index}`,
        token: null,
        region: "",
        addresses: [],
        capabilities: { languages: ["cpp"], judgeProfile: PROFILE, slots: 1 },
        sages: [sage.id],
        manifest: message,
        roster: certificate,
      }),
    }));
    for (const machine of this.machines.keys()) this.feed(machine, { type: "started", at: this.now as Instant });
    this.run(STARTS_AT + 2000);
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

  wait(ms: number): void {
    this.run(this.now + ms);
  }

  /** Everything so far. */
  command(machine: number, command: ParticipantCommand, waitMs = 500): readonly ParticipantReply[] {
    const request = `${(this.#requests += 1)}`;
    this.feed(machine, { type: "command-received", at: this.now as Instant, request, command });
    this.wait(waitMs);
    return this.replies.get(request) ?? [];
  }

  order(wish: Wish, machine = this.sage): ParticipantReply | undefined {
    return this.command(machine, { type: "order", wish }).at(-1);
  }

  /** `from` signs the seat of the sage over to `to`; only `heardBy` is told. */
  passSeat(serial: number, from: number, to: number, heardBy: readonly number[]): SignedMessage {
    const [giver, taker, sage] = [from, to, this.sage].map((index) => (this.machines[index] as Machine).signer);
    if (giver === undefined || taker === undefined || sage === undefined) throw new Error("no such machine");
    const body = { seat: sage.id, serial, to: taker.id, addresses: [], at: this.now, roster: null };
    const transfer = signMessage(giver, this.contest, AUTHORITY_KIND, codec.encode(authority, body));
    this.transfers.push(transfer);
    const told = codec.encode(authorities, { messages: this.transfers });
    const message = signMessage(giver, this.contest, AUTHORITIES_KIND, told);
    for (const machine of heardBy) {
      this.feed(machine, { type: "message-received", at: this.now as Instant, from: giver.id, via: "direct", message });
    }
    this.wait(500);
    return transfer;
  }

  submit(machine: number, source: string): Hash {
    const body = { type: "submit", problem: "hello", language: "cpp", filename: "a.cpp" } as const;
    const [reply] = this.command(machine, { ...body, source: new TextEncoder().encode(source) }, 0);
    if (reply?.type !== "submitted") throw new Error(JSON.stringify(reply));
    return reply.submission;
  }

  submission(machine: number, submission: Hash) {
    const [reply] = this.command(machine, { type: "submission", submission }, 0);
    if (reply?.type !== "submission") throw new Error(JSON.stringify(reply));
    return reply.submission;
  }

  life(machine: number = this.sage): LifeView {
    const [reply] = this.command(machine, { type: "life" }, 0);
    if (reply?.type !== "life") throw new Error(JSON.stringify(reply));
    return reply.life;
  }

  board(machine = 0, full = false): Board {
    const [reply] = this.command(machine, { type: "board", full }, 0);
    if (reply?.type !== "board" || reply.board === null) throw new Error(JSON.stringify(reply));
    return reply.board;
  }

  feed(machine: number, event: ParticipantEvent): void {
    const found = this.machines[machine] as Machine;
    for (const effect of step(found.state, event)) this.#carryOut(machine, found, effect);
  }

  #later(inMs: number, act: () => void): void {
    this.#serial += 1;
    this.#due.push({ at: this.now + inMs, serial: this.#serial, act });
  }

  #deliver(from: Signer, to: number, message: SignedMessage, via: "direct" | "gossip"): void {
    if (this.machines[to]?.signer === from) return;
    this.#later(1, () =>
      this.feed(to, { type: "message-received", at: this.now as Instant, from: from.id, via, message }),
    );
  }

  #carryOut(machine: number, { signer, store }: Machine, effect: ParticipantEffect): void {
    switch (effect.type) {
      case "send": {
        const to = this.machines.findIndex((each) => each.signer.id === effect.to);
        if (to >= 0) this.#deliver(signer, to, effect.message, "direct");
        if (to === this.sage) this.onSage?.(effect.message);
        return;
      }
      case "publish":
        for (const to of this.machines.keys()) this.#deliver(signer, to, effect.message, "gossip");
        return;
      case "set-timer":
      case "clear-timer": {
        const key = `${machine}/${effect.timer}`;
        const version = (this.#timers.get(key) ?? 0) + 1;
        this.#timers.set(key, version);
        if (effect.type === "clear-timer") return;
        this.#later(Math.max(0, effect.at - this.now), () => {
          if (this.#timers.get(key) !== version) return;
          this.feed(machine, { type: "timer-fired", at: this.now as Instant, timer: effect.timer });
        });
        return;
      }
      case "evaluate":
        this.#later(50, () => {
          const { files, revision } = effect.request;
          const verdict = this.judge(new TextDecoder().decode(files[0]?.source), revision);
          const outcome =
            verdict === undefined
              ? ({ type: "abstained", reason: "test" } as const)
              : ({ type: "judged", result: resultOf(verdict) } as const);
          this.feed(machine, {
            type: "evaluation-finished",
            at: this.now as Instant,
            task: effect.request.task,
            outcome,
          });
        });
        return;
      case "store":
        for (const { key, value } of effect.writes) {
          if (value === undefined) store.delete(key);
          else store.set(key, value);
        }
        return;
      case "read": {
        const { read, from, to, countMax } = effect;
        const records: StoredRecord[] = [...store]
          .filter(([key]) => key >= from && key < to)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, countMax)
          .map(([key, value]) => ({ key, value }));
        this.#later(1, () => this.feed(machine, { type: "records-read", at: this.now as Instant, read, records }));
        return;
      }
      case "reply": {
        const known = this.replies.get(effect.request);
        if (known === undefined) this.replies.set(effect.request, [effect.body]);
        else known.push(effect.body);
        return;
      }
      case "cancel-evaluation":
      case "notify":
      case "remember-peer":
      case "validity":
    }
  }
}

function resultOf(verdict: Verdict): JudgeResult {
  return {
    verdict,
    scoreMicros: verdict === "AC" ? 1_000_000 : 0,
    tests: [{ id: "secret/1", verdict, cost: 5, memoryBytes: 1000 }],
    compileLog: "",
    digest: hashOf(new TextEncoder().encode(verdict)),
  };
}

/** As transparent as a test wants it: who may read is written on it. */
function readableBy(self: NodeId): LetterBox {
  return {
    seal: (readers, plain) => new TextEncoder().encode(JSON.stringify([readers, new TextDecoder().decode(plain)])),
    open(box) {
      const [readers, plain] = JSON.parse(new TextDecoder().decode(box)) as [readonly NodeId[], string];
      return readers.includes(self) ? new TextEncoder().encode(plain) : undefined;
    },
  };
}
