/** What goes into and comes out of a sage's machine. */
import type {
  Effect,
  Event,
  Hash,
  Instant,
  NodeId,
  PeerAddresses,
  SignedMessage,
  Signer,
  Verifier,
} from "../src/model/index.ts";

export interface SageConfig {
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly seed: bigint;
  /** The signed manifest; it names this sage. The contest id is its hash. */
  readonly manifest: SignedMessage;
  /** Own multiaddrs: what welcomed nodes are told. */
  readonly addresses: readonly string[];
  /** `beaconChain(secret, links)` of the committed tip; empty: this sage reveals nothing. */
  readonly chain: readonly Hash[];
  /** Whose commitment the chain is; none: this sage's own. */
  readonly seat?: NodeId;
  /** The invitation's token, for invitations that expire; null: whoever has the plain token only. */
  readonly token?: string | null;
  /** Without a start in the manifest: the contest opens by itself when so many nodes are registered; null: by command. */
  readonly openAtRegistered: number | null;
  /** From closing the registration to the start, for a contest opened by command or count. */
  readonly leadMs: number;
  /** Keys of the sealed bundles, released at the start. */
  readonly problemKeys: readonly { readonly problem: string; readonly key: Uint8Array }[];
  readonly timing?: Partial<SageTiming>;
}

export interface SageTiming {
  /** Admissions and proposals are sent again to the other sages this often. */
  readonly syncMs: number;
  /** With a start in the manifest: registration closes so long before it. */
  readonly closeLeadMs: number;
  /** A registered node unheard for so long is `absent` in the roster. */
  readonly absentMs: number;
  /** A ballot without a majority is followed by the next proposer's. */
  readonly ballotMs: number;
  /** After a reclaim, and at the start of a node that may have missed one: no roster is proposed for so long. */
  readonly listenMs: number;
  /** The reveal of a session is published so long before it starts; at most half a session. */
  readonly revealLeadMs: number;
}

export type SageCommand =
  /** Closes the registration and starts the contest in `inMs` (null: the configured lead). Answer: `opening` or `failed`. */
  | { readonly type: "open-contest"; readonly inMs: number | null }
  | { readonly type: "registrations" }
  /** Signs the seats of this sage over to another sage or a registered node. Answer: `transferred` or `failed`. */
  | { readonly type: "transfer"; readonly to: NodeId; readonly addresses: readonly string[] }
  /** Signs one seat back to the sage that the manifest names. Answer: `transferred` or `failed`. */
  | { readonly type: "give-back"; readonly seat: NodeId; readonly addresses: readonly string[] }
  /** Takes this sage's own seat back without its holder. Answer: `transferred` or `failed`. */
  | { readonly type: "reclaim"; readonly addresses: readonly string[] }
  | { readonly type: "ban"; readonly node: NodeId; readonly reason: string };

export type SageReply =
  | { readonly type: "opening" }
  | { readonly type: "registrations"; readonly registrations: readonly RegistrationView[] }
  | { readonly type: "done" }
  | { readonly type: "transferred"; readonly seats: readonly NodeId[]; readonly to: NodeId }
  | {
      readonly type: "failed";
      readonly code: "already-open" | "nobody-registered" | "unknown-node" | "no-authority" | "opening";
      readonly reason: string;
    };

export interface RegistrationView {
  readonly node: NodeId;
  readonly displayName: string;
  readonly role: "participant" | "juror";
  readonly at: Instant;
  readonly admittedBy: NodeId;
  readonly removed: boolean;
  /** Why it was removed; null: it was not. */
  readonly reason: string | null;
}

export type SageNotice =
  | { readonly type: "admitted"; readonly node: NodeId; readonly displayName: string; readonly registered: number }
  | { readonly type: "rejected"; readonly node: NodeId; readonly code: string; readonly reason: string }
  | { readonly type: "removed"; readonly node: NodeId; readonly reason: string }
  | { readonly type: "registration-closed"; readonly registered: number }
  | { readonly type: "roster-signed"; readonly epoch: number; readonly members: number; readonly startsAt: Instant }
  /** Of two rosters the own one counts nowhere else; `Notice` of the session machine. */
  | { readonly type: "roster-superseded" }
  | { readonly type: "revealed"; readonly session: number }
  | { readonly type: "keys-released"; readonly problems: number };

export type SageEvent = Event<SageCommand>;
export type SageEffect = Effect<SageNotice, SageReply>;
export type { PeerAddresses };
