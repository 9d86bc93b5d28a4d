/** The roster and its certificate: what a node believes about who takes part (protocol.md §2). */
import {
  codec,
  type ContestId,
  type Hash,
  hashOf,
  type Instant,
  type Manifest,
  type Roster,
  ROSTER_BYTES_MAX,
  ROSTER_VOTE_KIND,
  type RosterCertificate,
  rosterCertificate,
  roster,
  rosterVote,
  type Seats,
  signingDigest,
  type Verifier,
} from "../../src/model/index.ts";
import { revealFits } from "../clusters/beacon.ts";
import { genesisOf } from "../log/genesis.ts";
import type { Live, Machine } from "../machine.ts";
import { rememberingVerifier } from "../remembering-verifier.ts";

/** Parsed rosters are shared by all machines of a process that hold the same bytes; so are their hashes and records. */
const parsed = new WeakMap<Uint8Array, Roster>();
const hashes = new WeakMap<Uint8Array, Hash>();
const records = new WeakMap<RosterCertificate, Uint8Array>();

/** The roster, or undefined unless those who hold a majority of the seats signed it in one ballot. */
export function openRoster(
  verifier: Verifier,
  contest: ContestId,
  manifest: Manifest,
  seats: Seats,
  certificate: RosterCertificate,
): Roster | undefined {
  const value = parseRoster(certificate.roster);
  if (value === undefined || !isWellFormed(manifest, value)) return undefined;
  const voters = new Set(certificate.votes.map((vote) => vote.sage));
  if (voters.size !== certificate.votes.length || [...voters].some((voter) => !seats.wasSage(voter))) return undefined;
  const rosterHash = rosterHashOf(certificate);
  if (!seats.maySign(rosterHash, [...voters])) return undefined;
  const { epoch } = value;
  const { ballot } = certificate;
  const body = codec.encode(rosterVote, { epoch, ballot, roster: rosterHash });
  const digest = signingDigest(ROSTER_VOTE_KIND, contest, body);
  const genuine = certificate.votes.every((vote) => verifier.verify(digest, vote.signature, vote.sage));
  return genuine ? value : undefined;
}

export function rosterHashOf({ roster: bytes }: RosterCertificate): Hash {
  const hash = hashes.get(bytes) ?? hashOf(bytes);
  hashes.set(bytes, hash);
  return hash;
}

/** As it is stored. */
export function encodeCertificate(certificate: RosterCertificate): Uint8Array {
  const bytes = records.get(certificate) ?? codec.encode(rosterCertificate, certificate);
  records.set(certificate, bytes);
  return bytes;
}

export function parseRoster(bytes: Uint8Array): Roster | undefined {
  const known = parsed.get(bytes);
  if (known !== undefined) return known;
  const value = codec.decode(roster, bytes, ROSTER_BYTES_MAX);
  if (value !== undefined) parsed.set(bytes, value);
  return value;
}

/** Sorted, without doubles, with reveals that fit their commitments. */
function isWellFormed(manifest: Manifest, value: Roster): boolean {
  const sorted = value.members.every(
    (member, index) => index === 0 || (value.members[index - 1]?.id ?? "") < member.id,
  );
  const absentSorted = value.absent.every((id, index) => index === 0 || (value.absent[index - 1] ?? "") < id);
  const revealsFit = value.reveals.every((shown, index) => {
    const tip = manifest.beacon.find((commitment) => commitment.sage === shown.sage)?.tip;
    const ordered = index === 0 || (value.reveals[index - 1]?.sage ?? "") < shown.sage;
    return ordered && tip !== undefined && shown.session === 0 && revealFits(tip, 0, shown.preimage);
  });
  return sorted && absentSorted && revealsFit;
}

/** The contest's state at one node before its first block. */
export function newLive(m: Machine, manifest: Manifest, certificate: RosterCertificate, value: Roster): Live {
  const basis = {
    contest: m.contest,
    manifest,
    roster: value,
    rosterHash: rosterHashOf(certificate),
    startsAt: value.startsAt as Instant,
  };
  const idle = {
    session: -1,
    round: 0,
    role: { type: "idle" },
    failures: 0,
    heardAt: 0 as Instant,
    settledAt: 0 as Instant,
  } as const;
  return {
    basis,
    roster: value,
    ...genesisOf(basis, rememberingVerifier(m.config.verifier), () => m.joining.seats),
    storedTail: new Set(),
    recovery: {
      known: null,
      signed: null,
      votes: new Map(),
      watchedSince: 0 as Instant,
      councilHeardAt: 0 as Instant,
    },
    sessions: [],
    clusterElection: null,
    centralElection: { ...idle },
    leader: null,
    promised: -1,
    castVote: null,
    leading: null,
    handOver: [],
    bodies: new Map(),
    tasks: new Map(),
    standby: new Map(),
    evaluator: {
      queue: new Map(),
      running: new Map(),
      served: new Set(),
      done: new Map(),
      unsigned: new Map(),
      summons: new Map(),
    },
    catchUp: { asked: null, askedAt: 0 as Instant, target: -1, early: new Map(), startedFrom: -1, attempts: 0 },
    recent: { groups: [], bytes: 0 },
    suspects: new Set(),
    dead: new Set(),
    heardLeaderAt: 0 as Instant,
    reportedDead: new Map(),
    clusterTold: new Map(),
    reveals: new Map(),
    presented: new Map(),
    distrustedTerm: -1,
    accused: new Map(),
    ended: false,
    uncollected: new Map(),
  };
}
