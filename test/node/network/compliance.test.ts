import { hashOf, nobleSigner } from "../../../src/model/index.ts";
import type { ContestId } from "../../../src/model/index.ts";
import { createLibp2pNetwork } from "../../../src/node/network/index.ts";
import { networkCompliance } from "../../compliance/network.ts";
import { MemoryHub, MemoryNetwork } from "../../support/memory-network.ts";
import { secretKeyFor } from "../../support/keys.ts";

const contest = hashOf(new TextEncoder().encode("network compliance")) as ContestId;

networkCompliance("in memory", async (count) => {
  const hub = new MemoryHub();
  return [...Array(count).keys()].map((index) => {
    const secretKey = secretKeyFor(`memory ${index}`);
    return { secretKey, network: new MemoryNetwork(hub, nobleSigner(secretKey).id) };
  });
});

networkCompliance("over libp2p", async (count) =>
  Promise.all(
    [...Array(count).keys()].map(async (index) => {
      const secretKey = secretKeyFor(`libp2p ${index}`);
      const network = await createLibp2pNetwork({ secretKey, contest, listen: ["/ip4/127.0.0.1/tcp/0"] });
      return { secretKey, network };
    }),
  ),
);
