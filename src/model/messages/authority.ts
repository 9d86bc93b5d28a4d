/**
 * Who may speak as a sage (protocol.md §2 "Authority transfer"). The manifest names the seats; whoever holds one may sign it over to
 * another node, which may sign it back. The chain of these transfers is told to everybody along with the manifest.
 */
import { decode, integer, list, nodeId, type ShapeOf, struct, text } from "../codec.ts";
import type { ContestId, NodeId } from "../ids.ts";
import { signedMessage, type SignedMessage, type Verifier, verifyMessage } from "../signing.ts";
import { INSTANT_MAX, MULTIADDR_CHARACTERS_MAX, type Manifest } from "./manifest.ts";

export const AUTHORITY_KIND = "authority";
export const AUTHORITIES_KIND = "authorities";
export const AUTHORITY_BYTES_MAX = 8 * 1024;
/** Transfers of one seat. */
export const AUTHORITY_SERIAL_MAX = 100;
/** Transfers of all seats of a contest. */
export const AUTHORITIES_MAX = 256;
export const AUTHORITIES_BYTES_MAX = AUTHORITIES_MAX * 1024;

/** Signed by the seat's holder: from now on `to` holds it. */
export const authority = struct({
  /** The sage of the manifest whose seat it is. */
  seat: nodeId,
  /** 1 for the seat's first transfer; each one counts on. */
  serial: integer(1, AUTHORITY_SERIAL_MAX),
  to: nodeId,
  /** Where the new holder is dialled. */
  addresses: list(text(MULTIADDR_CHARACTERS_MAX), 8),
  at: integer(0, INSTANT_MAX),
});
export type Authority = ShapeOf<typeof authority>;

/** Anyone → anyone: every transfer so far; proves itself. */
export const authorities = struct({ messages: list(signedMessage, AUTHORITIES_MAX) });

/** The seats of a contest and who holds them. */
export class Seats {
  readonly #seats: readonly NodeId[];
  readonly #holders = new Map<NodeId, NodeId>();
  readonly #ever = new Map<NodeId, Set<NodeId>>();
  readonly #addresses = new Map<NodeId, readonly string[]>();
  readonly #chain: SignedMessage[] = [];
  readonly #serials = new Map<NodeId, number>();

  constructor(manifest: Pick<Manifest, "sages">) {
    this.#seats = manifest.sages.map(({ id }) => id).sort();
    for (const { id, addresses } of manifest.sages) {
      this.#holders.set(id, id);
      this.#ever.set(id, new Set([id]));
      this.#addresses.set(id, addresses);
    }
  }

  /** Sorted. */
  get seats(): readonly NodeId[] {
    return this.#seats;
  }

  /** Every transfer, in an order in which it can be applied. */
  get chain(): readonly SignedMessage[] {
    return this.#chain;
  }

  /** Who speaks as a sage now; sorted, each once. */
  holders(): readonly NodeId[] {
    return [...new Set(this.#holders.values())].sort();
  }

  holderOf(seat: NodeId): NodeId | undefined {
    return this.#holders.get(seat);
  }

  /** What a node holds now; sorted. */
  heldBy(node: NodeId): readonly NodeId[] {
    return this.#seats.filter((seat) => this.#holders.get(seat) === node);
  }

  /** Whether what a node signed as a sage counts: it is one, or was when it signed. */
  wasSage(node: NodeId): boolean {
    return this.#ever.has(node);
  }

  addressesOf(node: NodeId): readonly string[] {
    return this.#addresses.get(node) ?? [];
  }

  nextSerial(seat: NodeId): number {
    return (this.#serials.get(seat) ?? 0) + 1;
  }

  /** Whether these nodes speak for more than half of the seats. */
  areMajority(voters: Iterable<NodeId>): boolean {
    const seats = new Set([...voters].flatMap((voter) => [...(this.#ever.get(voter) ?? [])]));
    return seats.size * 2 > this.#seats.length;
  }

  /** Takes a transfer in. False unless it is the next one of its seat, genuine, and signed by the holder. */
  apply(message: SignedMessage, verifier: Verifier, contest: ContestId): boolean {
    if (message.kind !== AUTHORITY_KIND || this.#chain.length >= AUTHORITIES_MAX) return false;
    const value = decode(authority, message.body, AUTHORITY_BYTES_MAX);
    if (value === undefined || value.serial !== this.nextSerial(value.seat) || value.to === message.signer)
      return false;
    if (this.#holders.get(value.seat) !== message.signer) return false;
    if (!verifyMessage(verifier, contest, message)) return false;
    this.#holders.set(value.seat, value.to);
    this.#serials.set(value.seat, value.serial);
    this.#ever.set(value.to, new Set([...(this.#ever.get(value.to) ?? []), value.seat]));
    if (value.addresses.length > 0) this.#addresses.set(value.to, value.addresses);
    this.#chain.push(message);
    return true;
  }
}
