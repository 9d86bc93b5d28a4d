/** Which committed files are solutions, and of which problem: decided by the path alone. */
import { type Language, languageOfFile } from "../../src/model/index.ts";

export interface HookProblem {
  readonly id: string;
  /** The letter on the board. */
  readonly label: string;
}

export interface Solution {
  readonly path: string;
  /** The problem's short name. */
  readonly problem: string;
  readonly language: Language;
}

/**
 * `A/solution.cpp`, `hello.py`, `week 1/lanterns/main.py`: the problem is the nearest folder, or else the file's name without ending, that is a
 * problem's letter or short name, whatever its case. Files in hidden folders, and with endings of no language, are none.
 */
export function solutionOf(path: string, problems: readonly HookProblem[]): Solution | undefined {
  const parts = path.split("/");
  const file = parts.at(-1) ?? "";
  const language = languageOfFile(file);
  if (language === undefined || parts.some((part) => part.startsWith("."))) return undefined;
  const stem = file.slice(0, file.lastIndexOf("."));
  for (const name of [...parts.slice(0, -1).reverse(), stem]) {
    const problem = named(name, problems);
    if (problem !== undefined) return { path, problem: problem.id, language };
  }
  return undefined;
}

/** A short name wins over a letter, and the exact case over another. */
function named(name: string, problems: readonly HookProblem[]): HookProblem | undefined {
  const folded = name.toLowerCase();
  return (
    problems.find(({ id }) => id === name) ??
    problems.find(({ label }) => label === name) ??
    problems.find(({ id }) => id.toLowerCase() === folded) ??
    problems.find(({ label }) => label.toLowerCase() === folded)
  );
}
