/**
 * Whether this machine can take part, told so that a contestant knows what to do: `dikast doctor`, and the screen after joining.
 *
 * ```ts
 * const readiness = readinessOf([await diskCheck(directory, neededBytes), clockCheck(readings), await sandboxCheck(sandbox, manifest)]);
 * if (!readiness.ready) for (const { text, fix } of readiness.checks) …
 * ```
 */
export {
  bundlesCheck,
  type Check,
  clockCheck,
  diskCheck,
  peersCheck,
  reachCheck,
  type Readiness,
  readinessOf,
  registrationCheck,
  runtimeCheck,
} from "./checks.ts";
export { sandboxCheck } from "./sandbox-check.ts";
