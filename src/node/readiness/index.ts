/**
 * Whether this machine can take part, told so that a contestant knows what to do: `dikast doctor`, and the screen after joining.
 *
 * ```ts
 * const readiness = readinessOf([await diskCheck(directory, neededBytes), clockCheck(readings), await sandboxCheck(sandbox, manifest)]);
 * if (!readiness.ready) for (const { text, fix } of readiness.checks) …
 * ```
 */
import type { Invite } from "../config/index.ts";
import type { Check } from "./checks.ts";

export {
  bundlesCheck,
  type Check,
  clockCheck,
  diskCheck,
  peersCheck,
  reachCheck,
  type Readiness,
  type Registration,
  readinessOf,
  registrationCheck,
  runtimeCheck,
} from "./checks.ts";
export { type DiskLevel, DiskWatch } from "./disk-watch.ts";
/** Loads the network's libraries when it is called. */
export async function probeContest(invite: Invite, listen: readonly string[]): Promise<readonly Check[]> {
  const { probe } = await import("./probe.ts");
  return await probe(invite, listen);
}
export { sandboxCheck } from "./sandbox-check.ts";
