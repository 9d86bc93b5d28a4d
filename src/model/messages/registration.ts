/** Registration with a sage (protocol.md §2). */
import { bytes, hash, integer, list, nodeId, nullable, oneOf, type ShapeOf, struct, text } from "../codec.ts";
import { LANGUAGES } from "../language.ts";
import { signedMessage } from "../signing.ts";
import { INSTANT_MAX, MULTIADDR_CHARACTERS_MAX } from "./manifest.ts";

export const REGISTER_BYTES_MAX = 8 * 1024;
export const DISPLAY_NAME_CHARACTERS_MAX = 60;
/** No control characters, no surrounding white space: names appear on terminals and boards. */
export const DISPLAY_NAME = /^(?! )[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+(?<! )$/u;
/** What makes two names one: neither letter case nor width nor spaces tell teams apart. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ");
}

/** The name, or the name with a number behind it where its key is taken; takes the key. */
export function distinctName(taken: Set<string>, name: string): string {
  let distinct = name;
  for (let count = 2; taken.has(nameKey(distinct)); count += 1) {
    const suffix = ` (${count})`;
    // Whole characters: half of a pair would be no text.
    const kept = Array.from(name).slice(0, DISPLAY_NAME_CHARACTERS_MAX - suffix.length);
    distinct = kept.join("").trimEnd() + suffix;
  }
  taken.add(nameKey(distinct));
  return distinct;
}

export const ADDRESSES_MAX = 8;
export const SLOTS_MAX = 1024;

export const ROLES = ["participant", "juror"] as const;
export type Role = (typeof ROLES)[number];

export const capabilities = struct({
  /** Languages this node can evaluate, in the order of `LANGUAGES`; empty: it does not evaluate. */
  languages: list(oneOf(LANGUAGES), LANGUAGES.length),
  judgeProfile: hash,
  /** Evaluations at a time. */
  slots: integer(0, SLOTS_MAX),
});
export type Capabilities = ShapeOf<typeof capabilities>;

/** node → sage. The same request may be sent again and again; a newer one (`at`) replaces an older one. */
export const register = struct({
  at: integer(0, INSTANT_MAX),
  displayName: text(DISPLAY_NAME_CHARACTERS_MAX, DISPLAY_NAME),
  role: oneOf(ROLES),
  capabilities,
  region: text(32),
  addresses: list(text(MULTIADDR_CHARACTERS_MAX), ADDRESSES_MAX),
  token: nullable(text(200)),
});
export type Register = ShapeOf<typeof register>;

/** A sage's signed word that a node belongs to the contest; the grow-only set that sages gossip. */
export const admission = struct({
  node: nodeId,
  at: integer(0, INSTANT_MAX),
  displayName: text(DISPLAY_NAME_CHARACTERS_MAX, DISPLAY_NAME),
  role: oneOf(ROLES),
  capabilities,
  region: text(32),
});
export type Admission = ShapeOf<typeof admission>;

/** A node's withdrawal (signed by itself) or ban (signed by a sage); it wins over every admission. */
export const removal = struct({ node: nodeId, at: integer(0, INSTANT_MAX), reason: text(200) });
export type Removal = ShapeOf<typeof removal>;

export const REJECTIONS = [
  "closed",
  "not-open-yet",
  "wrong-token",
  "expired",
  "not-allowed",
  "name-taken",
  "banned",
  "wrong-profile",
  "clock",
  "full",
] as const;
export type Rejection = (typeof REJECTIONS)[number];

/** sage → node. */
export const rejected = struct({ node: nodeId, code: oneOf(REJECTIONS), reason: text(300) });

export const PEERS_IN_WELCOME_MAX = 32;
export const peerAddresses = struct({
  peer: nodeId,
  addresses: list(text(MULTIADDR_CHARACTERS_MAX), ADDRESSES_MAX),
});
export type PeerAddresses = ShapeOf<typeof peerAddresses>;

export const WELCOME_BYTES_MAX = 512 * 1024;
/** sage → node: the admission with everything a new node needs. The roster follows as its own message once it exists. */
export const welcome = struct({
  admission: signedMessage,
  manifest: signedMessage,
  peers: list(peerAddresses, PEERS_IN_WELCOME_MAX),
  registered: integer(0, 10_000_000),
});

/** Anyone → sage or peer: send me what decides the contest so far (manifest, roster, keys). */
export const contestRequest = struct({ nonce: bytes(16, 16) });

export const ADMISSION_KIND = "admission";
export const REMOVAL_KIND = "removal";
export const ADMISSIONS_GOSSIPED_MAX = 500;
export const ADMISSIONS_BYTES_MAX = 512 * 1024;
/** sage ↔ sage: signed admissions and removals; merged into the grow-only set. */
export const admissions = struct({ messages: list(signedMessage, ADMISSIONS_GOSSIPED_MAX) });
