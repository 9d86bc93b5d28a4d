/** Problem statements: one per language, and the name they give the problem. */
import { STATEMENT_BYTES_MAX } from "./bounds.ts";
import type { Statement } from "./model.ts";
import type { PackageTree } from "./tree.ts";

const FILE = /^problem(?:\.(?<language>[a-z]{2,3}(?:-[A-Z]{2})?))?\.(?<type>tex|md|pdf)$/;

/** The statement of a package without a folder of statements. */
const ROOT_FILE = "problem.pdf";

/** From the first of these folders that exists. `names`: by language, from problem.yaml (2025-09); they win over titles in the text. */
export async function readStatements(
  tree: PackageTree,
  folders: readonly string[],
  names: ReadonlyMap<string, string>,
  fallbackName: string,
): Promise<Statement[]> {
  const folder = folders.find((candidate) => tree.hasDirectory(candidate));
  // DOMjudge's packages keep it beside problem.yaml.
  if (folder === undefined && tree.has(ROOT_FILE))
    return [{ language: "en", file: ROOT_FILE, type: "pdf", name: names.get("en") ?? fallbackName }];
  if (folder === undefined) return [];
  const statements: Statement[] = [];
  for (const entry of tree.list(folder)) {
    const groups = entry.type === "file" ? FILE.exec(entry.name)?.groups : undefined;
    if (groups === undefined) continue;
    const type = groups["type"] as Statement["type"];
    const language = groups["language"] ?? "en";
    const title = type === "tex" ? titleOf(await tree.readHead(entry.path, STATEMENT_BYTES_MAX)) : undefined;
    statements.push({ language, file: entry.path, type, name: names.get(language) ?? title ?? fallbackName });
  }
  return statements;
}

/** `%% plainproblemname: …` or `\problemname{…}`. The bytes were decoded one by one, so that a cut file is no error. */
function titleOf(latin1: string): string | undefined {
  const text = new TextDecoder().decode(Uint8Array.from(latin1, (character) => character.charCodeAt(0)));
  const plain = /^%%\s*plainproblemname:\s*(\S.*?)\s*$/m.exec(text)?.[1];
  const title = plain ?? /\\problemname\{((?:[^{}]|\{[^{}]*\})*)\}/.exec(text)?.[1]?.trim();
  return title === "" ? undefined : title;
}

/** English if there is any, else the first language. */
export function mainName(statements: readonly Statement[], names: ReadonlyMap<string, string>): string | undefined {
  const english = names.get("en") ?? statements.find((statement) => statement.language === "en")?.name;
  return english ?? [...names.values()][0] ?? statements[0]?.name;
}
