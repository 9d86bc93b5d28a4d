/**
 * Invitations that expire: `<seconds since 1970, base 36>.<first 16 bytes of HMAC-SHA-256(token, seconds), hex>`. Every sage has the
 * token, so every sage can check them, and nobody else can make them.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../src/model/index.ts";

const FORM = /^([0-9a-z]{1,9})\.([0-9a-f]{32})$/;
const DOMAIN = "dikast/1/expiring-token/";

export function expiringToken(token: string, untilMs: number): string {
  const seconds = Math.floor(untilMs / 1000).toString(36);
  return `${seconds}.${proofOf(token, seconds)}`;
}

/** When a token made by {@link expiringToken} expires, in milliseconds since 1970; undefined unless it was made from this token. */
export function expiryOf(token: string, given: string | null): number | undefined {
  const match = FORM.exec(given ?? "");
  const seconds = match?.[1];
  if (seconds === undefined || match?.[2] !== proofOf(token, seconds)) return undefined;
  return Number.parseInt(seconds, 36) * 1000;
}

/** What the invitation claims, unchecked: for whoever has only the invitation. */
export function claimedExpiryOf(given: string | null): number | undefined {
  const seconds = FORM.exec(given ?? "")?.[1];
  return seconds === undefined ? undefined : Number.parseInt(seconds, 36) * 1000;
}

function proofOf(token: string, seconds: string): string {
  const utf8 = new TextEncoder();
  return toHex(hmac(sha256, utf8.encode(token), utf8.encode(DOMAIN + seconds)).slice(0, 16));
}
