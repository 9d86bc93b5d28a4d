/** Every message of the protocol: its shape, its bounds, its kind. One file per subject. */
export * from "./manifest.ts";
export * from "./registration.ts";
export * from "./roster.ts";
