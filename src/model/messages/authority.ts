/**
 * Who may speak as a sage (protocol.md §2 "Authority transfer"). The manifest names the seats; whoever holds one may sign it over to
 * another node, which may sign it back. Where that one is gone, the seat's own key takes it back without it: a reclaim, which outranks
 * every transfer before it. The chain of all this is told to everybody along with the manifest.
 */
import { decode, hash, integer, list, nodeId, nullable, type ShapeOf, struct, text } from "../codec.ts";
import type { ContestId, Hash, NodeId } from "../ids.ts";
import { signedMessage, type SignedMessage, type Verifier, verifyMessage } from "../signing.ts";
import { INSTANT_MAX, MULTIADDR_CHARACTERS_MAX, type Manifest } from "./manifest.ts";

export const AUTHORITY_KIND = "authority";
export const AUTHORITIES_KIND = "authorities";
export const AUTHORITY_BYTES_MAX = 8 * 1024;
/** Serials of one reign: a reclaim begins the next one, so it counts whatever was signed before and was not heard of. */
export const REIGN_SERIALS = 1000;
/** Transfers of one seat in one reign. */
export const TRANSFERS_MAX = 100;
/** Reclaims of one seat. */
export const RECLAIMS_MAX = 16;
export const AUTHORITY_SERIAL_MAX = RECLAIMS_MAX * REIGN_SERIALS + TRANSFERS_MAX;
/** Of all seats of a contest. */
export const AUTHORITIES_MAX = 256;
/** The rest is for reclaims: no holder fills the chain to keep its seat. */
const ALL_TRANSFERS_MAX = 192;
export const AUTHORITIES_BYTES_MAX = AUTHORITIES_MAX * 1024;

/** Signed by the seat's holder: from now on `to` holds it. Signed by the seat's own key for itself: a reclaim. */
export const authority = struct({
  /** The sage of the manifest whose seat it is. */
  seat: nodeId,
  /** 1 for the seat's first transfer; each one counts on. A reclaim's is the next multiple of {@link REIGN_SERIALS}. */
  serial: integer(1, AUTHORITY_SERIAL_MAX),
  to: nodeId,
  /** Where the new holder is dialled. */
  addresses: list(text(MULTIADDR_CHARACTERS_MAX), 8),
  at: integer(0, INSTANT_MAX),
  /** A reclaim's: the roster that its signer knows; votes of earlier holders count for no other one. Null: none, or no reclaim. */
  roster: nullable(hash),
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
  /** By seat, since it was reclaimed: whoever held it from then on, and the roster that still counts from before. */
  readonly #reigns = new Map<NodeId, { readonly holders: Set<NodeId>; readonly roster: Hash | null }>();

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

  /** The serial with which its own key takes a seat back. */
  nextReclaim(seat: NodeId): number {
    return (Math.floor((this.#serials.get(seat) ?? 0) / REIGN_SERIALS) + 1) * REIGN_SERIALS;
  }

  get lastReclaimed(): NodeId | null {
    return [...this.#reigns.keys()].at(-1) ?? null;
  }

  wasReclaimed(seat: NodeId): boolean {
    return this.#reigns.has(seat);
  }

  /** Whether these signers of a roster speak for more than half of the seats; holders before a reclaim only for the roster that it names. */
  maySign(roster: Hash, voters: readonly NodeId[]): boolean {
    const seats = this.#seats.filter((seat) => {
      const reign = this.#reigns.get(seat);
      return voters.some(
        (voter) =>
          this.#ever.get(voter)?.has(seat) === true &&
          (reign === undefined || reign.roster === roster || reign.holders.has(voter)),
      );
    });
    return seats.length * 2 > this.#seats.length;
  }

  /** Whether these nodes speak, or spoke, for more than half of the seats. */
  areMajority(voters: Iterable<NodeId>): boolean {
    const seats = new Set([...voters].flatMap((voter) => [...(this.#ever.get(voter) ?? [])]));
    return seats.size * 2 > this.#seats.length;
  }

  /** Takes a transfer in. False unless it is the next one of its seat, genuine, and signed by the holder; or a reclaim. */
  apply(message: SignedMessage, verifier: Verifier, contest: ContestId): boolean {
    if (message.kind !== AUTHORITY_KIND) return false;
    const value = decode(authority, message.body, AUTHORITY_BYTES_MAX);
    if (value === undefined || !this.#isNext(value, message.signer)) return false;
    if (!verifyMessage(verifier, contest, message)) return false;
    const { seat, serial, to, addresses, roster } = value;
    this.#holders.set(seat, to);
    this.#serials.set(seat, serial);
    this.#ever.set(to, new Set([...(this.#ever.get(to) ?? []), seat]));
    if (isReclaim(value, message.signer)) {
      // Anew, so that the last one comes last.
      this.#reigns.delete(seat);
      this.#reigns.set(seat, { holders: new Set([seat]), roster });
    } else this.#reigns.get(seat)?.holders.add(to);
    if (addresses.length > 0) this.#addresses.set(to, addresses);
    this.#chain.push(message);
    return true;
  }

  #isNext(value: Authority, signer: NodeId): boolean {
    const { seat, serial, to } = value;
    if (isReclaim(value, signer))
      return (
        this.#holders.has(seat) &&
        serial % REIGN_SERIALS === 0 &&
        serial >= this.nextSerial(seat) &&
        this.#chain.length < AUTHORITIES_MAX
      );
    return (
      to !== signer &&
      serial === this.nextSerial(seat) &&
      serial % REIGN_SERIALS <= TRANSFERS_MAX &&
      this.#holders.get(seat) === signer &&
      this.#chain.length < ALL_TRANSFERS_MAX
    );
  }
}

/** Whether the seat's own key takes it back without whoever holds it. */
export function isReclaim({ seat, to }: Authority, signer: NodeId): boolean {
  return seat === signer && to === signer;
}
