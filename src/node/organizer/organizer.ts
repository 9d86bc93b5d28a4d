/**
 * What an organizer's node makes of a contest folder, once: sealed bundles, their keys, the beacon's secret and the signed
 * manifest. Kept in the data directory, so that a restarted sage serves the same contest.
 */
import { createServer } from "node:net";
import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { multiaddr } from "@multiformats/multiaddr";
import { beaconChain, tipOf } from "../../../sage/index.ts";
import {
  type ContestId,
  contestIdOf,
  decodeMessage,
  encodeMessage,
  fromHex,
  type Hash,
  hashOf,
  LANGUAGES,
  type Language,
  type Manifest,
  manifestFault,
  type ProblemEntry,
  type SignedMessage,
  type Signer,
  signManifest,
  toHex,
} from "../../model/index.ts";
import type { Contest } from "../../packages/index.ts";
import type { BundleFiles } from "../bundles/index.ts";
import { packContestProblem } from "../packing/index.ts";

export const CONTEST_FILE = "contest.json";
/** Sessions for which the beacon has preimages; a day of one-minute sessions and more. */
const BEACON_LINKS = 4_096;
const SESSION_MS_DEFAULT = 10 * 60_000;
const CLUSTER_SIZE_DEFAULT = 5;
const COUNCIL_SIZE_DEFAULT = 5;
const ATTEMPTS_MAX_DEFAULT = 4;

export interface OrganizedContest {
  readonly manifest: SignedMessage;
  readonly contest: ContestId;
  readonly problemKeys: readonly { readonly problem: string; readonly key: Uint8Array }[];
  readonly chain: readonly Hash[];
  /** Where the sage listens: fixed once, because the manifest and the invites name it. */
  readonly listen: readonly string[];
  /** For the policy `token`. */
  readonly token: string | null;
}

export interface OrganizeOptions {
  readonly dataDirectory: string;
  readonly files: BundleFiles;
  readonly contest: Contest;
  readonly signer: Signer;
  readonly profile: { readonly hash: string; readonly languages: readonly Language[] };
  readonly deterministic: boolean;
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  readonly nowMs: number;
  /** Demo and tests; win over the contest's file. */
  readonly overrides?: Partial<Pick<Manifest, "sessionMs" | "clusterSize" | "councilSize" | "startsAt">>;
}

