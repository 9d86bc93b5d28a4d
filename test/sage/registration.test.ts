/** Who is admitted, when, and what a refusal says (protocol.md §2): one sage, its answers read from its effects. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSage, expiringToken, type SageState, stepSage, viewOfSage } from "../../sage/index.ts";
import {
  ADMISSION_KIND,
  type Admission,
  admission,
  admissions,
  AUTHORITIES_KIND,
  AUTHORITY_KIND,
  authorities,
  authority,
  codec,
  type ContestId,
  contestIdOf,
  hashOf,
  type Instant,
  type Manifest,
  nobleVerifier,
  REGISTER_BYTES_MAX,
  type Register,
  register,
  rejected,
  REMOVAL_KIND,
  removal,
  type NodeId,
  type SignedMessage,
  type Signer,
  signManifest,
  signMessage,
  WELCOME_BYTES_MAX,
  welcome,
} from "../../src/model/index.ts";
import { manifestOf, PROFILE, signerOf, STARTS_AT } from "../sessions/support/contest.ts";

const SAGE = signerOf(1000);
const [ada, bea, cyd] = [signerOf(1), signerOf(2), signerOf(3)] as [Signer, Signer, Signer];
const OPENS_AT = STARTS_AT - 60_000;
const OPEN = { opensAt: null, closesAt: null, policy: "open", tokenHash: null, allowed: [], late: true } as const;
type Registration = Manifest["registration"];

/** A contest that starts at {@link STARTS_AT}; its registration closes five seconds before. */
class OneSage {
  readonly state: SageState;
  readonly contest: ContestId;
  #now = OPENS_AT;

