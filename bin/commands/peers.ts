/** `dikast peers`: who takes part, and to whom this node is connected. */
import type { Command } from "commander";
import type { PeerView } from "../../sessions/index.ts";
import type { PeerStatus } from "../../src/node/network/index.ts";
import { withApi } from "../support/api.ts";
import { type SharedOptions, withSharedOptions } from "../support/options.ts";
import { print, printable, printJson, styled, table } from "../support/output.ts";

export function registerPeers(program: Command): void {
  withSharedOptions(program.command("peers"))
    .description("show who takes part, who leads, and to whom your node is connected")
    .addHelpText("after", "\nExample:\n  dikast peers --json\n")
    .action(async (options: SharedOptions) => {
      const { peers, connections } = await withApi(options, async (api) => ({
        peers: ((await api.request({ type: "peers" })) as { readonly peers: readonly PeerView[] }).peers,
        connections: ((await api.request({ type: "connections" })) as { readonly peers: readonly PeerStatus[] }).peers,
      }));
      if (options.json === true) printJson({ type: "peers", peers, connections });
      else print(peersText(peers, connections));
    });
}

function peersText(peers: readonly PeerView[], connections: readonly PeerStatus[]): string {
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const header = ["name", "role", "cluster", "leads", "connected", "round trip", "address"].map((text) =>
    styled("bold", text),
  );
  const rows = peers.map((peer) => {
    const connection = byId.get(peer.peer);
    const leads = [peer.isCentralLeader ? "contest" : "", peer.isClusterLeader ? "cluster" : ""].filter(
      (text) => text !== "",
    );
    return [
      printable(peer.displayName),
      peer.role,
      peer.cluster === null ? "-" : `${peer.cluster}`,
      peer.standing === "good" ? leads.join(", ") || "-" : styled("red", peer.standing),
      connection?.connected === true ? "yes" : "no",
      connection?.roundTripMs === undefined ? "-" : `${connection.roundTripMs} ms`,
      connection?.addresses[0] ?? "-",
    ];
  });
  return table([header, ...rows]);
}
