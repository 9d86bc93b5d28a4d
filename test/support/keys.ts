/** Reproducible secret keys for tests. */
import { sha256 } from "../../src/model/index.ts";

export function secretKeyFor(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(`test key of ${name}`));
}
