/** Registration: a signed request in, an admission or a rejection with a reason out; idempotent (protocol.md §2). */
import {
  ADDRESSES_MAX,
  ADMISSION_KIND,
  type Admission,
  admission,
  ADMISSIONS_GOSSIPED_MAX,
  admissions,
  AUTHORITIES_KIND,
  authorities,
  codec,
  hashOf,
  nameKey,
  type NodeId,
  PEERS_IN_WELCOME_MAX,
  problemKeys,
  type Register,
  REGISTER_BYTES_MAX,
  REMOVAL_KIND,
  type Removal,
  type Rejection,
  rejected,
  removal,
  ROSTER_MEMBERS_MAX,
  rosterCertificate,
  type SignedMessage,
  encodeMessage,
  verifyMessage,
  welcome,
  utcText,
} from "../src/model/index.ts";
import { expiryOf } from "./expiring-token.ts";
import {
  type Admitted,
  forward,
  isSage,
  jitter,
  othersOf,
  presentOf,
  type Sage,
  send,
  signed,
  store,
} from "./state.ts";

export const ADMISSION_KEY_PREFIX = "sage/admission/";
export const REMOVAL_KEY_PREFIX = "sage/removal/";
/** A clock further off would make receipts and sessions meaningless. */
const CLOCK_SKEW_MS_MAX = 60_000;

export function onRegister(s: Sage, request: Register, node: NodeId): void {
  const known = s.admitted.get(node);
  s.heardAt.set(node, s.now);
  if (!isSage(s)) {
    // Another one speaks for this seat now: the newcomer learns who, and asks there.
    forward(s, node, s.config.manifest);
    tellAuthorities(s, node);
    return;
  }
  if (request.addresses.length > 0) s.addresses.set(node, request.addresses.slice(0, ADDRESSES_MAX));
  if (known !== undefined && !s.removed.has(node) && isSettled(s, known, request)) {
    greet(s, node, known);
    return;
  }
  const refusal = refusalOf(s, request, node);
  if (refusal !== undefined) {
    send(s, node, "rejected", rejected, { node, ...refusal });
    s.effects.push({ type: "notify", notice: { type: "rejected", node, ...refusal } });
    return;
  }
  const { displayName, role, capabilities, region } = request;
  const message = signed(s, ADMISSION_KIND, admission, { node, at: s.now, displayName, role, capabilities, region });
  merge(s, message);
  for (const sage of othersOf(s)) send(s, sage, "admissions", admissions, { messages: [message] });
  const admitted = s.admitted.get(node);
  if (admitted !== undefined) greet(s, node, admitted);
}

function isUnchanged(known: Admission, request: Register): boolean {
  return (
    known.displayName === request.displayName &&
    known.role === request.role &&
    known.region === request.region &&
    known.capabilities.slots === request.capabilities.slots &&
    known.capabilities.judgeProfile === request.capabilities.judgeProfile &&
    known.capabilities.languages.join() === request.capabilities.languages.join()
  );
}

/** Nothing new is to be signed for it. */
function isSettled(s: Sage, { admission: known, message }: Admitted, request: Register): boolean {
  if (!s.closed) return isUnchanged(known, request);
  const { roster } = s;
  if (roster === null || roster.members.some(({ id }) => id === known.node)) return true;
  // A latecomer's; the log takes it only from whoever holds a seat.
  return known.at >= roster.startsAt && s.seats.heldBy(message.signer).length > 0;
}

interface Refused {
  readonly code: Rejection;
  readonly reason: string;
}

function refuse(code: Rejection, reason: string): Refused {
  return { code, reason };
}