  constructor(registration: Partial<Registration> = {}) {
    const manifest = signManifest(
      SAGE,
      manifestOf({ startsAt: STARTS_AT, registration: { ...OPEN, ...registration } }),
    );
    this.contest = contestIdOf(manifest);
    this.state = createSage({
      signer: SAGE,
      verifier: nobleVerifier,
      seed: 7n,
      manifest,
      addresses: [],
      chain: [],
      token: "secret",
      openAtRegistered: null,
      leadMs: 5000,
      problemKeys: [],
    });
    stepSage(this.state, { type: "started", at: this.#now as Instant });
  }

  /** Fires what is due until `at`; only the timers of the opening matter here. */
  until(at: number): this {
    this.#now = at;
    const opening = STARTS_AT - 5000;
    if (at >= opening && !viewOfSage(this.state).closed)
      this.#fire(viewOfSage(this.state).registered === 0 ? at : opening, "sage/open");
    this.#fire(at, "none");
    return this;
  }

  #fire(at: number, timer: string): void {
    stepSage(this.state, { type: "timer-fired", at: at as Instant, timer });
  }

  feed(signer: Signer, kind: string, body: Uint8Array): ReturnType<typeof stepSage> {
    const message = signMessage(signer, this.contest, kind, body);
    const at = this.#now as Instant;
    return stepSage(this.state, { type: "message-received", at, from: signer.id, via: "direct", message });
  }

  admitted(signer: Signer, overrides: Partial<Register> = {}): Admission {
    const answer = this.register(signer, overrides);
    return typeof answer === "string" ? assert.fail(answer) : answer;
  }

  /** The code of the refusal and what it says. */
  refused(signer: Signer, overrides: Partial<Register> = {}): string {
    const answer = this.register(signer, overrides);
    return typeof answer === "string" ? answer : "admitted";
  }

  ask(signer: Signer, overrides: Partial<Register> = {}): ReturnType<typeof stepSage> {
    const request: Register = {
      at: this.#now,
      displayName: signer === ada ? "Ada" : signer === bea ? "Bea" : "Cyd",
      role: "participant",
      capabilities: { languages: ["cpp"], judgeProfile: PROFILE, slots: 1 },
      region: "",
      addresses: [],
      token: null,
      ...overrides,
    };
    return this.feed(signer, "register", codec.encode(register, request));
  }

  register(signer: Signer, overrides: Partial<Register> = {}): Admission | string {
    for (const effect of this.ask(signer, overrides)) {
      if (effect.type !== "send" || effect.to !== signer.id) continue;
      const { kind, body } = effect.message;
      if (kind === "welcome") {
        const { admission: message } = codec.decode(welcome, body, WELCOME_BYTES_MAX) ?? assert.fail();
        assert.equal(message.kind, ADMISSION_KIND);
        return codec.decode(admission, message.body, REGISTER_BYTES_MAX) ?? assert.fail();
      }
      if (kind === "rejected") {
        const refusal = codec.decode(rejected, body, 1024) ?? assert.fail();
        return `${refusal.code}: ${refusal.reason}`;
      }
    }
    return "no answer";
  }
}

interface Refusal {
  readonly id: string;
  readonly registration?: Partial<Registration>;
  readonly at?: number;
  readonly request?: Partial<Register>;
  readonly says: RegExp;
}

const tokenHash = hashOf(new TextEncoder().encode("secret"));
const LATE_AT = STARTS_AT + 10_000;
const REFUSALS: readonly Refusal[] = [
  {
    id: "before it opens",
    registration: { opensAt: STARTS_AT - 1000 },
    says: /^not-open-yet: registration opens at 2027-/,
  },
  {
    id: "after the time set for its end",
    registration: { closesAt: OPENS_AT },
    says: /^closed: registration is closed since 2027-.*--role observer/,
  },
  {
    id: "after that time, while the contest runs",
    registration: { closesAt: STARTS_AT + 1000 },
    at: LATE_AT,
    says: /^closed: registration is closed since/,
  },
  {
    id: "between closing and start",
    at: STARTS_AT - 4000,
    says: /^not-open-yet: .*until the contest starts; then latecomers are let in/,
  },
  {
    id: "between closing and start, without late registration",
    registration: { late: false },
    at: STARTS_AT - 4000,
    says: /^closed: registration is closed; you can still watch/,
  },
  {
    id: "late, without late registration",
    registration: { late: false },
    at: LATE_AT,
    says: /^closed: registration is closed; you can still watch/,
  },
  { id: "a clock 5 min off", request: { at: OPENS_AT - 300_000 }, says: /^clock: your clock is 300 s off; set it/ },
  { id: "late with a clock 5 min off", at: LATE_AT, request: { at: OPENS_AT - 300_000 }, says: /^clock: / },
  {
    id: "no token",
    registration: { policy: "token", tokenHash },
    says: /^wrong-token: .*ask the organizer for the invite/,
  },
  {
    id: "late with an expired invite",
    registration: { policy: "token", tokenHash },
    at: LATE_AT,
    request: { token: expiringToken("secret", STARTS_AT) },
    says: /^expired: the invitation expired at 2027-.*ask the organizer for a new one/,
  },
  {
    id: "not on the list",
    registration: { policy: "allow-list", allowed: [ada.id] },
    says: new RegExp(`^not-allowed: .*give the organizer its id: ${bea.id}`),
  },
  {
    id: "late and not on the list",
    registration: { policy: "allow-list", allowed: [ada.id] },
    at: LATE_AT,
    says: /^not-allowed: /,
  },
  { id: "somebody's name", request: { displayName: "ＡＤＡ" }, says: /^name-taken: .*choose another one with --name/ },
];

for (const { id, registration, at, request, says } of REFUSALS) {
  test(`registration: ${id}: refused with the reason and the way out`, () => {
    const sage = new OneSage(registration);
    // Where the registration is open at all, somebody is there already: a contest of nobody has no roster.
    sage.register(ada, { token: "secret" });
    if (at !== undefined) sage.until(at);
    assert.match(sage.refused(bea, request), says);
    assert.ok(viewOfSage(sage.state).registered <= 1);
  });
}

test("registration: the same request again: the same admission; a changed one is signed anew until the registration closes", () => {
  const sage = new OneSage();
  const first = sage.admitted(ada);
  sage.until(OPENS_AT + 1000);
  assert.deepEqual(sage.register(ada), first);
  assert.equal(sage.admitted(ada, { displayName: "Ada L." }).displayName, "Ada L.");
  sage.until(LATE_AT);
  const known = sage.admitted(ada, { displayName: "Somebody else" });
  assert.deepEqual([known.displayName, known.at < STARTS_AT], ["Ada L.", true], "the roster's stands");
});

test("registration: who comes while the contest runs: admitted from the start on, once, with the roster", () => {
  const sage = new OneSage();
  sage.register(ada);
  sage.until(STARTS_AT);
  const late = sage.admitted(bea);
  assert.equal(late.at, STARTS_AT, "the log takes no admission from before the start");
  sage.until(LATE_AT);
  assert.deepEqual(sage.register(bea, { displayName: "Another name" }), late, "no second admission for the log");
  assert.match(sage.refused(cyd, { displayName: "bea" }), /^name-taken/);
  assert.equal(sage.admitted(cyd, { role: "juror" }).role, "juror");
  const kinds = sage
    .feed(cyd, "register", new Uint8Array(0))
    .flatMap((effect) => (effect.type === "validity" ? [effect.outcome] : []));
  assert.deepEqual(kinds, ["reject"]);
});

test("registration: admitted at the last moment, but not in the roster: admitted anew once the contest runs", () => {
  const sage = new OneSage();
  sage.register(ada);
  sage.until(STARTS_AT - 4000);
  // Another sage's admission reaches this one after the roster was signed.
  const value: Admission = {
    node: bea.id,
    at: STARTS_AT - 5001,
    displayName: "Bea",
    role: "participant",
    capabilities: { languages: ["cpp"], judgeProfile: PROFILE, slots: 1 },
    region: "",
  };
  const message = signMessage(SAGE, sage.contest, ADMISSION_KIND, codec.encode(admission, value));
  sage.feed(SAGE, "admissions", codec.encode(admissions, { messages: [message] }));
  sage.until(LATE_AT);
  assert.equal(sage.admitted(bea).at, LATE_AT);
});

test("registration: withdrawn: final for the key, the name is free again", () => {
  const sage = new OneSage();
  sage.register(ada);
  sage.register(bea);
  sage.feed(bea, REMOVAL_KIND, codec.encode(removal, { node: bea.id, at: OPENS_AT, reason: "" }));
  assert.match(sage.refused(bea), /^banned: this node has withdrawn; .*--data-dir/);
  assert.equal(sage.admitted(cyd, { displayName: "Bea" }).displayName, "Bea");
  sage.until(LATE_AT);
  assert.match(sage.refused(bea), /^banned: /, "nor later");
});

test("registration: a stranger's own removal: nothing is kept of it", () => {
  const sage = new OneSage();
  sage.feed(bea, REMOVAL_KIND, codec.encode(removal, { node: bea.id, at: OPENS_AT, reason: "" }));
  assert.equal(sage.state.removed.size, 0);
  assert.equal(sage.admitted(bea).node, bea.id);
});

test("registration: the seat was signed over: the newcomer learns who has it, nobody is admitted here", () => {
  const sage = new OneSage();
  sage.register(ada);
  const passed = codec.encode(authority, {
    seat: SAGE.id,
    serial: 1,
    to: ada.id,
    addresses: [],
    at: OPENS_AT,
    roster: null,
  });
  const chain = [signMessage(SAGE, sage.contest, AUTHORITY_KIND, passed)];
  sage.feed(ada, AUTHORITIES_KIND, codec.encode(authorities, { messages: chain }));
  assert.equal(sage.register(bea), "no answer");
  assert.equal(viewOfSage(sage.state).registered, 1);
});

test("registration: the seat was signed over and came back: the newcomer hears of it before the welcome", () => {
  const sage = new OneSage();
  sage.register(ada);
  const pass = (by: Signer, serial: number, to: NodeId): SignedMessage => {
    const value = { seat: SAGE.id, serial, to, addresses: [], at: OPENS_AT, roster: null };
    return signMessage(by, sage.contest, AUTHORITY_KIND, codec.encode(authority, value));
  };
  const chain = [pass(SAGE, 1, ada.id), pass(ada, 2, SAGE.id)];
  sage.feed(ada, AUTHORITIES_KIND, codec.encode(authorities, { messages: chain }));
  const told = sage
    .ask(bea)
    .flatMap((effect) => (effect.type === "send" && effect.to === bea.id ? [effect.message.kind] : []));
  assert.deepEqual(told, ["manifest", AUTHORITIES_KIND, "welcome"]);
});

test("registration: everybody has withdrawn: the contest is not opened for nobody", () => {
  const sage = new OneSage();
  const open = (): unknown => {
    const command = { type: "open-contest", inMs: 0 } as const;
    const effects = stepSage(sage.state, { type: "command-received", at: OPENS_AT as Instant, request: "r", command });
    return effects.flatMap((effect) => (effect.type === "reply" ? [effect.body] : []))[0];
  };
  sage.register(bea);
  sage.feed(bea, REMOVAL_KIND, codec.encode(removal, { node: bea.id, at: OPENS_AT, reason: "" }));
  // Of somebody who never was here.
  sage.feed(cyd, REMOVAL_KIND, codec.encode(removal, { node: cyd.id, at: OPENS_AT, reason: "" }));
  assert.equal(viewOfSage(sage.state).registered, 0);
  assert.equal((open() as { readonly code?: string }).code, "nobody-registered");
  sage.register(ada);
  assert.deepEqual(open(), { type: "opening" });
});

test("registration: nobody is there at the start: open until somebody is, then the contest runs", () => {
  const sage = new OneSage().until(LATE_AT);
  assert.equal(viewOfSage(sage.state).closed, false);
  assert.equal(sage.admitted(ada).at, LATE_AT);
  sage.until(LATE_AT + 1000);
  assert.equal(viewOfSage(sage.state).closed, true);
  assert.ok(sage.admitted(bea).at >= LATE_AT, "others come late");
});
