/**
 * A new contest to start from.
 *
 * ```ts
 * await createContest("my-contest"); // contest.yaml and the problem sum/
 * ```
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ContestError } from "../errors.ts";
import { contestYaml } from "./contest-yaml.ts";
import { sampleProblem } from "./sample-problem.ts";

export { contestYaml } from "./contest-yaml.ts";

/**
 * Writes a commented contest.yaml and a sample problem into a folder that is new or empty. Answers the files written.
 * @throws ContestError if there is something in the folder.
 */
export async function createContest(directory: string): Promise<readonly string[]> {
  const present = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ContestError(
      "DIKAST_CONTEST_NOT_A_FOLDER",
      "is no folder that can be written to",
      { file: directory },
      { cause: error },
    );
  });
  if (present.some((name) => !name.startsWith(".git"))) {
    throw new ContestError("DIKAST_CONTEST_NOT_EMPTY", "the folder is not empty; name a new one", { file: directory });
  }
  const id = basename(resolve(directory))
    .replaceAll(/[^A-Za-z0-9_.-]/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 64);
  const problem = Object.entries(sampleProblem(randomUUID())).map(([path, text]) => [`sum/${path}`, text] as const);
  const files = [["contest.yaml", contestYaml(id || "contest")] as const, ...problem];
  for (const [path, text] of files) {
    const file = join(directory, ...path.split("/"));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  }
  return files.map(([path]) => path);
}
