/** Where a sage listens and what it tells others: fixed once, because the manifest and the invites name it. */
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { multiaddr } from "@multiformats/multiaddr";

/** Port 0 becomes a port that is free now: the manifest names it, so it must outlive a restart. */
export async function withFixedPort(address: string): Promise<string> {
  const match = /^\/(ip4|ip6)\/([^/]+)\/tcp\/0$/.exec(address);
  if (match === null) return address;
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(0, match[2], () => resolve((server.address() as { port: number }).port));
  const port = await promise;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  return `/${match[1]}/${match[2]}/tcp/${port}`;
}

/** "Any address" stands for the addresses of all interfaces. */
export function reachableFrom(address: string): readonly string[] {
  const match = /^\/(ip4\/0\.0\.0\.0|ip6\/::)\/(.*)$/.exec(address);
  if (match === null) return [multiaddr(address).toString()];
  const family = match[1]?.startsWith("ip4") === true ? "IPv4" : "IPv6";
  const found = Object.values(networkInterfaces())
    .flat()
    .filter((own) => own?.family === family && !own.address.startsWith("fe80:"))
    .map((own) => `/${family === "IPv4" ? "ip4" : "ip6"}/${own?.address}/${match[2]}`);
  // Others first: loopback helps only on this machine.
  return found.toSorted((a, b) => Number(a.includes("/127.")) - Number(b.includes("/127.")));
}
