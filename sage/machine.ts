/** The machine of one sage: its one entry, which only dispatches. */
import {
  ADMISSIONS_BYTES_MAX,
  admissions,
  AUTHORITIES_BYTES_MAX,
  AUTHORITIES_KIND,
  codec,
  contestIdOf,
  contestRequest,
  decodeMessage,
  type Instant,
  InvariantError,
  type NodeId,
  openManifest,
  randomFrom,
  register,
  REGISTER_BYTES_MAX,
  REMOVAL_KIND,
  ROSTER_BYTES_MAX,
  rosterCertificate,
  rosterPrepare,
  rosterPromise,
  rosterProposal,
  rosterVote,
  ROSTER_VOTE_KIND,
  Seats,
  type SignedMessage,
  type StoredRecord,
  unreachable,
  verifyMessage,
} from "../src/model/index.ts";
import type { SageCommand, SageConfig, SageEffect, SageEvent, SageReply } from "./face.ts";
import {
  ADMISSION_KEY_PREFIX,
  answerContest,
  ban,
  merge,
  showOwn,
  onRegister,
  REMOVAL_KEY_PREFIX,
  sendAdmissions,
  tellAuthorities,
} from "./registration.ts";
import {
  BALLOT_TIMER,
  learnRoster,
  onPrepare,
  onPromise,
  onProposal,
  onVote,
  propose,
  restoreAgreement,
  ROSTER_KEY,
} from "./roster-agreement.ts";
import {
  AUTHORITIES_KEY,
  beginListening,
  giveBack,
  mayHaveMissed,
  NO_AUTHORITY,
  onAuthorities,
  publishAuthorities,
  reclaim,
  remindFormer,
  restoreAuthorities,
  transfer,
} from "./authority.ts";
import {
  KEYS_TIMER,
  OPEN_TIMER,
  releaseKeys,
  REVEAL_TIMER,
  revealNext,
  scheduleContest,
  scheduleOpening,
} from "./schedule.ts";
import {
  DEFAULT_SAGE_TIMING,
  isListening,
  isSage,
  othersOf,
  presentOf,
  type Sage,
  send,
  setTimer,
  signed,
} from "./state.ts";

const SYNC_TIMER = "sage/sync";

/** Opaque to drivers. */
export type SageState = Sage;

/** Where a node that takes a seat over puts what it knows already. */
export const SAGE_RECORDS = { authorities: AUTHORITIES_KEY, roster: ROSTER_KEY } as const;

export interface SageView {
  /** Whether it speaks as a sage now. */
  readonly holdsSeat: boolean;
  readonly registered: number;
  readonly closed: boolean;
}

export function viewOfSage(s: SageState): SageView {
  return { holdsSeat: isSage(s), registered: presentOf(s), closed: s.closed };
}

export function createSage(config: SageConfig): SageState {
  return restoreSage(config, []);
}

/**
 * A sage as its store left it; `records` is everything this machine stored. Its keys all begin with `sage/`.
 * @throws InvariantError when the manifest is not genuine or does not name this sage: the driver checks it before.
 */
export function restoreSage(config: SageConfig, records: Iterable<StoredRecord>): SageState {
  const contest = contestIdOf(config.manifest);
  const manifest = openManifest(config.verifier, contest, config.manifest);
  if (manifest === undefined) throw new InvariantError("the manifest is not genuine");
  const s: Sage = {
    config,
    timing: { ...DEFAULT_SAGE_TIMING, ...config.timing },
    contest,
    manifest,
    self: config.signer.id,
    seats: new Seats(manifest),
    random: randomFrom(config.seed),
    now: 0 as Instant,
    effects: [],
    local: [],
    admitted: new Map(),
    removed: new Map(),
    names: new Map(),
    addresses: new Map(),
    heardAt: new Map(),
    closed: false,
    openInMs: null,
    listenUntil: 0 as Instant,
    ballots: { epoch: 0, promised: -1, accepted: null, proposing: null },
    certificate: null,
    roster: null,
    revealed: 0,
    keysReleased: false,
  };
  const stored = [...records];
  // First: who signed what follows may have held a seat only later.
  for (const { key, value } of stored) if (key === AUTHORITIES_KEY) restoreAuthorities(s, value);
  if (!s.seats.wasSage(s.self)) throw new InvariantError("the manifest does not name this sage");
  for (const { key, value } of stored) {
    restoreAgreement(s, key, value);
    if (!key.startsWith(ADMISSION_KEY_PREFIX) && !key.startsWith(REMOVAL_KEY_PREFIX)) continue;
    const message = decodeMessage(value, REGISTER_BYTES_MAX);
    if (message !== undefined) merge(s, message);
  }
  s.effects = [];
  return s;
}

