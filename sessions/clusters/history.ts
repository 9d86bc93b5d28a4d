/** The cluster maps of a contest: logged inputs, the beacon's course, and each session's map (protocol.md §3). */
import {
  type EntryOf,
  type Hash,
  hashOf,
  type Manifest,
  type NodeId,
  type Roster,
  type RosterMember,
} from "../../src/model/index.ts";
import { majorityOf } from "../quorum.ts";
import { beaconBefore, nextBeacon, revealFits } from "./beacon.ts";
import { bySortition, type ClusterMap, drawClusters } from "./cluster-map.ts";

/** Inputs that were logged for a session; they serve later sessions too until others are logged. */
interface Anchor {
  readonly session: number;
  readonly beacon: Hash;
  /** Of those who are members since the roster: whoever came before this anchor is drawn. */
  readonly latecomers: readonly RosterMember[];
  readonly away: ReadonlySet<NodeId>;
  /** Names `away`. */
  readonly awayHash: Hash;
  readonly excluded: ReadonlySet<NodeId>;
  readonly excludedHash: Hash;
  /** The latest session whose beacon was hashed. */
  readonly reached: { session: number; beacon: Hash };
}

export interface SessionMap {
  readonly map: ClusterMap;
  /** What each cluster can judge: languages that a majority of it has. */
  readonly languages: readonly ReadonlySet<string>[];
}

export interface MapHistory {
  readonly manifest: Manifest;
  readonly roster: Roster;
  readonly rosterHash: Hash;
  members: ReadonlyMap<NodeId, RosterMember>;
  /** Admitted after the roster was signed, in the order of the log. */
  latecomers: readonly RosterMember[];
  /** By session, ascending. */
  readonly anchors: Anchor[];
}

/** Verdicts of sessions older than this many logged maps no longer settle; their tasks were given to others long ago. */
const ANCHORS_MAX = 64;

const NOBODY: ReadonlySet<NodeId> = new Set();
/** So many nodes at least are left, or all of a smaller roster. */
const LEFT_MIN = 3;
/**
 * Sessions for which inputs serve. After so many without new ones nobody is thought away any more: whoever is left may be
 * just those who were, and a map of none but dead nodes would never be replaced.
 */
const INPUTS_SERVE = 2;

/** Pure results shared by all machines of a process: the simulator runs thousands of them. Emptied when full. */
const SHARED_MAX = 64;
const sharedMaps = new Map<string, SessionMap>();
const sharedMembers = new WeakMap<Roster, ReadonlyMap<NodeId, RosterMember>>();
const sharedCouncils = new Map<string, readonly NodeId[]>();

export function newMapHistory(contest: Hash, manifest: Manifest, roster: Roster, rosterHash: Hash): MapHistory {
  let members = sharedMembers.get(roster);
  if (members === undefined) {
    members = new Map(roster.members.map((member) => [member.id, member]));
    sharedMembers.set(roster, members);
  }
  const beacon = nextBeacon(beaconBefore(contest, rosterHash), roster.reveals);
  return { manifest, roster, rosterHash, members, latecomers: [], anchors: [anchorOf(0, beacon, [], roster.absent)] };
}

/** A member from here on; drawn into clusters with the next logged inputs. */
export function admitMember(history: MapHistory, member: RosterMember): void {
  history.members = new Map([...history.members, [member.id, member]]);
  history.latecomers = [...history.latecomers, member];
}

/** Adds logged inputs; the code of what is wrong with them. */
export function recordInputs(
  history: MapHistory,
  entry: EntryOf<"map">,
  council: readonly NodeId[],
  excluded: ReadonlySet<NodeId>,
): string | undefined {
  const newest = history.anchors.at(-1) as Anchor;
  if (entry.session <= newest.session) return "not-newer";
  if (entry.session - newest.session > SLEEP_SESSIONS_MAX) return "too-far";
  if (entry.epoch !== history.roster.epoch) return "unknown-epoch";
  for (const shown of entry.reveals) {
    const tip = history.manifest.beacon.find((commitment) => commitment.sage === shown.sage)?.tip;
    if (tip === undefined || shown.session !== entry.session || !revealFits(tip, shown.session, shown.preimage)) {
      return "bad-reveal";
    }
  }
  const dead = new Set(entry.dead);
  // The council acknowledges this very entry: a leader that calls most of it dead, or nearly everybody, is cut off itself.
  const absent = council.filter((member) => dead.has(member)).length;
  if (absent * 2 >= council.length || history.members.size - dead.size < Math.min(LEFT_MIN, history.members.size))
    return "too-many-dead";
  if (!isSortedSet(entry.reveals.map((shown) => shown.sage)) || !isSortedSet(entry.dead)) return "unsorted";
  const beacon = nextBeacon(beaconAt(newest, entry.session - 1), entry.reveals);
  // With too few left to outvote anybody, liars evaluate too: a majority of all three is better than no verdict.
  const left = history.members.size - new Set([...entry.dead, ...excluded]).size;
  history.anchors.push(
    anchorOf(entry.session, beacon, history.latecomers, entry.dead, left < LEFT_MIN ? NOBODY : excluded),
  );
  if (history.anchors.length > ANCHORS_MAX) history.anchors.shift();
  return undefined;
}

