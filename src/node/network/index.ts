/**
 * The node's network: direct messages, gossip, and keeping connected.
 *
 * ```ts
 * const network = await createLibp2pNetwork({ secretKey, contest, listen: ["/ip4/0.0.0.0/tcp/0"] });
 * await network.start({ onMessage, onGossip, onPeerConnected, onPeerDisconnected });
 * network.remember(sage, ["/ip4/192.0.2.1/tcp/9000"], true);
 * network.send(peer, message);
 * ```
 */
export { createLibp2pNetwork, Libp2pNetwork, type Libp2pNetworkOptions } from "./libp2p-network.ts";
export {
  type GossipValidity,
  type Network,
  type NetworkCounters,
  NetworkError,
  type NetworkHandlers,
  type PeerStatus,
} from "./network.ts";
export type { ReachStatus, RelayUse } from "./reach.ts";
