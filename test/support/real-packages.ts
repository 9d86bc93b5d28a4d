/**
 * The real packages of `../shared/packages` (statements and data only) with our own solutions of `test/fixtures/solutions`, laid
 * together in a temporary folder. Tests that need them are skipped where the packages are not there.
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const SOLUTIONS = join(ROOT, "test/fixtures/solutions");
const PACKAGES = join(ROOT, "../shared/packages");
/** Folders of ours that belong to the package itself; all others are folders of `submissions/`. */
const PACKAGE_FOLDERS = new Set(["output_validator", "output_validators"]);

/** The packages of issue 2, each pass-fail with the default validator. */
export const PASS_FAIL_PACKAGES = ["qaly", "smallschedule", "forestforthetrees", "drivinglanes", "different"] as const;

/** Where the real packages lie, or undefined. */
export const realPackages: string | undefined = existsSync(PACKAGES) ? PACKAGES : undefined;

export interface AssembledContest extends AsyncDisposable {
  readonly directory: string;
}

/** A contest folder without `contest.yaml`: the packages named, with our submissions. Removed when disposed. */
export async function assembleContest(names: readonly string[], parent: string = tmpdir()): Promise<AssembledContest> {
  const directory = await mkdtemp(join(parent, "dikast-contest-"));
  for (const name of names) {
    await copyFolder(join(PACKAGES, name), join(directory, name));
    for (const folder of await readdir(join(SOLUTIONS, name))) {
      const parentOf = PACKAGE_FOLDERS.has(folder) ? join(directory, name) : join(directory, name, "submissions");
      await copyFolder(join(SOLUTIONS, name, folder), join(parentOf, folder));
    }
  }
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

/** The originals may be read-only folders; copies must be removable by whoever made them. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target);
    else await copyFile(source, target);
  }
}
