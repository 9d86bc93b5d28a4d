/**
 * What an organizer's node makes of a contest folder, once: sealed bundles, their keys, the beacon's secret and the signed
 * manifest. Kept in the data directory, so that a restarted sage serves the same contest.
 */
import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
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
  type NodeId,
  parseHash,
  parseNodeId,
  type ProblemEntry,
  type SignedMessage,
  type Signer,
  signManifest,
  toHex,
} from "../../model/index.ts";
import type { Contest } from "../../packages/index.ts";
import type { BundleFiles } from "../bundles/index.ts";
import { packContestProblem } from "../packing/index.ts";
import { reachableFrom, withFixedPort } from "./addresses.ts";
import { adoptBundles, type ContestPlan, type PackedContest } from "./contest-source.ts";
import { BEACON_LINKS } from "./bounds.ts";
import { OrganizerError } from "./errors.ts";

export const CONTEST_FILE = "contest.json";
/** A jury is some ten evaluations, a verdict three or more: so much work on top is a tenth. */
const CHECKS_PERCENT_DEFAULT = 3;
const SESSION_MS_DEFAULT = 10 * 60_000;
const CLUSTER_SIZE_DEFAULT = 5;
const COUNCIL_SIZE_DEFAULT = 5;
const ATTEMPTS_MAX_DEFAULT = 4;

export interface OrganizedContest {
  readonly manifest: SignedMessage;
  readonly contest: ContestId;
  readonly problemKeys: readonly { readonly problem: string; readonly key: Uint8Array }[];
  readonly chain: readonly Hash[];
  /** Of the chain; handed on together with the seat. */
  readonly secret: Uint8Array;
  /** Whose commitment in the manifest the chain belongs to: the own one, or that of a seat that was signed over to this node. */
  readonly seat: NodeId;
  /** Where the sage listens: fixed once, because the manifest and the invites name it. */
  readonly listen: readonly string[];
  /** For the policy `token`. */
  readonly token: string | null;
}

export interface OrganizeOptions {
  readonly dataDirectory: string;
  readonly files: BundleFiles;
  readonly contest: Contest | PackedContest;
  readonly signer: Signer;
  readonly profile: { readonly hash: string; readonly languages: readonly Language[] };
  readonly deterministic: boolean;
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  readonly nowMs: number;
  /** Demo and tests; win over the contest's file. */
  readonly overrides?: Partial<Pick<Manifest, "sessionMs" | "clusterSize" | "councilSize" | "startsAt">>;
}

/** @throws OrganizerError when the contest cannot be held as it is described. */
export async function organize(options: OrganizeOptions): Promise<OrganizedContest> {
  const { contest, signer } = options;
  const languages = LANGUAGES.filter(
    (language) => options.profile.languages.includes(language) && (contest.languages?.includes(language) ?? true),
  );
  if (languages.length === 0) {
    throw new OrganizerError("DIKAST_CONTEST_LANGUAGES", "this sandbox has none of the languages of the contest");
  }
  const listen = await Promise.all(options.listen.map(withFixedPort));
  const addresses = options.announce.length > 0 ? options.announce : listen.flatMap(reachableFrom);
  const { problems, problemKeys } = await packed(options);
  const secret = new Uint8Array(randomBytes(32));
  const token = contest.network.registration === "token" ? toHex(new Uint8Array(randomBytes(12))) : null;
  const others = otherSages(contest, signer.id);
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
      scoreMode: contest.scoreMode,
      submissionIntervalMs: contest.submissionIntervalMs,
    },
    clusterSize: contest.network.clusterSize ?? CLUSTER_SIZE_DEFAULT,
    redundancy: contest.network.redundancy ?? null,
    checksPercent: contest.network.checksPercent ?? CHECKS_PERCENT_DEFAULT,
    councilSize: contest.network.councilSize ?? COUNCIL_SIZE_DEFAULT,
    keepRegions: contest.network.keepRegions ?? false,
    evaluators: contest.network.evaluators ?? "all",
    attemptsMax: ATTEMPTS_MAX_DEFAULT,
    sages: [
      { id: signer.id, addresses: addresses.slice(0, 8) },
      ...others.map(({ id, addresses }) => ({ id, addresses })),
    ],
    registration: {
      opensAt: contest.network.registrationOpensMs ?? null,
      closesAt: contest.network.registrationClosesMs ?? null,
      policy: contest.network.registration ?? "open",
      tokenHash: token === null ? null : hashOf(new TextEncoder().encode(token)),
      allowed: (contest.network.allowed ?? []).map(nodeId),
      late: contest.network.lateRegistration ?? true,
    },
    beacon: [
      { sage: signer.id, tip: tipOf(secret, BEACON_LINKS) },
      ...others.flatMap(({ id, beacon }) => (beacon === null ? [] : [{ sage: id, tip: beacon }])),
    ].toSorted((a, b) => (a.sage < b.sage ? -1 : 1)),
    nonce: new Uint8Array(randomBytes(32)),
    ...options.overrides,
  };
  const fault = manifestFault(manifest);
  if (fault !== undefined) throw new OrganizerError("DIKAST_CONTEST_INVALID", `the contest cannot be held: ${fault}`);
  const message = signManifest(signer, manifest);
  return await keepOrganized(options.dataDirectory, {
    manifest: message,
    problemKeys,
    secret,
    seat: signer.id,
    listen,
    token,
  });
}

