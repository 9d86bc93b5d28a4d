/**
 * What sages tell each other beside the protocol's messages, over encrypted streams that only holders of a seat get an answer on: the
 * secrets of the contest for a new sage, and the state of a hand-over.
 *
 * ```ts
 * await serveSages(host, contest, source);
 * const credentials = await askForCredentials(host, contest, sage);
 * ```
 */
export { askAsNewcomer } from "./newcomer.ts";
export {
  askForCredentials,
  askForStatus,
  askToGiveBack,
  type Credentials,
  type SageSource,
  serveSages,
} from "./exchange.ts";
