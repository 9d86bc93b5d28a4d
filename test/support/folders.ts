/** Folders for tests, written from a map of paths to texts and removed when disposed. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TemporaryFolder extends AsyncDisposable {
  readonly directory: string;
}

/** `name`: of the folder itself, which is what a package's id comes from. */
export async function writeFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  name = "problem",
): Promise<TemporaryFolder> {
  const parent = await mkdtemp(join(tmpdir(), "dikast-test-"));
  const directory = join(parent, name);
  await mkdir(directory);
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return { directory, [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }) };
}

/** A package with one secret test, and whatever else is given. */
export function packageFiles(problemYaml: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    "problem.yaml": problemYaml,
    "data/secret/1.in": "1\n",
    "data/secret/1.ans": "1\n",
    "problem_statement/problem.en.tex": "\\problemname{Title}\n",
    ...more,
  };
}
