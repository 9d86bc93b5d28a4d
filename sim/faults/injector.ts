/** Carries a list of faults out on a world. */
import { unreachable } from "../../src/model/index.ts";
import type { World } from "../world/world.ts";
import type { Fault, FaultType } from "./fault.ts";

/** Who leads, as far as the world knows; undefined when nobody is known to. */
export type LeaderLookup = (cluster: number | null) => number | undefined;

export class FaultInjector {
  readonly #world: World;
  readonly #leaderOf: LeaderLookup;
  /** Faults that hold each node down or stopped: it goes on when the last one ends. */
  readonly #down: Int32Array;
  readonly #paused: Int32Array;
  /** Factors of latency that hold now. */
  readonly #slowdowns: number[] = [];
  readonly #counts = new Map<FaultType, number>();
  /** Raised when the liveness phase begins: what is still to come does nothing. */
  #over = false;

  constructor(world: World, leaderOf: LeaderLookup) {
    this.#world = world;
    this.#leaderOf = leaderOf;
    this.#down = new Int32Array(world.hosts.length);
    this.#paused = new Int32Array(world.hosts.length);
  }

  /** How many faults of each type really happened. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  schedule(faults: readonly Fault[]): void {
    for (const fault of faults) {
      this.#world.at(fault.atMs * 1000, () => {
        if (!this.#over) this.#inject(fault);
      });
    }
  }

  /** No more faults; the network heals and everybody not in `leftDown` goes on. */
  heal(leftDown: readonly number[]): void {
    this.#over = true;
    this.#world.network.healAll();
    for (const host of this.#world.hosts) {
      host.disk.slowdownMicros = 0;
      if (host.status === "paused") this.#world.resume(host.index);
      if (leftDown.includes(host.index)) this.#world.crash(host.index);
      else if (host.status === "down") this.#world.start(host.index);
    }
    this.#world.linksChanged();
  }

  #inject(fault: Fault): void {
    if (this.#carryOut(fault)) this.#counts.set(fault.type, (this.#counts.get(fault.type) ?? 0) + 1);
  }

  /** False when there was nothing to do it to. */
  #carryOut(fault: Fault): boolean {
    switch (fault.type) {
      case "crash":
      case "churn":
        return this.#crash(fault.node, fault.downMs);
      case "wipe":
        return this.#crash(fault.node, fault.downMs, "wipe");
      case "crash-all":
        for (const host of this.#world.hosts) this.#crash(host.index, fault.downMs[host.index] ?? 1000);
        return true;
      case "crash-leader":
        return this.#withLeader(fault.cluster, (node) => this.#crash(node, fault.downMs));
      case "pause-leader":
        return this.#withLeader(fault.cluster, (node) => this.#pause(node, fault.forMs));
      case "isolate-leader":
        return this.#withLeader(fault.cluster, (node) => this.#cut([node], false, fault.forMs));
      case "pause":
        return this.#pause(fault.node, fault.forMs);
      case "partition":
        return this.#cut(fault.side, fault.oneWay, fault.forMs);
      case "flapping":
        for (let time = 0; time < fault.times; time += 1) {
          this.#later(time * 2 * fault.periodMs, () => this.#cut(fault.side, false, fault.periodMs));
        }
        return true;
      case "loss":
        this.#world.network.extraLoss += fault.extra;
        this.#later(fault.forMs, () => {
          this.#world.network.extraLoss -= fault.extra;
        });
        return true;
      case "slow-network":
        this.#slow(fault.factor, fault.forMs);
        return true;
      case "slow-disk": {
        const disk = this.#world.hosts[fault.node]?.disk;
        if (disk === undefined) return false;
        disk.slowdownMicros = fault.micros;
        this.#later(fault.forMs, () => {
          disk.slowdownMicros = 0;
        });
        return true;
      }
      case "clock-jump":
        this.#world.hosts[fault.node]?.clock.jump(fault.byMs);
        return true;
      default:
        return unreachable(fault);
    }
  }

  #withLeader(cluster: number | null, act: (node: number) => boolean): boolean {
    const node = this.#leaderOf(cluster);
    return node !== undefined && act(node);
  }

  /**
   * Of several the slowest counts: their product would put messages minutes behind, in order before all that follow them on
   * their connection, and no network does that to a connection that stays open.
   */
  #slow(factor: number, forMs: number): void {
    const { network } = this.#world;
    this.#slowdowns.push(factor);
    network.latencyFactor = Math.max(...this.#slowdowns);
    this.#later(forMs, () => {
      this.#slowdowns.splice(this.#slowdowns.indexOf(factor), 1);
      network.latencyFactor = Math.max(1, ...this.#slowdowns);
    });
  }

  /** What ends a fault; the liveness phase has ended all of them already. */
  #later(ms: number, run: () => void): void {
    this.#world.after(Math.max(1, Math.round(ms * 1000)), () => {
      if (!this.#over) run();
    });
  }

  #crash(node: number, downMs: number, disk: "keep" | "wipe" = "keep"): boolean {
    const host = this.#world.hosts[node];
    if (host === undefined) return false;
    this.#world.crash(node, disk);
    this.#down[node] = (this.#down[node] as number) + 1;
    this.#later(downMs, () => {
      this.#down[node] = (this.#down[node] as number) - 1;
      if (this.#down[node] === 0) this.#world.start(node);
    });
    return true;
  }

  #pause(node: number, forMs: number): boolean {
    if (this.#world.hosts[node]?.status === "down") return false;
    this.#world.pause(node);
    this.#paused[node] = (this.#paused[node] as number) + 1;
    this.#later(forMs, () => {
      this.#paused[node] = (this.#paused[node] as number) - 1;
      if (this.#paused[node] === 0) this.#world.resume(node);
    });
    return true;
  }

  #cut(side: readonly number[], oneWay: boolean, forMs: number): boolean {
    const sides = new Uint8Array(this.#world.hosts.length);
    for (const node of side) sides[node] = 1;
    const cut = this.#world.network.cut({ side: sides, oneWay });
    this.#world.linksChanged();
    this.#later(forMs, () => {
      this.#world.network.heal(cut);
      this.#world.linksChanged();
    });
    return true;
  }
}
