/** Peers that hand a bundle around, over real libp2p connections in one process. */
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type BundleCounters, BundleFiles, fetchBundle, serveBundles } from "../../src/node/bundles/index.ts";
import { type ContestId, type Hash, hashOf } from "../../src/model/index.ts";
import { createLibp2pNetwork, type Libp2pNetwork } from "../../src/node/network/index.ts";
import { Recorder } from "../compliance/network.ts";
import { eventually } from "./eventually.ts";
import { secretKeyFor } from "./keys.ts";

const contest = hashOf(new TextEncoder().encode("swarm")) as ContestId;
const PART_BYTES = 1024 * 1024;
const RETRY_MS = 100;

export interface SwarmPeer {
  readonly network: Libp2pNetwork;
  readonly files: BundleFiles;
  readonly counters: BundleCounters;
}

export async function swarm(directory: string, count: number): Promise<readonly SwarmPeer[]> {
  const made: SwarmPeer[] = [];
  for (let index = 0; index < count; index += 1) {
    const secretKey = secretKeyFor(`swarm ${index}`);
    const network = await createLibp2pNetwork({ secretKey, contest, listen: ["/ip4/127.0.0.1/tcp/0"] });
    const own = path.join(directory, `${index}`);
    await mkdir(own, { recursive: true });
    const files = new BundleFiles(own);
    const counters = await serveBundles(network.host, files);
    await network.start(new Recorder());
    made.push({ network, files, counters });
  }
  const [first] = made;
  for (const { network } of made.slice(1))
    if (first !== undefined) network.remember(first.network.id, first.network.addresses(), true);
  await eventually("everybody is connected", () => made.every((peer) => sourcesOf(peer).length >= count - 1), 60_000);
  return made;
}

export function sourcesOf({ network }: SwarmPeer): readonly Libp2pNetwork["id"][] {
  return network
    .peers()
    .filter(({ connected }) => connected)
    .map(({ id }) => id);
}

/** Random bytes, so that nothing compresses them away. */
export async function* randomStream(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= PART_BYTES) yield new Uint8Array(randomBytes(Math.min(left, PART_BYTES)));
}

/** Tries until the bundle is there, as a node does. */
export async function fetchAll(peer: SwarmPeer, bundle: Hash, signal: AbortSignal): Promise<void> {
  const { network, files } = peer;
  const sources = (): readonly Libp2pNetwork["id"][] => sourcesOf(peer);
  while (!(await fetchBundle(bundle, { host: network.host, files, sources, signal }))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