/** Handles one event; `state` is updated in place. Timers begin with `sage/`. */
export function stepSage(state: SageState, event: SageEvent): readonly SageEffect[] {
  const s = state;
  s.effects = [];
  s.now = event.at > s.now ? event.at : s.now;
  dispatch(s, event);
  openIfFull(s);
  for (let message = s.local.shift(); message !== undefined; message = s.local.shift()) receive(s, message);
  const { effects } = s;
  s.effects = [];
  return effects;
}

function dispatch(s: Sage, event: SageEvent): void {
  switch (event.type) {
    case "started":
      onStarted(s);
      return;
    case "timer-fired":
      onTimer(s, event.timer);
      return;
    case "message-received": {
      const code = receive(s, event.message);
      const outcome = code === "ok" ? "accept" : code === "ignored" ? "ignore" : "reject";
      if (code === "ok") s.heardAt.set(event.message.signer, s.now);
      s.effects.push({ type: "validity", outcome, code });
      return;
    }
    case "peer-connected":
      if (s.admitted.has(event.peer)) s.heardAt.set(event.peer, s.now);
      // Whoever held a seat and was away may take itself for its holder still.
      if (s.seats.wasSage(event.peer)) tellAuthorities(s, event.peer);
      return;
    case "peer-disconnected":
    case "evaluation-progressed":
    case "evaluation-finished":
    case "records-read":
      return;
    case "command-received":
      reply(s, event.request, onCommand(s, event.command));
      return;
    default:
      unreachable(event);
  }
}

function reply(s: Sage, request: string, body: SageReply): void {
  s.effects.push({ type: "reply", request, body, final: true });
}

function onStarted(s: Sage): void {
  if (mayHaveMissed(s)) beginListening(s);
  askForAdmissions(s);
  setTimer(s, SYNC_TIMER, s.timing.syncMs);
  scheduleOpening(s);
  scheduleContest(s);
  if (s.certificate !== null)
    s.effects.push({ type: "publish", message: signed(s, "roster", rosterCertificate, s.certificate) });
  else if (s.closed) setTimer(s, BALLOT_TIMER, s.timing.ballotMs);
}

/** An empty list asks for what another one has. Whoever takes the last seat over while the contest runs asks those who held it. */
function askForAdmissions(s: Sage): void {
  const asked = new Set([...(s.closed ? [] : othersOf(s)), ...(s.admitted.size === 0 ? s.seats.seats : [])]);
  for (const sage of asked) if (sage !== s.self) send(s, sage, "admissions", admissions, { messages: [] });
}

function onTimer(s: Sage, timer: string): void {
  switch (timer) {
    case OPEN_TIMER:
      // A contest of nobody would have no leader, and whoever came later nobody to admit it: the doors stay open until somebody is there.
      if (presentOf(s) === 0 || isListening(s)) setTimer(s, OPEN_TIMER, s.timing.syncMs);
      else open(s, null);
      return;
    case BALLOT_TIMER:
      if (s.certificate === null && s.closed) propose(s);
      return;
    case SYNC_TIMER:
      for (const sage of othersOf(s)) if (!s.closed) sendAdmissions(s, sage);
      if (s.admitted.size === 0) askForAdmissions(s);
      publishAuthorities(s);
      remindFormer(s);
      setTimer(s, SYNC_TIMER, s.timing.syncMs * SYNC_INTERVALS);
      return;
    case KEYS_TIMER:
      releaseKeys(s);
      return;
    case REVEAL_TIMER:
      revealNext(s);
      return;
    default:
  }
}

/** New admissions are sent at once; this heals what was lost. */
const SYNC_INTERVALS = 10;

/** Enough are registered, here or with the other sages. */
function openIfFull(s: Sage): void {
  const wanted = s.config.openAtRegistered;
  if (
    wanted !== null &&
    isSage(s) &&
    !s.closed &&
    !isListening(s) &&
    presentOf(s) >= wanted &&
    s.ballots.proposing === null
  )
    open(s, null);
}

function open(s: Sage, inMs: number | null): void {
  s.openInMs = inMs;
  propose(s);
}

function onCommand(s: Sage, command: SageCommand): SageReply {
  switch (command.type) {
    case "open-contest":
      if (!isSage(s)) return NO_AUTHORITY;
      if (s.closed) return { type: "failed", code: "already-open", reason: "the contest is opening or open already" };
      if (presentOf(s) === 0)
        return {
          type: "failed",
          code: "nobody-registered",
          reason: "nobody is registered: a contest of nobody cannot run",
        };
      if (isListening(s))
        return {
          type: "failed",
          code: "opening",
          reason: "this sage hears first whether the contest is open already; try again in a few seconds",
        };
      open(s, command.inMs);
      return { type: "opening" };
    case "registrations":
      return { type: "registrations", registrations: registrationsOf(s) };
    case "transfer":
      return transfer(s, command.to, command.addresses);
    case "give-back":
      return giveBack(s, command.seat, command.addresses);
    case "reclaim":
      return takeOwnSeatBack(s, command.addresses);
    case "ban":
      if (!isSage(s)) return NO_AUTHORITY;
      if (ban(s, command.node, command.reason)) return { type: "done" };
      return { type: "failed", code: "unknown-node", reason: "no such node is registered" };
    default:
      return unreachable(command);
  }
}