/** The problems as the manifest names them, their bundles in the node's own folder. */
async function packed({ contest, files, dataDirectory }: OrganizeOptions): Promise<{
  readonly problems: readonly ProblemEntry[];
  readonly problemKeys: OrganizedContest["problemKeys"];
}> {
  if ("entries" in contest) {
    await adoptBundles(contest, path.join(dataDirectory, "bundles"));
    const keys = [...contest.keys].map(([problem, key]) => ({ problem, key }));
    return {
      problems: contest.entries,
      problemKeys: keys.filter(({ problem }) => contest.entries.some(({ id }) => id === problem)),
    };
  }
  if (contest.problems.length === 0)
    throw new OrganizerError("DIKAST_CONTEST_EMPTY", `there is no problem package in ${contest.directory}`);
  const problemKeys: { problem: string; key: Uint8Array }[] = [];
  const problems: ProblemEntry[] = [];
  for (const problem of contest.problems) {
    const key = new Uint8Array(randomBytes(32));
    problemKeys.push({ problem: problem.id, key });
    problems.push(await packContestProblem(problem, key, files));
  }
  return { problems, problemKeys };
}

interface OtherSage {
  readonly id: NodeId;
  readonly addresses: readonly string[];
  readonly beacon: Hash | null;
}

/** The file may name this sage as well: then everybody can read the same file. */
function otherSages({ network }: ContestPlan, self: NodeId): readonly OtherSage[] {
  return (network.sages ?? [])
    .filter(({ id }) => id !== self)
    .map(({ id, addresses, beacon }) => ({
      id: nodeId(id),
      addresses: addresses.slice(0, 8),
      beacon: beacon === undefined ? null : hash(beacon),
    }));
}

function nodeId(text: string): NodeId {
  const id = parseNodeId(text);
  if (id === undefined) throw new OrganizerError("DIKAST_CONTEST_INVALID", `"${text}" is no node's id`);
  return id;
}

function hash(text: string): Hash {
  const found = parseHash(text);
  if (found === undefined) throw new OrganizerError("DIKAST_CONTEST_INVALID", `"${text}" is no beacon's tip`);
  return found;
}

function startOf(contest: ContestPlan, nowMs: number): number | null {
  switch (contest.start.type) {
    case "unset":
      return null;
    case "absolute":
      return contest.start.epochMs;
    case "relative":
      return nowMs + contest.start.inMs;
  }
}

export type Organized = Omit<OrganizedContest, "contest" | "chain">;

/** From now on this data directory is a sage's. */
export async function keepOrganized(directory: string, organized: Organized): Promise<OrganizedContest> {
  await save(directory, organized);
  return completed(organized);
}

function completed(organized: Organized): OrganizedContest {
  const { manifest, secret } = organized;
  return { ...organized, contest: contestIdOf(manifest), chain: beaconChain(secret, BEACON_LINKS) };
}

async function save(directory: string, saved: Organized): Promise<void> {
  const file = path.join(directory, CONTEST_FILE);
  const text = JSON.stringify({
    manifest: Buffer.from(encodeMessage(saved.manifest)).toString("base64"),
    problemKeys: saved.problemKeys.map(({ problem, key }) => ({ problem, key: toHex(key) })),
    beaconSecret: toHex(saved.secret),
    seat: saved.seat,
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
      seat?: string;
      listen: string[];
      token: string | null;
    };
    const manifest = decodeMessage(new Uint8Array(Buffer.from(saved.manifest, "base64")));
    if (manifest === undefined) throw new TypeError("the manifest is malformed");
    return completed({
      manifest,
      problemKeys: saved.problemKeys.map(({ problem, key }) => ({ problem, key: fromHex(key) })),
      secret: fromHex(saved.beaconSecret),
      seat: parseNodeId(saved.seat ?? "") ?? manifest.signer,
      listen: saved.listen,
      token: saved.token,
    });
  } catch (error) {
    throw new OrganizerError("DIKAST_CONTEST_FILE", `${file} is damaged`, { cause: error });
  }
}
