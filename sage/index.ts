/**
 * The organizer's side as one sans-IO machine per sage: registration, the admitted set that sages gossip, the roster
 * that a majority of them signs, the beacon's reveals, the start (protocol.md §2, §3).
 *
 * ```ts
 * const sage = restoreSage(config, recordsOfTheStore);
 * for (const effect of stepSage(sage, { type: "started", at })) carryOut(effect);
 * ```
 */
export { beaconChain, tipOf } from "./beacon-chain.ts";
export { claimedExpiryOf, expiringToken } from "./expiring-token.ts";
export type {
  RegistrationView,
  SageCommand,
  SageConfig,
  SageEffect,
  SageEvent,
  SageNotice,
  SageReply,
} from "./face.ts";
export {
  createSage,
  restoreSage,
  type SageState,
  SAGE_KINDS,
  SAGE_RECORDS,
  type SageView,
  stepSage,
  viewOfSage,
} from "./machine.ts";
