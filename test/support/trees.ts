/** Folders from and to plain values. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

export type Tree = Readonly<Record<string, string | Uint8Array>>;

export async function writeTree(directory: string, tree: Tree): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(tree)) {
    const file = path.join(directory, ...name.split("/"));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return directory;
}

/** Every file below the directory, as text. */
export async function readTree(directory: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    tree[path.relative(directory, file).split(path.sep).join("/")] = await readFile(file, "utf8");
  }
  return tree;
}

/** A small problem package. */
export const PACKAGE: Tree = {
  "problem.yaml":
    "problem_format_version: 2025-09\nname: Hello\nuuid: 4c2a1d04-2b5f-4f4f-8a52-5f1c2c6f0f2a\nlimits:\n  time_limit: 1\n",
  "statement/problem.en.tex": "\\problemname{Hello}\nSay it.\n",
  "data/sample/1.in": "\n",
  "data/sample/1.ans": "hello\n",
  "data/secret/1.in": "x\n",
  "data/secret/1.ans": "hello\n",
  "data/secret/1.hint": "what this test aims at\n",
  "submissions/accepted/hello.py": "print('hello')\n",
  "submissions/wrong_answer/bye.py": "print('bye')\n",
  "generators/gen.py": "print('x')\n",
  "solution/solution.en.tex": "Print hello.\n",
  "input_validators/check.py": "import sys\nsys.exit(42)\n",
  "notes.txt": "for the jury\n",
};
