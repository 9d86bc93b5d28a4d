/**
 * What `--contest` may name: a folder of a contest, the same as a zip archive, or what `dikast contest pack` wrote (a folder or one
 * `.dikast` file, with the keys beside it).
 */
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { createReadStream } from "node:fs";
import { codec, type ProblemEntry, problemEntry } from "../../model/index.ts";
import { isZipFile, unpackPackageZip } from "../../packages/archive/index.ts";
import { unpackBundle } from "../../packages/bundle/index.ts";
import type { Contest } from "../../packages/index.ts";
import { BundleFiles } from "../bundles/index.ts";
import { loadKeys } from "../packing/key-file.ts";
import { OrganizerError } from "./errors.ts";

/** What a manifest takes from a contest, beside its problems. */
export type ContestPlan = Pick<
  Contest,
  | "name"
  | "start"
  | "durationMs"
  | "freezeDurationMs"
  | "penaltyMs"
  | "rules"
  | "scoreMode"
  | "submissionIntervalMs"
  | "languages"
  | "network"
>;

/** Sealed already, by `dikast contest pack`. */
export interface PackedContest extends ContestPlan {
  readonly type: "packed";
  readonly entries: readonly ProblemEntry[];
  readonly keys: ReadonlyMap<string, Uint8Array>;
  /** Holds the bundles. */
  readonly bundles: string;
}

export type ContestSource =
  | { readonly type: "folder"; readonly directory: string }
  | { readonly type: "packed"; readonly contest: PackedContest };

export const CONTEST_DESCRIPTION = "contest.json";
const DESCRIPTION_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Archives are unpacked below `work`, which the caller removes.
 * @throws OrganizerError, ZipError or BundleError: one sentence with what to do.
 */
export async function openContestSource(source: string, work: string, keyFile?: string): Promise<ContestSource> {
  const found = await stat(source).catch(() => undefined);
  if (found === undefined) throw new OrganizerError("DIKAST_NO_CONTEST", `there is no folder or file ${source}`);
  if (found.isDirectory()) return await openFolder(source, keyFile ?? `${source}.keys.json`);
  if (await isZipFile(source)) {
    await mkdir(work, { recursive: true });
    const directory = await unpackPackageZip(source, work);
    return await openFolder(directory, keyFile ?? `${source}.keys.json`);
  }
  if (await beginsLike(source, "DKBUNDL")) {
    await mkdir(work, { recursive: true });
    const directory = path.join(await mkdtemp(path.join(work, "packed-")), "contest");
    await unpackBundle(createReadStream(source), directory).catch((error: unknown) => naming(source, error));
    return await openFolder(directory, keyFile ?? `${source}.keys.json`);
  }
  throw new OrganizerError(
    "DIKAST_NO_CONTEST",
    `${source} is neither a folder, nor a zip archive, nor what \`dikast contest pack\` writes; if it was downloaded, get it again`,
  );
}

/** The readers of archives say what is wrong; which file it is, and what to do, is known here. */
function naming(source: string, error: unknown): never {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== "string" || !code.startsWith("DIKAST_BUNDLE_")) throw error;
  const named = code as `DIKAST_${string}`;
  throw new OrganizerError(named, `${source} ${String(message)}; get the file again, or make it anew`, {
    cause: error,
  });
}

async function beginsLike(file: string, magic: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return bytesRead === magic.length && buffer.toString("latin1") === magic;
  } finally {
    await handle.close();
  }
}

