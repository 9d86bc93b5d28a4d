/** Every message of the protocol: its shape, its bounds, its kind. One file per subject. */
export * from "./authority.ts";
export * from "./election.ts";
export * from "./evaluation.ts";
export * from "./evidence.ts";
export * from "./liveness.ts";
export * from "./log.ts";
export * from "./manifest.ts";
export * from "./orders.ts";
export * from "./recovery.ts";
export * from "./registration.ts";
export * from "./roster.ts";
