/**
 * Invites: `dikast://<contest id>?sage=<multiaddr>&sage=…&token=…`. Short enough to be mailed; all else comes from the
 * sage, signed.
 */
import { type ContestId, type NodeId, parseHash, parseNodeId } from "../../model/index.ts";
import { ADDRESS_CHARACTERS_MAX } from "../network/limits.ts";

export interface Invite {
  readonly contest: ContestId;
  readonly sages: readonly { readonly id: NodeId; readonly addresses: readonly string[] }[];
  readonly token: string | null;
}

/** Of the protocol (docs/protocol.md); an invite without one is of version 1. */
const PROTOCOL_VERSION = "1";
const INVITE_CHARACTERS_MAX = 4_000;
const SAGE_ADDRESSES_MAX = 32;

export function formatInvite({ contest, sages, token }: Invite): string {
  const addresses = sages.flatMap(({ id, addresses }) => addresses.map((address) => `${address}/p2p/${id}`));
  const parts = addresses.slice(0, SAGE_ADDRESSES_MAX).map((address) => `sage=${address}`);
  if (token !== null) parts.push(`token=${encodeURIComponent(token)}`);
  return `dikast://${contest}?v=${PROTOCOL_VERSION}&${parts.join("&")}`;
}

/** The invite, or what is wrong with it in words. */
export function parseInvite(text: string): Invite | string {
  const trimmed = text.trim();
  if (trimmed.length > INVITE_CHARACTERS_MAX) return "it is too long";
  const match = /^dikast:\/\/([^?/]+)\/?\?(.*)$/.exec(trimmed);
  if (match === null) return "it does not begin with dikast:// and the contest's id";
  const contest = parseHash(match[1] ?? "");
  if (contest === undefined) return "the contest's id is not 64 hex digits";
  const sages = new Map<NodeId, string[]>();
  let token: string | null = null;
  for (const part of (match[2] ?? "").split("&")) {
    const [key, value] = split(part);
    if (key === "v" && value !== PROTOCOL_VERSION)
      return `this invite is of version ${value.slice(0, 20)} of the protocol, this dikast speaks ${PROTOCOL_VERSION}; install the version that the organizer uses`;
    if (key === "token") token = value;
    if (key !== "sage") continue;
    const sage = /^(\/.+)\/p2p\/([^/]+)$/.exec(value);
    const id = parseNodeId(sage?.[2] ?? "");
    if (sage === null || id === undefined || value.length > ADDRESS_CHARACTERS_MAX)
      return `"${value}" is no sage's address`;
    sages.set(id, [...(sages.get(id) ?? []), sage[1] as string]);
  }
  if (sages.size === 0) return "it names no sage";
  if (sages.size > SAGE_ADDRESSES_MAX) return "it names too many sages";
  return { contest: contest as ContestId, sages: [...sages].map(([id, addresses]) => ({ id, addresses })), token };
}

function split(part: string): [string, string] {
  const at = part.indexOf("=");
  const value = part.slice(at + 1);
  try {
    return [part.slice(0, Math.max(0, at)), decodeURIComponent(value)];
  } catch {
    return ["", value];
  }
}
