/** A sage's first start beside others: it has its key and the invite, and asks for the rest. */
import { setTimeout as delay } from "node:timers/promises";
import { multiaddr } from "@multiformats/multiaddr";
import type { ContestId, NodeId } from "../../model/index.ts";
import { createHost } from "../network/host.ts";
import { libp2pPrivateKey } from "../network/private-key.ts";
import { askForCredentials, type Credentials } from "./exchange.ts";

export interface NewcomerOptions {
  readonly secretKey: Uint8Array;
  readonly contest: ContestId;
  readonly sages: readonly { readonly id: NodeId; readonly addresses: readonly string[] }[];
  readonly signal: AbortSignal;
}

/** `unreachable`: no sage could be dialled; `unknown`: one answered, and the manifest does not name this node. */
export type NewcomerFault = "unreachable" | "unknown";

const DIAL_TIMEOUT_MS = 5_000;
const PAUSE_MS = 500;

/** Asks each sage in turn until one answers or the signal fires. The node itself must not run yet. */
export async function askAsNewcomer(options: NewcomerOptions): Promise<Credentials | NewcomerFault> {
  const { secretKey, contest, sages, signal } = options;
  const host = await createHost({
    privateKey: libp2pPrivateKey(secretKey),
    listen: [],
    announce: [],
    topic: `/dikast/1/${contest}`,
  });
  await host.start();
  try {
    for (;;) {
      for (const { id, addresses } of sages) {
        const dialled = addresses.map((address) => multiaddr(`${address.replace(/\/p2p\/[^/]+$/, "")}/p2p/${id}`));
        const timeout = AbortSignal.any([signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)]);
        const connection = await host.dial(dialled, { signal: timeout }).catch(() => undefined);
        if (connection === undefined) continue;
        const found = await askForCredentials(host, contest, id);
        // One that answers and has nothing for this node will not have it later: the manifest is signed.
        return found ?? "unknown";
      }
      if (signal.aborted) return "unreachable";
      await delay(PAUSE_MS);
    }
  } finally {
    await Promise.resolve(host.stop()).catch(() => undefined);
  }
}
