/**
 * A sage's card: what another organizer's `contest.yaml` needs of a sage, before there is a contest. The hash chain's secret and the
 * address are made here and kept.
 */
import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { tipOf } from "../../../sage/index.ts";
import { fromHex, type Hash, type NodeId, toHex } from "../../model/index.ts";
import { reachableFrom, withFixedPort } from "./addresses.ts";
import { BEACON_LINKS } from "./bounds.ts";
import { OrganizerError } from "./errors.ts";

const CARD_FILE = "sage-card.json";

export interface SageCard {
  readonly id: NodeId;
  readonly addresses: readonly string[];
  readonly beacon: Hash;
  readonly secret: Uint8Array;
  readonly listen: readonly string[];
}

export interface CardOptions {
  readonly dataDirectory: string;
  readonly id: NodeId;
  readonly listen: readonly string[];
  readonly announce: readonly string[];
}

/** Made once; a second call tells the same. @throws OrganizerError when the file is damaged. */
export async function sageCard(options: CardOptions): Promise<SageCard> {
  const known = await loadCard(options.dataDirectory, options.id);
  if (known !== undefined) return known;
  const listen = await Promise.all(options.listen.map(withFixedPort));
  const addresses = (options.announce.length > 0 ? options.announce : listen.flatMap(reachableFrom)).slice(0, 8);
  const secret = new Uint8Array(randomBytes(32));
  const file = path.join(options.dataDirectory, CARD_FILE);
  await writeFile(`${file}.new`, JSON.stringify({ secret: toHex(secret), listen, addresses }), {
    mode: 0o600,
    flush: true,
  });
  await rename(`${file}.new`, file);
  return { id: options.id, addresses, beacon: tipOf(secret, BEACON_LINKS), secret, listen };
}

export async function loadCard(directory: string, id: NodeId): Promise<SageCard | undefined> {
  const file = path.join(directory, CARD_FILE);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { secret, listen, addresses } = JSON.parse(text) as { secret: string; listen: string[]; addresses: string[] };
    const bytes = fromHex(secret);
    return { id, addresses, listen, secret: bytes, beacon: tipOf(bytes, BEACON_LINKS) };
  } catch (error) {
    throw new OrganizerError("DIKAST_CARD_FILE", `${file} is damaged; remove it and send the organizer a new card`, {
      cause: error,
    });
  }
}

/** For `sages:` of a contest.yaml. */
export function cardYaml({ id, addresses, beacon }: SageCard): string {
  return `  - id: ${id}\n    addresses: [${addresses.join(", ")}]\n    beacon: "${beacon}"`;
}
