/**
 * Correcting this node's clock against sages and peers (protocol.md §3). Each answer bounds the difference of two clocks by
 * half of its round trip; the median of many is right as long as most of them are honest and right. The correction is
 * gradual once the contest runs: nobody is suspected because a clock jumped.
 */
import {
  type codec,
  type Instant,
  instant,
  nextInteger,
  type NodeId,
  timeAnswer,
  timeRequest,
} from "../../src/model/index.ts";
import { peerOf, send, sendAll } from "../context.ts";
import { sourcesOf } from "../log/catch-up.ts";
import type { ClockState, Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, type Validity } from "../routing.ts";

/** Smoothing of round trips as in TCP (RFC 6298). */
const RTT_WEIGHT = 1 / 8;
export const CLOCK_SAMPLES_MAX = 64;
/** Clocks drift: after so long an answer says little. */
const SAMPLE_SERVES_MS = 300_000;
/** Differences that are not worth a correction, beside the error of their measurement. */
const TOLERATED_MS = 5;
/** How much slower or faster than the driver's clock the corrected one may run. */
const SLOW_DOWN = 1 / 20;
const SPEED_UP = 1 / 4;
/** A clock so wrong is set at once: its node was in another session than all others anyway. */
const STEP_MS = 10_000;

export function newClock(): ClockState {
  return { localMs: 0, offsetMs: 0, targetMs: 0, samples: new Map() };
}

/** At every event: the corrected clock, which never runs backwards. */
export function readClock(m: Machine, at: Instant): void {
  const { clock } = m;
  const elapsedMs = clock.localMs === 0 ? 0 : Math.max(0, at - clock.localMs);
  const missing = clock.targetMs - clock.offsetMs;
  if (m.live === null || m.now < m.live.basis.startsAt || Math.abs(missing) > STEP_MS) clock.offsetMs = clock.targetMs;
  else clock.offsetMs += Math.min(elapsedMs * SPEED_UP, Math.max(-elapsedMs * SLOW_DOWN, missing));
  clock.localMs = Math.max(clock.localMs, at);
  m.now = instant(Math.max(m.now, Math.floor(clock.localMs + clock.offsetMs)));
}

/** Measures clocks and round trips to these nodes; their answers come when they come. */
export function askTime(m: Machine, nodes: Iterable<NodeId>): void {
  sendAll(
    m,
    [...nodes].filter((node) => node !== m.self),
    "time-request",
    timeRequest,
    { at: m.clock.localMs },
  );
}

/** Somebody whose clock should be right: a sage, or a node of one's own scopes. */
export function askSomebody(m: Machine, live: Live): void {
  const sages = live.basis.manifest.sages.map((sage) => sage.id);
  const pool = nextInteger(m.random, 4) === 0 ? sages : sourcesOf(m, live);
  const node = pool[nextInteger(m.random, Math.max(1, pool.length))];
  if (node !== undefined) askTime(m, [node]);
}

export function onTimeRequest(
  m: Machine,
  _live: Live,
  body: codec.ShapeOf<typeof timeRequest>,
  signer: NodeId,
): Validity {
  send(m, signer, "time-answer", timeAnswer, { at: body.at, clock: m.now });
  return ACCEPT;
}

export function onTimeAnswer(m: Machine, live: Live, body: codec.ShapeOf<typeof timeAnswer>, signer: NodeId): Validity {
  const { clock } = m;
  const isSage = live.basis.manifest.sages.some((sage) => sage.id === signer);
  if (!isSage && !live.ledger.maps.members.has(signer)) return ignore("stranger");
  const rttMs = clock.localMs - body.at;
  if (rttMs < 0 || rttMs >= m.timing.deadMs) return ignore("too-late");
  noteRoundTrip(m, signer, rttMs);
  clock.samples.delete(signer);
  const [oldest] = clock.samples.keys();
  if (clock.samples.size >= CLOCK_SAMPLES_MAX && oldest !== undefined) clock.samples.delete(oldest);
  // Whole milliseconds on both sides: one more of doubt.
  const offsetMs = body.clock + rttMs / 2 - clock.localMs;
  clock.samples.set(signer, { offsetMs, errorMs: rttMs / 2 + 1, atMs: clock.localMs });
  correct(m, live);
  return ACCEPT;
}

export function noteRoundTrip(m: Machine, node: NodeId, rttMs: number): void {
  const peer = peerOf(m, node);
  peer.rttMs = peer.rttMs === null ? rttMs : peer.rttMs + (rttMs - peer.rttMs) * RTT_WEIGHT;
}

/** A sage's own clock is what the contest goes by; everybody else follows the median, its own among them. */
function correct(m: Machine, live: Live): void {
  if (live.basis.manifest.sages.some((sage) => sage.id === m.self)) return;
  const { clock } = m;
  const fresh = freshSamples(clock);
  // One answer alone is followed before the start only, and only a sage's: anybody else may lie.
  const isAlone = fresh.length === 1 && (m.now >= live.basis.startsAt || !hasSageSample(clock, live));
  if (isAlone) return;
  const own = fresh.length === 1 ? [] : [{ offsetMs: clock.targetMs, errorMs: 0 }];
  const sorted = [...fresh, ...own].sort((a, b) => a.offsetMs - b.offsetMs);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  if (low === undefined || high === undefined) return;
  const median = (low.offsetMs + high.offsetMs) / 2;
  const doubt = Math.max(low.errorMs, high.errorMs) + TOLERATED_MS;
  if (Math.abs(median - clock.targetMs) > doubt) clock.targetMs = Math.round(median);
}

function hasSageSample(clock: ClockState, live: Live): boolean {
  return live.basis.manifest.sages.some(({ id }) => {
    const sample = clock.samples.get(id);
    return sample !== undefined && clock.localMs - sample.atMs < SAMPLE_SERVES_MS;
  });
}

function freshSamples(clock: ClockState): readonly { readonly offsetMs: number; readonly errorMs: number }[] {
  return [...clock.samples.values()].filter((sample) => clock.localMs - sample.atMs < SAMPLE_SERVES_MS);
}

/** Within how many milliseconds the corrected clock agrees with half of the others; null before any answer. */
export function uncertaintyMs(m: Machine): number | null {
  const { clock } = m;
  const bounds = freshSamples(clock)
    .map((sample) => Math.abs(sample.offsetMs - clock.offsetMs) + sample.errorMs)
    .sort((a, b) => a - b);
  const bound = bounds[Math.floor((bounds.length - 1) / 2)];
  return bound === undefined ? null : Math.ceil(bound);
}
