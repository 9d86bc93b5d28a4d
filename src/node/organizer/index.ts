/**
 * What an organizer's node makes of a contest folder, once: sealed bundles and their keys, the beacon's secret, the signed
 * manifest. Apart from the running node, so that participants need not load the readers of package formats.
 *
 * ```ts
 * const organized = (await loadOrganized(dataDirectory)) ?? (await organize({ dataDirectory, contest, signer, … }));
 * ```
 */
export {
  adoptBundles,
  type ContestPlan,
  type ContestSource,
  openContestSource,
  type PackedContest,
} from "./contest-source.ts";
export { cardYaml, loadCard, sageCard, type SageCard } from "./card.ts";
export { OrganizerError } from "./errors.ts";
export { keepOrganized, loadOrganized, organize, type OrganizedContest, type OrganizeOptions } from "./organizer.ts";
