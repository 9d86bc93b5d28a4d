/** Where a node's socket is. Unix limits such paths to about 107 bytes; long ones get a short stand-in. */
import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";

const PATH_BYTES_MAX = 100;

/** A function of the data directory alone, so that node and command find each other. */
export function socketPathOf(dataDirectory: string): string {
  const name = createHash("sha256").update(dataDirectory).digest("hex").slice(0, 24);
  if (process.platform === "win32") return `\\\\.\\pipe\\dikast-${name}`;
  const direct = path.join(dataDirectory, "api.sock");
  if (Buffer.byteLength(direct) <= PATH_BYTES_MAX) return direct;
  return path.join(tmpdir(), `dikast-${userInfo().uid}-${name}.sock`);
}
