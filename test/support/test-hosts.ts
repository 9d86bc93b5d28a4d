/**
 * Hosts of a test's own on this machine: Linux network namespaces with addresses of their own, joined by bridges that the
 * test can part and join again. Packets between parted hosts vanish, as they do when a cable is cut; nothing is told to either end.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import type { TestContext } from "node:test";

const SUBNET = "10.213.7";
const BRIDGES = ["west", "east"] as const;

function ip(...args: readonly string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** Why this machine cannot have such hosts; undefined when it can. */
export function hostsMissing(): string | undefined {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  if (process.getuid?.() !== 0) return "making network namespaces needs root";
  const probe = `dk${process.pid}p`;
  try {
    ip("netns", "add", probe);
    ip("netns", "del", probe);
    return undefined;
  } catch (error) {
    return `no network namespaces here: ${(error as Error).message.trim()}`;
  }
}

export class TestHosts {
  readonly #prefix = `dk${process.pid}`;
  readonly #names: readonly string[];

  /** All see each other; they go with the test, processes included. */
  constructor(t: TestContext, names: readonly string[]) {
    this.#names = names;
    t.after(() => this.#remove());
    // The bridges are in a namespace as well: nothing of this shows outside.
    ip("netns", "add", this.#switch);
    for (const bridge of BRIDGES) {
      ip("-n", this.#switch, "link", "add", bridge, "type", "bridge");
      ip("-n", this.#switch, "link", "set", bridge, "up");
    }
    names.forEach((name, index) => {
      const space = this.#space(name);
      ip("netns", "add", space);
      ip("-n", this.#switch, "link", "add", this.#port(name), "type", "veth", "peer", "name", "eth0", "netns", space);
      ip("-n", this.#switch, "link", "set", this.#port(name), "master", "west", "up");
      ip("-n", space, "addr", "add", `${SUBNET}.${index + 1}/24`, "dev", "eth0");
      for (const device of ["lo", "eth0"]) ip("-n", space, "link", "set", device, "up");
    });
  }

  /** What starts a process on the host. */
  through(name: string): readonly string[] {
    return ["ip", "netns", "exec", this.#space(name)];
  }

  address(name: string): string {
    return `${SUBNET}.${this.#names.indexOf(name) + 1}`;
  }

  /** Cuts these off from all others. */
  part(names: readonly string[]): void {
    for (const name of this.#names) this.#plug(name, names.includes(name) ? "east" : "west");
  }

  join(): void {
    for (const name of this.#names) this.#plug(name, "west");
  }

  #plug(name: string, bridge: (typeof BRIDGES)[number]): void {
    ip("-n", this.#switch, "link", "set", this.#port(name), "master", bridge);
  }

  get #switch(): string {
    return `${this.#prefix}s`;
  }

  #space(name: string): string {
    return `${this.#prefix}h${this.#names.indexOf(name)}`;
  }

  #port(name: string): string {
    return `port${this.#names.indexOf(name)}`;
  }

  #remove(): void {
    for (const space of [this.#switch, ...this.#names.map((name) => this.#space(name))]) {
      try {
        ip("netns", "del", space);
      } catch {
        // It was never made.
      }
    }
  }
}