function refusalOf(s: Sage, request: Register, node: NodeId): Refused | undefined {
  const { registration } = s.manifest;
  const removal = s.removed.get(node);
  if (removal !== undefined) return refuse("banned", removedReason(removal));
  if (registration.opensAt !== null && s.now < registration.opensAt) {
    return refuse("not-open-yet", `registration opens at ${utcText(registration.opensAt)}`);
  }
  const isPast = registration.closesAt !== null && s.now >= registration.closesAt;
  if (isPast || (s.closed && !registration.late)) {
    const at = isPast ? ` since ${utcText(registration.closesAt ?? 0)}` : "";
    return refuse("closed", `registration is closed${at}; you can still watch with --role observer`);
  }
  if (s.closed && (s.roster === null || s.now < s.roster.startsAt))
    return refuse(
      "not-open-yet",
      "registration is closed until the contest starts; then latecomers are let in, and this node asks again by itself",
    );
  if (Math.abs(request.at - s.now) > CLOCK_SKEW_MS_MAX) {
    return refuse(
      "clock",
      `your clock is ${Math.round(Math.abs(request.at - s.now) / 1000)} s off; set it and try again`,
    );
  }
  if (registration.policy === "token") {
    const fault = tokenFault(s, request.token, registration.tokenHash);
    if (fault !== undefined) return fault;
  }
  if (registration.policy === "allow-list" && !registration.allowed.includes(node)) {
    return refuse("not-allowed", `this node is not on the list of this contest; give the organizer its id: ${node}`);
  }
  const holder = s.names.get(nameKey(request.displayName));
  if (holder !== undefined && holder !== node)
    return refuse("name-taken", `the name ${request.displayName} is taken; choose another one with --name`);
  if (s.admitted.size >= ROSTER_MEMBERS_MAX) return refuse("full", "the contest is full");
  return undefined;
}

/** The plain token, or one that expires (made from it). */
function tokenFault(s: Sage, token: string | null, wanted: string | null): Refused | undefined {
  if (token !== null && hashOf(new TextEncoder().encode(token)) === wanted) return undefined;
  const untilMs = s.config.token == null ? undefined : expiryOf(s.config.token, token);
  if (untilMs === undefined)
    return refuse(
      "wrong-token",
      "the invitation's token is not the one of this contest; ask the organizer for the invite",
    );
  if (s.now < untilMs) return undefined;
  return refuse("expired", `the invitation expired at ${utcText(untilMs)}; ask the organizer for a new one`);
}

function removedReason({ removal, message }: { readonly removal: Removal; readonly message: SignedMessage }): string {
  if (message.signer === removal.node)
    return "this node has withdrawn; to take part again, join with another data directory (--data-dir)";
  return `this node was removed from the contest${removal.reason === "" ? "" : `: ${removal.reason}`}`;
}

/** The admission with everything a new node needs. */
function greet(s: Sage, node: NodeId, { message }: Admitted): void {
  const peers = [...s.addresses].filter(([peer]) => peer !== node);
  const first = Math.floor(jitter(s, peers.length));
  const some = [...peers.slice(first), ...peers.slice(0, first)].slice(0, PEERS_IN_WELCOME_MAX);
  // Whoever knows the manifest only takes no welcome of a sage that holds its seat by a transfer, nor an admission that such a one signed.
  if (s.seats.chain.length > 0) {
    forward(s, node, s.config.manifest);
    tellAuthorities(s, node);
  }
  send(s, node, "welcome", welcome, {
    admission: message,
    manifest: s.config.manifest,
    peers: some.map(([peer, addresses]) => ({ peer, addresses })),
    registered: presentOf(s),
  });
  if (s.certificate !== null) answerContest(s, node);
}

/** The contest so far: for nodes that missed it. */
export function answerContest(s: Sage, node: NodeId): void {
  tellRemoved(s, node);
  forward(s, node, s.config.manifest);
  tellAuthorities(s, node);
  if (s.certificate !== null) send(s, node, "roster", rosterCertificate, s.certificate);
  if (s.keysReleased) forward(s, node, keysMessage(s));
}

export function tellAuthorities(s: Sage, node: NodeId): void {
  const messages = s.seats.chain;
  if (messages.length > 0) send(s, node, AUTHORITIES_KIND, authorities, { messages });
}

export function keysMessage(s: Sage): SignedMessage {
  return signed(s, "problem-keys", problemKeys, { keys: s.config.problemKeys });
}

/** Puts a signed admission or removal into the set; the order in which they come does not matter. */
export function merge(s: Sage, message: SignedMessage): boolean {
  if (message.kind === ADMISSION_KIND) return mergeAdmission(s, message);
  if (message.kind === REMOVAL_KIND) return mergeRemoval(s, message);
  return false;
}

