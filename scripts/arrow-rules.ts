/** The rules behind `scripts/arrows.ts`, as a pure function of one file's text. */
import path from "node:path/posix";

interface FolderRule {
  /** Folders of ours, besides the folder itself. */
  readonly folders: readonly string[];
  /** Packages (a trailing `*` stands for any rest) and `node:`; `any` for everything. */
  readonly packages: readonly string[] | "any";
  readonly pure: boolean;
}

/** architecture.md's table; longest prefix wins. `src/packages` and the deviations are explained in docs/ARCHITECTURE.md. */
const RULES: Readonly<Record<string, FolderRule>> = {
  "src/model": { folders: [], packages: ["@noble/*", "@scure/base", "cborg"], pure: true },
  "src/contest": { folders: ["src/model"], packages: [], pure: true },
  "src/packages": { folders: ["src/model", "src/contest"], packages: "any", pure: false },
  sessions: { folders: ["src/model", "src/contest"], packages: [], pure: true },
  sage: { folders: ["src/model", "src/contest"], packages: ["@noble/*"], pure: true },
  sandbox: { folders: ["src/model"], packages: "any", pure: false },
  "src/node": {
    folders: ["src/model", "src/contest", "src/packages", "src/api", "sessions", "sage", "sandbox"],
    packages: "any",
    pure: false,
  },
  "src/api": {
    folders: ["src/model", "src/contest", "src/packages", "src/node", "src/archive", "sessions", "sage", "sandbox"],
    packages: "any",
    pure: false,
  },
  "src/archive": {
    folders: ["src/model", "src/contest", "src/packages", "src/node", "sessions", "sage", "sandbox"],
    packages: "any",
    pure: false,
  },
  sim: {
    folders: ["src/model", "src/contest", "sessions", "sage", "sandbox/fake"],
    packages: ["node:*", "yaml", "@noble/*"],
    pure: false,
  },
  bin: {
    folders: [
      "src/model",
      "src/contest",
      "src/packages",
      "src/node",
      "src/api",
      "src/archive",
      "sessions",
      "sage",
      "sandbox",
      "sim",
    ],
    packages: "any",
    pure: false,
  },
};

const IMPORT =
  /\b(?:import|export)\s+(?:type\s+)?[\w$*\s{},]+?\s+from\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;
/** What a pure machine must get through an event or hand out as an effect. */
const IMPURE =
  /\b(Date\.now|new Date\(\s*\)|Math\.random|performance\.|setTimeout|setInterval|setImmediate|queueMicrotask|crypto\.getRandomValues|randomBytes|console\.|process\.|async |await |new Promise|globalThis\.)/;

function folderOf(file: string): string | undefined {
  return Object.keys(RULES)
    .filter((folder) => file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function within(target: string, folder: string): boolean {
  return target === folder || target.startsWith(`${folder}/`);
}

/** The face of the folder a file lies in: `index.ts` of one of the folder's ancestors-or-self up to the allowed root. */
function isFace(target: string): boolean {
  return path.basename(target) === "index.ts";
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

/** One line per violation: `file: what`. */
export function arrowProblems(file: string, text: string): readonly string[] {
  const folder = folderOf(file);
  const rule = folder === undefined ? undefined : RULES[folder];
  if (folder === undefined || rule === undefined) return [`${file}: no rule covers its folder`];
  const code = withoutComments(text);
  const problems: string[] = [];
  for (const match of code.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? "";
    const problem = specifier.startsWith(".")
      ? relativeProblem(file, folder, rule, specifier)
      : packageProblem(folder, rule, specifier);
    if (problem !== undefined) problems.push(`${file}: ${problem}`);
  }
  if (rule.pure) {
    for (const [index, line] of code.split("\n").entries()) {
      const found = IMPURE.exec(line);
      if (found !== null)
        problems.push(`${file}:${index + 1}: ${folder} is pure, but reaches for \`${(found[1] ?? "").trim()}\``);
    }
  }
  return problems;
}

function relativeProblem(file: string, folder: string, rule: FolderRule, specifier: string): string | undefined {
  const target = path.normalize(path.join(path.dirname(file), specifier));
  if (within(target, folder) && folderOf(target) === folder) return undefined;
  const allowed = rule.folders.find(
    (other) => within(target, other) && within(folderOf(target) ?? "", other.split("/")[0] ?? ""),
  );
  if (allowed === undefined) return `${folder} may not import ${target}`;
  // src/model is the common vocabulary; its files are small modules that anyone may name directly.
  if (allowed === "src/model" || isFace(target)) return undefined;
  return `${target} is inside ${allowed}: import its face (index.ts)`;
}

function packageProblem(folder: string, rule: FolderRule, specifier: string): string | undefined {
  if (rule.packages === "any") return undefined;
  const allowed = rule.packages.some((pattern) =>
    pattern.endsWith("*")
      ? specifier.startsWith(pattern.slice(0, -1))
      : specifier === pattern || specifier.startsWith(`${pattern}/`),
  );
  return allowed ? undefined : `${folder} may not import ${specifier}`;
}
