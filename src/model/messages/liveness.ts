/** Heartbeats, echoes and finding the way back (protocol.md §8). */
import { integer, list, nodeId, nullable, type ShapeOf, struct } from "../codec.ts";
import { leaderCertificate, logHead, ROUNDS_MAX, scope } from "./election.ts";
import { INSTANT_MAX } from "./manifest.ts";
import { SESSIONS_MAX } from "./roster.ts";

export const DEAD_REPORTED_MAX = 255;
export const LIVENESS_BYTES_MAX = 32 * 1024;

/** leader → members of its scope. */
export const heartbeat = struct({
  cluster: scope,
  session: integer(0, SESSIONS_MAX),
  round: integer(0, ROUNDS_MAX),
  /** The leader's clock, given back by the echo: measures the round trip. */
  at: integer(0, INSTANT_MAX),
  /** Its committed head: who is behind asks for the rest. */
  head: logHead,
});
export type Heartbeat = ShapeOf<typeof heartbeat>;

/** member → leader. */
export const echo = struct({
  cluster: scope,
  session: integer(0, SESSIONS_MAX),
  round: integer(0, ROUNDS_MAX),
  at: integer(0, INSTANT_MAX),
  /** Cluster leader → central leader: its members that are dead. */
  dead: list(nodeId, DEAD_REPORTED_MAX),
});

/** A node that came back, or hears nobody: who leads? Also tells the central leader that a node thought dead is there. */
export const hello = struct({ session: integer(0, SESSIONS_MAX), head: logHead });
export const bearings = struct({
  central: nullable(leaderCertificate),
  cluster: nullable(leaderCertificate),
  head: logHead,
});
export const BEARINGS_BYTES_MAX = 192 * 1024;

/** Anyone → anyone: what does your clock read (§3)? `at` is the asker's own reading and comes back unchanged. */
export const timeRequest = struct({ at: integer(0, INSTANT_MAX) });
export const timeAnswer = struct({ at: integer(0, INSTANT_MAX), clock: integer(0, INSTANT_MAX) });
