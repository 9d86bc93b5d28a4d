/**
 * What an organizer's node makes of a contest folder, once: sealed bundles and their keys, the beacon's secret, the signed
 * manifest. Apart from the running node, so that participants need not load the readers of package formats.
 *
 * ```ts
 * const organized = (await loadOrganized(dataDirectory)) ?? (await organize({ dataDirectory, contest, signer, … }));
 * ```
 */
export { loadOrganized, organize, type OrganizedContest, OrganizerError, type OrganizeOptions } from "./organizer.ts";
