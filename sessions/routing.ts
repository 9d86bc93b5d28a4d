/** How a received message finds its handler, and what is checked before it does (protocol.md §1). */
import { codec, type NodeId, type SignedMessage, verifyMessage } from "../src/model/index.ts";
import type { Machine } from "./machine.ts";

export interface Validity {
  readonly outcome: "accept" | "ignore" | "reject";
  readonly code: string;
}

export const ACCEPT: Validity = { outcome: "accept", code: "ok" };

export function ignore(code: string): Validity {
  return { outcome: "ignore", code };
}

export function reject(code: string): Validity {
  return { outcome: "reject", code };
}

export interface Route {
  readonly bytesMax: number;
  /** Undefined: the signature was good and the handler's answer is `accept`. */
  readonly receive: (m: Machine, from: NodeId, message: SignedMessage) => Validity;
}

export interface RouteOf<T> {
  readonly shape: codec.Shape<T>;
  /** Of the body; nothing is parsed before. */
  readonly bytesMax: number;
  /** Proves itself by the signatures inside, whoever sends it: the outer one is not checked. */
  readonly selfCertifying?: boolean;
  /** Cheap reasons not to look further (not for us, known already), before the signature is checked. */
  readonly screen?: (m: Machine, body: T, signer: NodeId, from: NodeId) => Validity | undefined;
  /** The message is genuine; the signer's right to send it is the handler's to check. */
  readonly handle: (m: Machine, body: T, signer: NodeId, from: NodeId, message: SignedMessage) => Validity;
}

export function route<T>(definition: RouteOf<T>): Route {
  const { shape, bytesMax, screen, handle, selfCertifying = false } = definition;
  return {
    bytesMax,
    receive(m, from, message) {
      const { signer } = message;
      const body = codec.decode(shape, message.body, bytesMax);
      if (body === undefined) return reject("malformed");
      const screened = screen?.(m, body, signer, from);
      if (screened !== undefined) return screened;
      // What this node sent to itself it has just signed.
      const isTrusted = selfCertifying || (signer === m.self && from === m.self);
      if (!isTrusted && !verifyMessage(m.config.verifier, m.contest, message)) return reject("forged");
      return handle(m, body, signer, from, message);
    },
  };
}
