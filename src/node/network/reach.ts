/** Finds out whether others can dial this node, and takes a place at a relay when they cannot. */
import type { NodeId } from "../../model/index.ts";
import type { Host } from "./host.ts";
import { askReachability, portsOf } from "./reachability.ts";
import { isRelayed, type Relays } from "./relays.ts";

export type RelayUse = "auto" | "always" | "never";

export interface ReachStatus {
  /** Whether a sage could dial this node; null: not known yet. */
  readonly direct: boolean | null;
  /** What a sage sees of this node, such as `/ip4/192.0.2.7`; null: not known. */
  readonly observed: string | null;
  /** Own addresses through relays. */
  readonly relayed: readonly string[];
}

interface KnownSage {
  readonly id: NodeId;
  readonly addresses: readonly string[];
}

/** The first seconds belong to registration and the first elections. */
const FIRST_MS = 1_500;
const AGAIN_UNKNOWN_MS = 5_000;
/** Routers are restarted, laptops moved. */
const AGAIN_UNREACHABLE_MS = 60_000;
const AGAIN_REACHABLE_MS = 10 * 60_000;
const RESERVE_EVERY_MS = 3_000;

export class Reach {
  readonly #host: Host;
  readonly #relays: Relays;
  readonly #use: RelayUse;
  readonly #onRelayed: () => void;
  readonly #sages: () => readonly KnownSage[];
  #direct: boolean | null = null;
  #observed: string | null = null;
  #nextCheckMs = Date.now() + FIRST_MS;
  #nextReserveMs = 0;
  #busy = false;
  #serves = false;

  /** `sages`: those this node is connected to; `onRelayed`: there is a new address to tell. */
  constructor(host: Host, relays: Relays, use: RelayUse, sages: () => readonly KnownSage[], onRelayed: () => void) {
    this.#onRelayed = onRelayed;
    this.#host = host;
    this.#relays = relays;
    this.#use = use;
    this.#sages = sages;
  }

  status(): ReachStatus {
    return { direct: this.#direct, observed: this.#observed, relayed: this.#relays.addresses() };
  }

  /** A sage must be reachable by itself. */
  serves(): void {
    this.#serves = true;
  }

  onTick(nowMs: number): void {
    if (this.#busy || this.#serves) return;
    const sages = this.#sages();
    const sage = sages[Math.floor(Math.random() * sages.length)];
    if (sage === undefined) return;
    if (nowMs >= this.#nextCheckMs) void this.#check(sage);
    else if (this.#wantsRelay() && nowMs >= this.#nextReserveMs && this.#relays.addresses().length === 0)
      void this.#reserve(sage);
  }

  #wantsRelay(): boolean {
    return this.#use === "always" || (this.#use === "auto" && this.#direct === false);
  }

  async #check(sage: KnownSage): Promise<void> {
    this.#busy = true;
    const ports = portsOf(
      this.#host
        .getMultiaddrs()
        .map(String)
        .filter((address) => !isRelayed(address)),
    );
    const found = await askReachability(this.#host, sage.id, ports);
    if (found !== undefined) {
      this.#direct = found.open.length > 0;
      this.#observed = found.observed;
    }
    const pauseMs =
      found === undefined ? AGAIN_UNKNOWN_MS : this.#direct === true ? AGAIN_REACHABLE_MS : AGAIN_UNREACHABLE_MS;
    this.#nextCheckMs = Date.now() + pauseMs;
    this.#busy = false;
  }

  async #reserve(sage: KnownSage): Promise<void> {
    this.#busy = true;
    const direct = sage.addresses.find((address) => !isRelayed(address));
    if (direct !== undefined && (await this.#relays.reserve(`${direct}/p2p/${sage.id}`))) this.#onRelayed();
    this.#nextReserveMs = Date.now() + RESERVE_EVERY_MS;
    this.#busy = false;
  }
}