function takeOwnSeatBack(s: Sage, addresses: readonly string[]): SageReply {
  const reply = reclaim(s, addresses);
  if (reply.type !== "transferred") return reply;
  askForAdmissions(s);
  scheduleOpening(s);
  scheduleContest(s);
  return reply;
}

function registrationsOf(s: Sage): Extract<SageReply, { readonly type: "registrations" }>["registrations"] {
  return [...s.admitted.values()].map(({ admission, message }) => ({
    node: admission.node,
    displayName: admission.displayName,
    role: admission.role,
    at: admission.at as Instant,
    admittedBy: message.signer,
    removed: s.removed.has(admission.node),
    reason: s.removed.get(admission.node)?.removal.reason ?? null,
  }));
}

interface SageRoute {
  readonly bytesMax: number;
  /** @returns false when it is not for this sage to act upon. */
  readonly handle: (s: Sage, message: SignedMessage) => boolean;
  /** `past`: also of those who were sages; what they sign for others stays true. */
  readonly from: "anyone" | "sages" | "past";
}

function route<T>(
  shape: codec.Shape<T>,
  bytesMax: number,
  from: SageRoute["from"],
  act: (s: Sage, body: T, signer: NodeId, signature: Uint8Array) => void,
): SageRoute {
  return {
    bytesMax,
    from,
    handle(s, message) {
      const body = codec.decode(shape, message.body, bytesMax);
      if (body !== undefined) act(s, body, message.signer, message.signature);
      return body !== undefined;
    },
  };
}

const ROUTES: Readonly<Record<string, SageRoute>> = {
  register: route(register, REGISTER_BYTES_MAX, "anyone", onRegister),
  [REMOVAL_KIND]: {
    bytesMax: REGISTER_BYTES_MAX,
    from: "anyone",
    // A stranger has nothing to withdraw from, and could fill the store with removals of keys made up by the thousand.
    handle: (s, message) => (s.seats.wasSage(message.signer) || s.admitted.has(message.signer)) && merge(s, message),
  },
  "contest-request": route(contestRequest, 64, "anyone", (s, _body, signer) => answerContest(s, signer)),
  [AUTHORITIES_KIND]: {
    bytesMax: AUTHORITIES_BYTES_MAX,
    from: "anyone",
    handle: onAuthorities,
  },
  admissions: route(admissions, ADMISSIONS_BYTES_MAX, "anyone", (s, { messages }, signer) => {
    if (!s.seats.wasSage(signer)) return showOwn(s, messages, signer);
    if (messages.length === 0) sendAdmissions(s, signer);
    for (const message of messages) merge(s, message);
  }),
  "roster-prepare": route(rosterPrepare, 64, "sages", onPrepare),
  "roster-promise": route(rosterPromise, ROSTER_BYTES_MAX, "sages", onPromise),
  "roster-propose": route(rosterProposal, ROSTER_BYTES_MAX, "sages", onProposal),
  [ROSTER_VOTE_KIND]: route(rosterVote, 256, "sages", onVote),
  // It proves itself, whoever sends it.
  roster: route(rosterCertificate, ROSTER_BYTES_MAX, "anyone", (s, body) => {
    if (!learnRoster(s, body)) return;
    scheduleContest(s);
    // The session machine of this node has it from here.
    s.effects.push({ type: "publish", message: signed(s, "roster", rosterCertificate, body) });
  }),
};

/** The kinds of messages that belong to this machine; all others belong to the session machine of the same node. */
export const SAGE_KINDS: ReadonlySet<string> = new Set(Object.keys(ROUTES));

function receive(s: Sage, message: SignedMessage): "ok" | "ignored" | "malformed" | "forged" | "not-a-sage" {
  const found = ROUTES[message.kind];
  if (found === undefined) return "ignored";
  if (message.body.length > found.bytesMax) return "malformed";
  if (found.from === "sages" && s.seats.heldBy(message.signer).length === 0) return "not-a-sage";
  if (found.from === "past" && !s.seats.wasSage(message.signer)) return "not-a-sage";
  if (message.signer !== s.self && !verifyMessage(s.config.verifier, s.contest, message)) return "forged";
  const before = s.certificate;
  const done = found.handle(s, message);
  if (before === null && s.certificate !== null) scheduleContest(s);
  return done ? "ok" : "malformed";
}