async function openFolder(directory: string, keyFile: string): Promise<ContestSource> {
  const description = path.join(directory, CONTEST_DESCRIPTION);
  const info = await stat(description).catch(() => undefined);
  const isPacked =
    info?.isFile() === true && (await stat(path.join(directory, "bundles")).catch(() => undefined))?.isDirectory();
  if (isPacked !== true) return { type: "folder", directory };
  if (info !== undefined && info.size > DESCRIPTION_BYTES_MAX) throw damaged(description, "it is too large");
  const read = parseDescription(await readFile(description, "utf8"), description);
  const keys = await loadKeys(keyFile);
  if (keys === undefined) {
    throw new OrganizerError(
      "DIKAST_CONTEST_KEYS_MISSING",
      `the keys of this packed contest are not in ${keyFile}; name the file that \`dikast contest pack\` wrote with --keys`,
    );
  }
  const without = read.entries.find(({ id }) => !keys.has(id));
  if (without !== undefined)
    throw new OrganizerError("DIKAST_CONTEST_KEYS_MISSING", `${keyFile} holds no key of the problem ${without.id}`);
  return { type: "packed", contest: { ...read, type: "packed", keys, bundles: path.join(directory, "bundles") } };
}

/** As `dikast contest pack` writes it; made by people's tools as well, so nothing is believed. */
function parseDescription(text: string, file: string): Omit<PackedContest, "type" | "keys" | "bundles"> {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw damaged(file, "it is no JSON");
  }
  const { version, name, start, durationMs, freezeDurationMs, penaltyMs, rules, languages, network, problems } = value;
  const { scoreMode, submissionIntervalMs } = value;
  if (version !== 1) throw damaged(file, `its version is ${JSON.stringify(version)}, this dikast reads 1`);
  if (!Array.isArray(problems) || typeof name !== "string" || typeof network !== "object" || network === null)
    throw damaged(file, "something is missing");
  const entries = problems.map((problem: unknown) => {
    const { color: _color, rgb: _rgb, ...entry } = problem as Record<string, unknown>;
    const checked = codec.decode(problemEntry, codecEncoded(entry, file), DESCRIPTION_BYTES_MAX);
    if (checked === undefined) throw damaged(file, "a problem is not as it should be");
    return checked;
  });
  return {
    name,
    start: (start ?? { type: "unset" }) as ContestPlan["start"],
    durationMs: durationMs as number,
    freezeDurationMs: (freezeDurationMs ?? undefined) as number | undefined,
    penaltyMs: penaltyMs as number,
    rules: rules as ContestPlan["rules"],
    scoreMode: (scoreMode ?? "max") as ContestPlan["scoreMode"],
    submissionIntervalMs: (submissionIntervalMs ?? 0) as number,
    languages: (languages ?? undefined) as ContestPlan["languages"],
    network: network as ContestPlan["network"],
    entries,
  };
}

function codecEncoded(entry: Record<string, unknown>, file: string): Uint8Array {
  try {
    return codec.encode(problemEntry, entry as ProblemEntry);
  } catch (error) {
    throw damaged(file, (error as Error).message);
  }
}

function damaged(file: string, why: string): OrganizerError {
  return new OrganizerError("DIKAST_CONTEST_DAMAGED", `${file} is damaged: ${why}; pack the contest again`);
}

/** Puts the packed bundles beside the node's own; what is there already is kept. @throws OrganizerError when one is missing or damaged. */
export async function adoptBundles(contest: PackedContest, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const wanted = contest.entries.flatMap(({ id, openBundle, sealedBundle }) =>
    [openBundle, sealedBundle].flatMap((bundle) => (bundle === null ? [] : [{ id, bundle }])),
  );
  const source = new BundleFiles(contest.bundles);
  const files = new Set(await readdir(contest.bundles));
  for (const { id, bundle } of wanted) {
    if (!(await source.verify(bundle))) {
      throw new OrganizerError(
        "DIKAST_CONTEST_DAMAGED",
        `the packed contest is damaged: the bundle ${bundle.slice(0, 12)}… of the problem ${id} is missing or altered; pack it again`,
      );
    }
    for (const file of files) {
      if (!file.startsWith(bundle)) continue;
      const target = path.join(directory, file);
      await rm(target, { force: true });
      await copyFile(path.join(contest.bundles, file), target);
    }
  }
}
