/** From an invitation to a place in the roster (protocol.md §2): register until welcomed, then ask until the roster is known. */
import {
  type Admission,
  admission,
  authorities,
  AUTHORITIES_BYTES_MAX,
  AUTHORITIES_KIND,
  AUTHORITY_BYTES_MAX,
  authority,
  codec,
  contestRequest,
  decodeMessage,
  DISPLAY_NAME_CHARACTERS_MAX,
  encodeMessage,
  isReclaim,
  MANIFEST_KIND,
  manifest as manifestShape,
  MANIFEST_BYTES_MAX,
  type NodeId,
  openManifest,
  problemKeys,
  register,
  REGISTER_BYTES_MAX,
  rejected,
  type Rejection,
  REMOVAL_KIND,
  removal,
  reveal,
  ROSTER_BYTES_MAX,
  type RosterCertificate,
  rosterCertificate,
  Seats,
  type SignedMessage,
  toHex,
  verifyMessage,
  welcome,
  WELCOME_BYTES_MAX,
} from "../../src/model/index.ts";
import { revealFits } from "../clusters/beacon.ts";
import { backOff, forward, happen, notify, randomWait, send, setTimer, signed, store } from "../context.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Route, route, type Validity } from "../routing.ts";
import { mayComeLate, showAdmission } from "./latecomer.ts";
import { onReclaimed, oweAdmission, renewRoster, showAgain } from "./reclaim.ts";
import { encodeCertificate, newLive, openRoster, parseRoster } from "./roster.ts";

export const JOIN_TIMER = "join";
const MANIFEST_KEY = "session/manifest";
const ADMISSION_KEY = "session/admission";
/** With its signature. */
const SIGNED_ADMISSION_KEY = "session/signed-admission";
const ROSTER_KEY = "session/roster";
const WITHDRAWAL_KEY = "session/removal";
const AUTHORITIES_KEY = "session/seats";
const PROBLEM_KEYS_KEY = "session/problem-keys";
const ROSTER_POLL_MS = 3000;
/** After a reclaim a few thousand may have to show what they were told before: not all at once. */
const SHOWN_WITHIN_MS = 3000;
/** Reveals of sessions to come that are kept: a few sessions of all sages. */
const REVEALS_MAX = 256;

/** Sets out to whatever is missing: admission, roster; a place in the log for whoever comes late. */
export function continueJoining(m: Machine): void {
  if (m.live !== null) {
    comeLate(m, m.live);
    return;
  }
  const sages = sagesOf(m).filter((sage) => sage !== m.self);
  const sage = sages[m.joining.attempt % Math.max(1, sages.length)];
  m.joining.attempt += 1;
  if (sage !== undefined) {
    const { withdrawal } = m.joining;
    if (withdrawal !== null) forward(m, sage, withdrawal);
    else if (!isSilent(m) && m.admission === null) sendRegistration(m, sage);
    else if (showAgain(m)) sendRegistration(m, m.joining.owedTo ?? sage);
    // Whoever is turned away may still follow as an observer.
    if (isSilent(m) || m.admission !== null || m.joining.rejectedBy.size > 0) requestContest(m, sage);
  }
  // Whoever only waits for the start asks often: the roster's gossip may have passed it by.
  const wait = backOff(m, m.joining.attempt);
  const waitsForStart = m.admission !== null || (m.config.role === "observer" && m.manifest !== null);
  setTimer(m, JOIN_TIMER, waitsForStart ? Math.min(wait, ROSTER_POLL_MS) : wait);
}

function comeLate(m: Machine, live: Live): void {
  if (isSilent(m) || live.ledger.maps.members.has(m.self) || !mayComeLate(live, m.now)) return;
  m.joining.attempt += 1;
  if (!showAdmission(m, live)) {
    const sages = sagesOf(m);
    const sage = sages[m.joining.attempt % Math.max(1, sages.length)];
    if (sage !== undefined) sendRegistration(m, sage);
  }
  setTimer(m, JOIN_TIMER, Math.min(backOff(m, m.joining.attempt), ROSTER_POLL_MS));
}

/** Whether this node takes part, as far as it knows: by the roster and the log, or by a sage's word. */
export function isRegistered(m: Machine): boolean {
  if (m.live !== null) return m.live.ledger.maps.members.has(m.self);
  return m.admission !== null && m.joining.withdrawal === null;
}

/** Observers follow without registering. */
function isSilent(m: Machine): boolean {
  return m.config.role === "observer" || m.config.role === "sage" || m.joining.withdrawal !== null;
}