/** After a reclaim nodes show what its former holder signed for them: it may be nowhere else. */
export function showOwn(s: Sage, messages: readonly SignedMessage[], signer: NodeId): void {
  const [message] = messages;
  if (message?.kind !== ADMISSION_KIND || messages.length > 1) return;
  if (codec.decode(admission, message.body, REGISTER_BYTES_MAX)?.node === signer) merge(s, message);
}

function mergeAdmission(s: Sage, message: SignedMessage): boolean {
  const value = codec.decode(admission, message.body, REGISTER_BYTES_MAX);
  if (value === undefined || !s.seats.wasSage(message.signer)) return false;
  const known = s.admitted.get(value.node);
  if (known !== undefined && !isNewer(value, message, known)) return false;
  // What this sage signed a moment ago, or checked before it stored it, needs no second look.
  if (message.signer !== s.self && !verifyMessage(s.config.verifier, s.contest, message)) return false;
  if (known !== undefined) freeName(s, known.admission);
  s.admitted.set(value.node, { admission: value, message });
  const key = nameKey(value.displayName);
  if (!s.names.has(key) && !s.removed.has(value.node)) s.names.set(key, value.node);
  store(s, { key: ADMISSION_KEY_PREFIX + value.node, value: encodeMessage(message) });
  if (known === undefined) {
    const { node, displayName } = value;
    s.effects.push({ type: "notify", notice: { type: "admitted", node, displayName, registered: presentOf(s) } });
  }
  return true;
}

function freeName(s: Sage, { displayName, node }: Admission): void {
  const key = nameKey(displayName);
  if (s.names.get(key) === node) s.names.delete(key);
}

/** Later ones win; between equal times the smaller hash, so that all sages choose alike. */
function isNewer(value: Admission, message: SignedMessage, known: Admitted): boolean {
  if (value.at !== known.admission.at) return value.at > known.admission.at;
  return hashOf(message.body) < hashOf(known.message.body);
}

function mergeRemoval(s: Sage, message: SignedMessage): boolean {
  const value = codec.decode(removal, message.body, REGISTER_BYTES_MAX);
  if (value === undefined || s.removed.has(value.node)) return false;
  if (!s.seats.wasSage(message.signer) && message.signer !== value.node) return false;
  if (message.signer !== s.self && !verifyMessage(s.config.verifier, s.contest, message)) return false;
  s.removed.set(value.node, { removal: value, message });
  const known = s.admitted.get(value.node);
  if (known !== undefined) freeName(s, known.admission);
  store(s, { key: REMOVAL_KEY_PREFIX + value.node, value: encodeMessage(message) });
  s.effects.push({ type: "notify", notice: { type: "removed", node: value.node, reason: value.reason } });
  return true;
}

/** A sage's ban; a node's own withdrawal comes as the same kind of message, signed by itself. */
export function ban(s: Sage, node: NodeId, reason: string): boolean {
  if (!s.admitted.has(node)) return false;
  const value: Removal = { node, at: s.now, reason: reason.slice(0, 200) };
  const message = signed(s, REMOVAL_KIND, removal, value);
  mergeRemoval(s, message);
  for (const sage of othersOf(s)) send(s, sage, "admissions", admissions, { messages: [message] });
  tellRemoved(s, node);
  return true;
}

/** It runs, and would wait for the start with the others. */
function tellRemoved(s: Sage, node: NodeId): void {
  const known = s.removed.get(node);
  if (known === undefined || known.message.signer === node || !isSage(s)) return;
  send(s, node, "rejected", rejected, { node, ...refuse("banned", removedReason(known)) });
}

/** Everything this sage knows, to another one, in messages of bounded size. */
export function sendAdmissions(s: Sage, to: NodeId): void {
  const all = [...s.admitted.values(), ...s.removed.values()].map((entry) => entry.message);
  for (let from = 0; from < all.length; from += ADMISSIONS_GOSSIPED_MAX) {
    send(s, to, "admissions", admissions, { messages: all.slice(from, from + ADMISSIONS_GOSSIPED_MAX) });
  }
}
