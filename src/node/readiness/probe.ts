/** The way to a contest's sages, tried from a machine that has not joined yet. */
import { randomBytes } from "node:crypto";
import { multiaddr } from "@multiformats/multiaddr";
import type { NodeId } from "../../model/index.ts";
import type { Invite } from "../config/index.ts";
import { createHost, type Host, startHost } from "../network/host.ts";
import { askReachability, portsOf } from "../network/reachability.ts";
import { libp2pPrivateKey } from "../network/private-key.ts";
import { readClockOf } from "../network/time-exchange.ts";
import { type Check, clockCheck } from "./checks.ts";

const DIAL_TIMEOUT_MS = 5_000;

/** Under a key of its own: nobody learns who asks. */
export async function probe(invite: Invite, listen: readonly string[]): Promise<readonly Check[]> {
  const topic = `/dikast/1/${invite.contest}`;
  const host = await createHost({
    privateKey: libp2pPrivateKey(new Uint8Array(randomBytes(32))),
    listen,
    announce: [],
    topic,
  });
  const checks: Check[] = [];
  try {
    await startHost(host, listen);
    const connected: NodeId[] = [];
    for (const { id, addresses } of invite.sages) if (await canReach(host, id, addresses)) connected.push(id);
    const [sage] = connected;
    const count = `${connected.length} of the invite's ${invite.sages.length} ${invite.sages.length === 1 ? "sage" : "sages"} can be reached`;
    if (sage === undefined) {
      const fix = "is the sage running, is this the right network, does a firewall or VPN block it?";
      return [{ id: "network", state: "fail", text: count, fix }];
    }
    checks.push({ id: "network", state: "ok", text: count, fix: "" });
    const clocks = await Promise.all(connected.map(async (id) => await readClockOf(host, id)));
    checks.push(clockCheck(clocks.filter((reading) => reading !== undefined)));
    const reach = await askReachability(host, sage, portsOf(host.getMultiaddrs().map(String)));
    if (reach !== undefined) {
      const open = reach.open.length > 0;
      const seen = reach.observed.split("/").at(-1) ?? "";
      const text = open
        ? `others can dial this machine (seen as ${seen})`
        : `nobody can dial this machine (seen as ${seen}): a sage will relay`;
      checks.push({ id: "reachable", state: "ok", text, fix: "" });
    }
    return checks;
  } catch (error) {
    checks.push({
      id: "network",
      state: "fail",
      text: (error as Error).message,
      fix: "choose another address with --listen",
    });
    return checks;
  } finally {
    await Promise.resolve(host.stop()).catch(() => undefined);
  }
}

async function canReach(host: Host, id: NodeId, addresses: readonly string[]): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(DIAL_TIMEOUT_MS);
    await host.dial(
      addresses.map((address) => multiaddr(`${address}/p2p/${id}`)),
      { signal },
    );
    return true;
  } catch {
    return false;
  }
}