/** Undefined for a session older than what is remembered, or later than a contest can have slept. */
export function beaconOf(history: MapHistory, session: number): Hash | undefined {
  const anchor = anchorFor(history, session);
  return anchor === undefined ? undefined : beaconAt(anchor, session);
}

/** Undefined for a session older than what is remembered, or later than a contest can have slept. */
export function mapOf(history: MapHistory, session: number): SessionMap | undefined {
  const anchor = anchorFor(history, session);
  if (anchor === undefined) return undefined;
  const beacon = beaconAt(anchor, session);
  const away = awayAt(anchor, session);
  const { latecomers } = anchor;
  const late = latecomers.map(({ id }) => id).join();
  const key = `${history.rosterHash}/${late}/${beacon}/${away === anchor.away ? anchor.awayHash : anchor.excludedHash}`;
  const known = sharedMaps.get(key);
  if (known !== undefined) return known;
  const { clusterSize, keepRegions, evaluators, judgeProfile } = history.manifest;
  const members = latecomers.length === 0 ? history.roster.members : withLatecomers(history.roster, latecomers);
  const map = drawClusters({ beacon, members, away, clusterSize, keepRegions, evaluators, judgeProfile });
  const drawn = { map, languages: map.clusters.map((cluster) => languagesOf(history, cluster)) };
  if (sharedMaps.size >= SHARED_MAX) sharedMaps.clear();
  sharedMaps.set(key, drawn);
  return drawn;
}

/** Sorted as a roster is. */
function withLatecomers(roster: Roster, latecomers: readonly RosterMember[]): readonly RosterMember[] {
  return [...roster.members, ...latecomers].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The nodes thought away in a session; they belong to no cluster. */
export function awayIn(history: MapHistory, session: number): ReadonlySet<NodeId> {
  const anchor = anchorFor(history, session);
  return anchor === undefined ? NOBODY : awayAt(anchor, session);
}

function awayAt(anchor: Anchor, session: number): ReadonlySet<NodeId> {
  return session - anchor.session < INPUTS_SERVE ? anchor.away : anchor.excluded;
}

/** Whoever elects the very first central leader: by lot among all who were present when the roster was signed. */
export function genesisCouncil(history: MapHistory): readonly NodeId[] {
  const [first] = history.anchors;
  if (first === undefined) return [];
  const known = sharedCouncils.get(first.beacon);
  if (known !== undefined) return known;
  const everybody = history.roster.members.map((member) => member.id);
  const there = everybody.filter((id) => !first.away.has(id));
  const present = there.length < LEFT_MIN ? everybody : there;
  const council = bySortition(first.beacon, present).slice(0, history.manifest.councilSize).toSorted();
  if (sharedCouncils.size >= SHARED_MAX) sharedCouncils.clear();
  sharedCouncils.set(first.beacon, council);
  return council;
}

/** Without anything logged a contest sleeps no longer; only a clock that is wrong comes to later sessions. */
const SLEEP_SESSIONS_MAX = 100_000;

function anchorFor(history: MapHistory, session: number): Anchor | undefined {
  const found = history.anchors.findLast((anchor) => anchor.session <= session);
  return found === undefined || session - found.session > SLEEP_SESSIONS_MAX ? undefined : found;
}

/** Sessions without logged inputs only hash on; how far the last question got is remembered. */
function beaconAt(anchor: Anchor, session: number): Hash {
  const { reached } = anchor;
  if (session < reached.session) {
    reached.session = anchor.session;
    reached.beacon = anchor.beacon;
  }
  for (; reached.session < session; reached.session += 1) reached.beacon = nextBeacon(reached.beacon, []);
  return reached.beacon;
}

/** Excluded nodes are left out for good, dead ones as long as the inputs serve. */
function anchorOf(
  session: number,
  beacon: Hash,
  latecomers: readonly RosterMember[],
  dead: readonly NodeId[],
  excludedNodes: ReadonlySet<NodeId> = NOBODY,
): Anchor {
  const excluded = new Set(excludedNodes);
  const away = new Set([...dead, ...excluded]);
  const awayHash = hashOf(new TextEncoder().encode([...away].sort().join()));
  const excludedHash = hashOf(new TextEncoder().encode([...excluded].sort().join()));
  return { session, beacon, latecomers, away, awayHash, excluded, excludedHash, reached: { session, beacon } };
}

function languagesOf(history: MapHistory, cluster: readonly NodeId[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const member of cluster) {
    for (const language of history.members.get(member)?.capabilities.languages ?? []) {
      counts.set(language, (counts.get(language) ?? 0) + 1);
    }
  }
  const enough = majorityOf(cluster.length);
  return new Set([...counts].filter(([, count]) => count >= enough).map(([language]) => language));
}

function isSortedSet(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] as string) < name);
}
