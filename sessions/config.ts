/** What the driver hands to a node's machine. */
import type {
  Capabilities,
  ContestId,
  NodeId,
  RosterCertificate,
  SignedMessage,
  Signer,
  Verifier,
} from "../src/model/index.ts";
import type { Timing } from "./timing.ts";

/**
 * participant: registers, submits and (as the manifest says) evaluates · juror: registers and only evaluates · observer:
 * follows the log without registering · sage: as observer, beside the sage machine of the same node, which hands it what
 * it publishes.
 */
export type NodeRole = "participant" | "juror" | "observer" | "sage";

export interface ParticipantConfig {
  readonly contest: ContestId;
  readonly signer: Signer;
  readonly verifier: Verifier;
  /** Seed of all randomness that need not be secret. */
  readonly seed: bigint;
  /** Secret random bytes, for nonces that others must not guess. */
  readonly secretBytes: (length: number) => Uint8Array;
  readonly role: NodeRole;
  /** At most 60 characters. Unused by observers. */
  readonly displayName: string;
  /** The invitation's token, for contests that ask for one. */
  readonly token: string | null;
  /** Region hint, at most 32 characters; empty: none. */
  readonly region: string;
  /** Own multiaddrs, told to the sage. */
  readonly addresses: readonly string[];
  readonly capabilities: Capabilities;
  /** The sages of the invitation, asked until the manifest (which names all) is known. */
  readonly sages: readonly NodeId[];
  /** Known from the start by sages and in tests; others receive it with their admission. */
  readonly manifest?: SignedMessage;
  /** Already agreed roster, for simulations too large to gossip it. Trusted: not verified again. */
  readonly roster?: RosterCertificate;
  readonly timing?: Partial<Timing>;
  /**
   * For the simulator: whether to do at this site what is allowed but would seldom happen. Absent in production. Answers
   * from a seeded generator, so that runs can be repeated.
   */
  readonly maybe?: (site: string) => boolean;
  /** Seals questions and private answers for their readers; without it they are open in the log. */
  readonly letterBox?: LetterBox;
}

export interface LetterBox {
  /** `plain` is at most 16 KiB; at most 40 readers. */
  readonly seal: (readers: readonly NodeId[], plain: Uint8Array) => Uint8Array;
  /** Undefined when it is not for this node, or damaged. */
  readonly open: (box: Uint8Array) => Uint8Array | undefined;
}
