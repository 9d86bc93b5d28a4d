/** Programs in a package (validators, submissions): which files, which language, which file is the main one. */
import { languageOfFile, type Language } from "../model/language.ts";
import { compareNames, type PackageTree, type TreeEntry } from "./tree.ts";

export interface FoundProgram {
  /** Path of the file or folder. */
  readonly path: string;
  /** The main file first. */
  readonly files: readonly string[];
  /** Undefined where the endings name no known language, or several. */
  readonly language: Language | undefined;
}

/** Endings of files that come along without deciding the language. */
const COMPANIONS = /\.(?:h|hh|hpp|hxx|h\+\+|inc|txt|md|json|in|ans|sh)$|^(?:Makefile|README|build|run|LICENSE)$/;

/** What editors, compilers and interpreters leave behind. */
const LEFT_BEHIND = /~$|\.(?:pyc|class|o|obj|exe|out|bak|orig|swp)$/;

function isNoProgram(name: string): boolean {
  return (
    languageOfFile(name) === undefined && (COMPANIONS.test(name) || LEFT_BEHIND.test(name) || name.endsWith(".yaml"))
  );
}

/** Every program in a folder: each file and each folder of it is one. */
export function programsIn(tree: PackageTree, directory: string): FoundProgram[] {
  return tree.list(directory).flatMap((entry) => {
    const program = programAt(tree, entry);
    return program === undefined ? [] : [program];
  });
}

/** `undefined` for a folder without files and for a file that is plainly no program (README, .txt, .yaml). */
export function programAt(tree: PackageTree, entry: TreeEntry): FoundProgram | undefined {
  if (entry.type === "file") {
    const language = languageOfFile(entry.name);
    if (isNoProgram(entry.name)) return undefined;
    return { path: entry.path, files: [entry.path], language };
  }
  // Files directly in the folder; sub-folders are no part of a program for our compilers.
  const files = tree.list(entry.path).filter((file) => file.type === "file");
  // With a script beside them they may be one.
  const scripted = files.some((file) => isBuildScript(file.name));
  if (!scripted && files.every((file) => isNoProgram(file.name))) return undefined;
  const code = files.filter((file) => languageOfFile(file.name) !== undefined);
  const languages = new Set(code.map((file) => languageOfFile(file.name)));
  // C beside C++ is one C++ program.
  if (languages.has("cpp")) languages.delete("c");
  const language = languages.size === 1 ? [...languages][0] : undefined;
  const main = mainOf(code, language);
  const others = files.filter((file) => file !== main && !isBuildScript(file.name));
  return {
    path: entry.path,
    files: [...(main === undefined ? [] : [main]), ...others].map((file) => file.path),
    language,
  };
}

/** Default entry points of the format's languages table, else the first file. */
function mainOf(code: readonly TreeEntry[], language: Language | undefined): TreeEntry | undefined {
  const ofLanguage = code.filter((file) => language === undefined || languageOfFile(file.name) === language);
  return [...ofLanguage].sort((a, b) => rank(a) - rank(b) || compareNames(a.name, b.name))[0];
}

function rank(file: TreeEntry): number {
  const stem = file.name.replace(/\.[^.]*$/, "");
  if (stem === "__main__") return 0;
  return stem.toLowerCase() === "main" ? 1 : 2;
}

function isBuildScript(name: string): boolean {
  return name === "build" || name === "run";
}
