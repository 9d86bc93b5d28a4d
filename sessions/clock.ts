/** The session clock (protocol.md §3): session `s` lasts `[start + s·L, start + (s+1)·L)`. It goes on after the contest's end, for what is pending. */
import { type Instant, later, type Manifest } from "../src/model/index.ts";

export interface SessionClock {
  readonly manifest: Pick<Manifest, "sessionMs">;
  readonly startsAt: Instant;
}

/** Undefined before the start. */
export function sessionAt(clock: SessionClock, at: Instant): number | undefined {
  return at < clock.startsAt ? undefined : Math.floor((at - clock.startsAt) / clock.manifest.sessionMs);
}

export function sessionStart(clock: SessionClock, session: number): Instant {
  return later(clock.startsAt, session * clock.manifest.sessionMs);
}