/** Leaves before the contest begins; false when this node is not registered or the roster is signed. */
export function withdraw(m: Machine): boolean {
  if (m.live !== null || m.admission === null || m.config.role === "sage") return false;
  const message = signed(m, REMOVAL_KIND, removal, { node: m.self, at: m.now, reason: "withdrawn by its owner" });
  m.joining.withdrawal = message;
  m.joining.attempt = 0;
  store(m, { key: WITHDRAWAL_KEY, value: encodeMessage(message) });
  for (const sage of sagesOf(m)) if (sage !== m.self) forward(m, sage, message);
  continueJoining(m);
  return true;
}

/** Whom to ask; before the manifest is known, those of the invitation. */
export function sagesOf(m: Machine): readonly NodeId[] {
  const { seats } = m.joining;
  if (seats === null) return m.config.sages;
  // The invitation may name one that the manifest does not know yet to hold a seat.
  return [...seats.holders(), ...m.config.sages.filter((sage) => !seats.wasSage(sage))];
}

/** Whether what a node signed as a sage counts. */
export function isSage(m: Machine, node: NodeId): boolean {
  return m.joining.seats?.wasSage(node) ?? m.config.sages.includes(node);
}

/** Transfers of seats, told or restored; what holds is kept and passed on. */
export function learnAuthorities(m: Machine, messages: readonly SignedMessage[]): boolean {
  const { seats } = m.joining;
  if (seats === null) return false;
  const before = seats.chain.length;
  for (const message of messages) {
    const value = codec.decode(authority, message.body, AUTHORITY_BYTES_MAX);
    const from = value && seats.holderOf(value.seat);
    if (value === undefined || from === undefined || !seats.apply(message, m.config.verifier, m.contest)) continue;
    if (isReclaim(value, message.signer) && onReclaimed(m, value))
      setTimer(m, JOIN_TIMER, randomWait(m, SHOWN_WITHIN_MS));
    if (value.to !== m.self) m.effects.push({ type: "remember-peer", peer: value.to, addresses: value.addresses });
    notify(m, { type: "authority-passed", seat: value.seat, from, to: value.to });
  }
  if (seats.chain.length === before) return false;
  store(m, { key: AUTHORITIES_KEY, value: codec.encode(authorities, { messages: seats.chain }) });
  happen(m, { type: "seat-passed" });
  return true;
}

function sendRegistration(m: Machine, sage: NodeId): void {
  const { config } = m;
  send(m, sage, "register", register, {
    at: m.now,
    displayName: config.displayName.slice(0, DISPLAY_NAME_CHARACTERS_MAX),
    role: config.role === "juror" ? "juror" : "participant",
    capabilities: config.capabilities,
    region: config.region,
    addresses: config.addresses,
    token: config.token,
  });
}

function requestContest(m: Machine, peer: NodeId): void {
  send(m, peer, "contest-request", contestRequest, { nonce: m.config.secretBytes(16) });
}

/** Everything a node hands out about the contest so far. */
function answerContestRequest(m: Machine, peer: NodeId): void {
  if (m.manifestMessage !== null) forward(m, peer, m.manifestMessage);
  const chain = m.joining.seats?.chain ?? [];
  if (chain.length > 0) send(m, peer, AUTHORITIES_KIND, authorities, { messages: chain });
  if (m.rosterCertificate !== null) send(m, peer, "roster", rosterCertificate, m.rosterCertificate);
  if (m.problemKeys !== null) forward(m, peer, m.problemKeys);
}

export function learnManifest(m: Machine, message: SignedMessage): boolean {
  if (m.manifest !== null) return true;
  const opened = openManifest(m.config.verifier, m.contest, message);
  if (opened === undefined) return false;
  m.manifest = opened;
  m.manifestMessage = message;
  m.joining.seats = new Seats(opened);
  store(m, { key: MANIFEST_KEY, value: codec.encode(signedManifest, message) });
  happen(m, { type: "manifest-known" });
  notify(m, { type: "contest-known", name: opened.name });
  return true;
}

const signedManifest = codec.struct({
  kind: codec.literal(MANIFEST_KIND),
  signer: codec.nodeId,
  body: codec.bytes(MANIFEST_BYTES_MAX),
  signature: codec.bytes(64, 64),
}) as codec.Shape<SignedMessage>;