export class OrganizerError extends Error {
  override readonly name = "OrganizerError";
  readonly code: string;
  constructor(code: `DIKAST_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** @throws OrganizerError when the contest cannot be held as it is described. */
export async function organize(options: OrganizeOptions): Promise<OrganizedContest> {
  const { contest, signer } = options;
  if (contest.problems.length === 0) {
    throw new OrganizerError("DIKAST_CONTEST_EMPTY", `there is no problem package in ${contest.directory}`);
  }
  const languages = LANGUAGES.filter(
    (language) => options.profile.languages.includes(language) && (contest.languages?.includes(language) ?? true),
  );
  if (languages.length === 0) {
    throw new OrganizerError("DIKAST_CONTEST_LANGUAGES", "this sandbox has none of the languages of the contest");
  }
  const listen = await Promise.all(options.listen.map(withFixedPort));
  const addresses = options.announce.length > 0 ? options.announce : listen.flatMap(reachableFrom);
  const problemKeys: { problem: string; key: Uint8Array }[] = [];
  const problems: ProblemEntry[] = [];
  for (const problem of contest.problems) {
    const key = new Uint8Array(randomBytes(32));
    problemKeys.push({ problem: problem.id, key });
    problems.push(await packContestProblem(problem, key, options.files));
  }
  const secret = new Uint8Array(randomBytes(32));
  const token = contest.network.registration === "token" ? toHex(new Uint8Array(randomBytes(12))) : null;
  const manifest: Manifest = {
    name: contest.name,
    organizer: signer.id,
    startsAt: startOf(contest, options.nowMs),
    durationMs: contest.durationMs,
    sessionMs: Math.min(contest.network.sessionLengthMs ?? SESSION_MS_DEFAULT, contest.durationMs),
    problems,
    languages,
    judgeProfile: options.profile.hash as Hash,
    deterministic: options.deterministic,
    rules: {
      type: contest.rules,
      penaltyMinutes: Math.round(contest.penaltyMs / 60_000),
      freezeMs: contest.freezeDurationMs ?? null,
      compileErrorPenalty: false,
    },
    clusterSize: contest.network.clusterSize ?? CLUSTER_SIZE_DEFAULT,
    redundancy: contest.network.redundancy ?? null,
    councilSize: contest.network.councilSize ?? COUNCIL_SIZE_DEFAULT,
    keepRegions: contest.network.keepRegions ?? false,
    evaluators: contest.network.evaluators ?? "all",
    attemptsMax: ATTEMPTS_MAX_DEFAULT,
    sages: [{ id: signer.id, addresses: addresses.slice(0, 8) }],
    registration: {
      opensAt: null,
      closesAt: null,
      policy: contest.network.registration === "token" ? "token" : "open",
      tokenHash: token === null ? null : hashOf(new TextEncoder().encode(token)),
      allowed: [],
      late: true,
    },
    beacon: [{ sage: signer.id, tip: tipOf(secret, BEACON_LINKS) }],
    nonce: new Uint8Array(randomBytes(32)),
    ...options.overrides,
  };
  const fault = manifestFault(manifest);
  if (fault !== undefined) throw new OrganizerError("DIKAST_CONTEST_INVALID", `the contest cannot be held: ${fault}`);
  const message = signManifest(signer, manifest);
  await save(options.dataDirectory, { manifest: message, problemKeys, secret, listen, token });
  return {
    manifest: message,
    contest: contestIdOf(message),
    problemKeys,
    chain: beaconChain(secret, BEACON_LINKS),
    listen,
    token,
  };
}

function startOf(contest: Contest, nowMs: number): number | null {
  switch (contest.start.type) {
    case "unset":
      return null;
    case "absolute":
      return contest.start.epochMs;
    case "relative":
      return nowMs + contest.start.inMs;
  }
}

interface Saved {
  readonly manifest: SignedMessage;
  readonly problemKeys: OrganizedContest["problemKeys"];
  readonly secret: Uint8Array;
  readonly listen: readonly string[];
  readonly token: string | null;
}

async function save(directory: string, saved: Saved): Promise<void> {
  const file = path.join(directory, CONTEST_FILE);
  const text = JSON.stringify({
    manifest: Buffer.from(encodeMessage(saved.manifest)).toString("base64"),
    problemKeys: saved.problemKeys.map(({ problem, key }) => ({ problem, key: toHex(key) })),
    beaconSecret: toHex(saved.secret),
    listen: saved.listen,
    token: saved.token,
  });
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

/** The contest that this data directory already holds, or undefined. @throws OrganizerError when it is damaged. */
export async function loadOrganized(directory: string): Promise<OrganizedContest | undefined> {
  const file = path.join(directory, CONTEST_FILE);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const saved = JSON.parse(text) as {
      manifest: string;
      problemKeys: { problem: string; key: string }[];
      beaconSecret: string;
      listen: string[];
      token: string | null;
    };
    const manifest = decodeMessage(new Uint8Array(Buffer.from(saved.manifest, "base64")));
    if (manifest === undefined) throw new TypeError("the manifest is malformed");
    return {
      manifest,
      contest: contestIdOf(manifest),
      problemKeys: saved.problemKeys.map(({ problem, key }) => ({ problem, key: fromHex(key) })),
      chain: beaconChain(fromHex(saved.beaconSecret), BEACON_LINKS),
      listen: saved.listen,
      token: saved.token,
    };
  } catch (error) {
    throw new OrganizerError("DIKAST_CONTEST_FILE", `${file} is damaged`, { cause: error });
  }
}

/** Port 0 becomes a port that is free now: the manifest names it, so it must outlive a restart. */
async function withFixedPort(address: string): Promise<string> {
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
function reachableFrom(address: string): readonly string[] {
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
