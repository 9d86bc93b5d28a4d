/** What a sage does when its time has come: opening, keys at the start, one reveal ahead of each session (protocol.md §2, §3). */
import { type Instant, later, reveal } from "../src/model/index.ts";
import { keysMessage } from "./registration.ts";
import { isSage, type Sage, setTimer, signed } from "./state.ts";

export const OPEN_TIMER = "sage/open";
export const REVEAL_TIMER = "sage/reveal";
export const KEYS_TIMER = "sage/keys";

export function scheduleOpening(s: Sage): void {
  if (s.certificate !== null || s.manifest.startsAt === null || !isSage(s)) return;
  setTimer(s, OPEN_TIMER, s.manifest.startsAt - s.timing.closeLeadMs - s.now);
}

/** Keys at the start; one reveal ahead of each session. */
export function scheduleContest(s: Sage): void {
  if (s.roster === null) return;
  const { startsAt } = s.roster;
  setTimer(s, KEYS_TIMER, startsAt - s.now);
  const { sessionMs } = s.manifest;
  const leadMs = Math.min(s.timing.revealLeadMs, sessionMs / 2);
  const next = Math.max(1, Math.floor((s.now + leadMs - startsAt) / sessionMs) + 1);
  s.effects.push({ type: "set-timer", timer: REVEAL_TIMER, at: later(startsAt as Instant, next * sessionMs - leadMs) });
}

export function releaseKeys(s: Sage): void {
  if (s.roster === null || s.now < s.roster.startsAt || s.config.problemKeys.length === 0) return;
  if (!s.keysReleased) {
    const { length } = s.config.problemKeys;
    s.effects.push({ type: "notify", notice: { type: "keys-released", problems: length } });
  }
  s.keysReleased = true;
  s.effects.push({ type: "publish", message: keysMessage(s) });
  // Again a few times: gossip may lose its first messages; later ones ask.
  if (s.now - s.roster.startsAt < KEYS_REPEATED_MS) setTimer(s, KEYS_TIMER, KEYS_REPEATED_MS / 4);
}

const KEYS_REPEATED_MS = 4000;

/** The preimage of the session about to start (protocol.md §3). */
export function revealNext(s: Sage): void {
  if (s.roster === null) return;
  const { sessionMs } = s.manifest;
  const leadMs = Math.min(s.timing.revealLeadMs, sessionMs / 2);
  const session = Math.floor((s.now + leadMs - s.roster.startsAt) / sessionMs);
  const preimage = s.config.chain[session + 1];
  const seat = s.config.seat ?? s.self;
  if (session > s.revealed && preimage !== undefined && s.seats.holderOf(seat) === s.self) {
    s.revealed = session;
    s.effects.push({ type: "publish", message: signed(s, "reveal", reveal, { sage: seat, session, preimage }) });
    s.effects.push({ type: "notify", notice: { type: "revealed", session } });
  }
  scheduleContest(s);
}