/** @returns whether the roster is (now) known. */
export function learnRoster(m: Machine, certificate: RosterCertificate, trusted: boolean): boolean {
  if (m.live !== null) {
    if (!trusted && renewRoster(m, certificate)) storeRoster(m, certificate);
    return true;
  }
  if (m.manifest === null) return false;
  const opened = trusted
    ? parseRoster(certificate.roster)
    : openRoster(m.config.verifier, m.contest, m.manifest, m.joining.seats ?? new Seats(m.manifest), certificate);
  if (opened === undefined || opened.epoch !== 0) return false;
  m.rosterCertificate = certificate;
  m.live = newLive(m, m.manifest, certificate, opened);
  storeRoster(m, certificate);
  happen(m, { type: "roster-known" });
  return true;
}

function storeRoster(m: Machine, certificate: RosterCertificate): void {
  store(m, { key: ROSTER_KEY, value: encodeCertificate(certificate) });
}

/** Restores what {@link learnManifest} and the others stored. */
export function restoreJoining(m: Machine, key: string, value: Uint8Array): void {
  switch (key) {
    case MANIFEST_KEY: {
      const message = codec.decode(signedManifest, value, MANIFEST_BYTES_MAX + 1024);
      const body = message && codec.decode(manifestShape, message.body, MANIFEST_BYTES_MAX);
      if (message !== undefined && body !== undefined) {
        m.manifest = body;
        m.manifestMessage = message;
        m.joining.seats = new Seats(body);
      }
      return;
    }
    case WITHDRAWAL_KEY:
      m.joining.withdrawal = decodeMessage(value, REGISTER_BYTES_MAX) ?? null;
      return;
    case AUTHORITIES_KEY:
      learnAuthorities(m, codec.decode(authorities, value, AUTHORITIES_BYTES_MAX)?.messages ?? []);
      oweAdmission(m);
      return;
    case SIGNED_ADMISSION_KEY:
      m.joining.admission = decodeMessage(value, REGISTER_BYTES_MAX) ?? null;
      oweAdmission(m);
      return;
    case ADMISSION_KEY:
      m.admission = codec.decode(admission, value, REGISTER_BYTES_MAX) ?? null;
      return;
    case ROSTER_KEY: {
      const certificate = codec.decode(rosterCertificate, value, ROSTER_BYTES_MAX);
      if (certificate !== undefined) learnRoster(m, certificate, true);
      return;
    }
    case PROBLEM_KEYS_KEY:
      m.problemKeys = codec.decode(signedKeys, value, 64 * 1024) ?? null;
  }
}

const signedKeys = codec.struct({
  kind: codec.literal("problem-keys"),
  signer: codec.nodeId,
  body: codec.bytes(32 * 1024),
  signature: codec.bytes(64, 64),
}) as codec.Shape<SignedMessage>;

function onWelcome(m: Machine, body: codec.ShapeOf<typeof welcome>, signer: NodeId): Validity {
  if (!learnManifest(m, body.manifest)) return reject("wrong-manifest");
  if (!isSage(m, signer)) return reject("not-a-sage");
  if (m.joining.owedTo === signer) m.joining.owedTo = null;
  for (const { peer, addresses } of body.peers) m.effects.push({ type: "remember-peer", peer, addresses });
  m.registered = Math.max(m.registered, body.registered);
  const admitted = admissionIn(m, body.admission);
  if (admitted === undefined) return reject("bad-admission");
  if (m.admission !== null && m.admission.at >= admitted.at) return ACCEPT;
  m.admission = admitted;
  m.joining.admission = body.admission;
  m.joining.attempt = 0;
  store(m, { key: ADMISSION_KEY, value: codec.encode(admission, admitted) });
  store(m, { key: SIGNED_ADMISSION_KEY, value: encodeMessage(body.admission) });
  notify(m, { type: "registered", by: signer, name: m.manifest?.name ?? "", registered: body.registered });
  continueJoining(m);
  return ACCEPT;
}

function admissionIn(m: Machine, message: SignedMessage): Admission | undefined {
  if (message.kind !== "admission" || !isSage(m, message.signer)) return undefined;
  const value = codec.decode(admission, message.body, REGISTER_BYTES_MAX);
  if (value?.node !== m.self) return undefined;
  return verifyMessage(m.config.verifier, m.contest, message) ? value : undefined;
}

function onRoster(m: Machine, body: RosterCertificate): Validity {
  if (m.manifest === null) return ignore("no-manifest-yet");
  return learnRoster(m, body, false) ? ACCEPT : reject("bad-roster");
}

/** Whoever is registered can still be banned, until the roster is signed. */
function mayBeRejected(m: Machine, code: Rejection): boolean {
  return !isRegistered(m) || (code === "banned" && m.live === null);
}

function forgetAdmission(m: Machine): void {
  if (m.admission === null) return;
  m.admission = null;
  m.joining.admission = null;
  for (const key of [ADMISSION_KEY, SIGNED_ADMISSION_KEY]) store(m, { key, value: undefined });
}

export const JOINING_ROUTES: Readonly<Record<string, Route>> = {
  welcome: route({ shape: welcome, bytesMax: WELCOME_BYTES_MAX, handle: onWelcome }),
  rejected: route({
    shape: rejected,
    bytesMax: 2048,
    screen: (m, body) => (body.node === m.self && mayBeRejected(m, body.code) ? undefined : ignore("not-for-me")),
    handle(m, body, signer) {
      if (!isSage(m, signer)) return reject("not-a-sage");
      if (m.joining.owedTo === signer) m.joining.owedTo = null;
      if (body.code === "banned") forgetAdmission(m);
      m.joining.rejectedBy.add(signer);
      notify(m, { type: "registration-rejected", by: signer, code: body.code, reason: body.reason });
      return ACCEPT;
    },
  }),
  [AUTHORITIES_KIND]: route({
    shape: authorities,
    bytesMax: AUTHORITIES_BYTES_MAX,
    selfCertifying: true,
    handle(m, body) {
      if (m.manifest === null) return ignore("no-manifest-yet");
      if (!learnAuthorities(m, body.messages)) return ignore("known");
      // Another one may answer what the last one did not.
      if (m.live === null && m.admission === null) continueJoining(m);
      return ACCEPT;
    },
  }),
  roster: route({
    shape: rosterCertificate,
    bytesMax: ROSTER_BYTES_MAX,
    screen: (m) => (m.live === null || m.joining.seats?.lastReclaimed != null ? undefined : ignore("known")),
    handle: onRoster,
  }),
  "contest-request": route({
    shape: contestRequest,
    bytesMax: 64,
    handle(m, _body, _signer, from) {
      answerContestRequest(m, from);
      return ACCEPT;
    },
  }),
  [MANIFEST_KIND]: route({
    shape: manifestShape,
    bytesMax: MANIFEST_BYTES_MAX,
    // Signed by its organizer under no contest; its hash is the contest's id.
    selfCertifying: true,
    screen: (m) => (m.manifest === null ? undefined : ignore("known")),
    handle: (m, _body, _signer, _from, message) => (learnManifest(m, message) ? ACCEPT : reject("wrong-manifest")),
  }),
  "problem-keys": route({
    shape: problemKeys,
    bytesMax: 32 * 1024,
    screen: (m) => (m.problemKeys === null ? undefined : ignore("known")),
    handle(m, body, signer, _from, message) {
      if (m.manifest === null) return ignore("no-manifest-yet");
      if (!isSage(m, signer)) return reject("not-a-sage");
      m.problemKeys = message;
      store(m, { key: PROBLEM_KEYS_KEY, value: codec.encode(signedKeys, message) });
      notifyKeys(m, body);
      return ACCEPT;
    },
  }),
  reveal: route({
    shape: reveal,
    bytesMax: 512,
    screen: (m, body) => (m.live?.reveals.has(`${body.session}/${body.sage}`) ? ignore("known") : undefined),
    handle(m, body, signer) {
      const tip = m.manifest?.beacon.find((commitment) => commitment.sage === body.sage)?.tip;
      if (m.live === null) return ignore("no-roster-yet");
      if (tip === undefined || !isSage(m, signer)) return reject("not-a-sage");
      const current = m.live.sessions[0]?.session ?? -1;
      if (body.session <= current || body.session > current + 2) return ignore("not-now");
      if (!revealFits(tip, body.session, body.preimage)) return reject("bad-reveal");
      if (m.live.reveals.size >= REVEALS_MAX) m.live.reveals.clear();
      m.live.reveals.set(`${body.session}/${body.sage}`, body);
      return ACCEPT;
    },
  }),
};

/** Tells the driver the keys again, also after a restart. */
export function announceKeys(m: Machine): void {
  const body = m.problemKeys && codec.decode(problemKeys, m.problemKeys.body, 32 * 1024);
  if (body) notifyKeys(m, body);
}

function notifyKeys(m: Machine, body: codec.ShapeOf<typeof problemKeys>): void {
  const keys = body.keys.map(({ problem, key }) => ({ problem, key: toHex(key) }));
  notify(m, { type: "keys-released", keys });
}
