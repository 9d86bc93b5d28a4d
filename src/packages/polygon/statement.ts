/** Statements: Polygon keeps them in sections of TeX. */
import type { PackageTree } from "../tree.ts";
import type { PolygonProblem } from "./problem-xml.ts";

export interface ConvertedStatement {
  /** Below the package. */
  readonly path: string;
  readonly content: string | { readonly copyOf: string };
}

const SECTION_BYTES_MAX = 1024 * 1024;

/** ISO 639 codes of Polygon's languages. */
const LANGUAGES: Readonly<Record<string, string>> = {
  english: "en",
  russian: "ru",
  ukrainian: "uk",
  belarusian: "be",
  kazakh: "kk",
  polish: "pl",
  german: "de",
  french: "fr",
  spanish: "es",
  portuguese: "pt",
  italian: "it",
  romanian: "ro",
  hungarian: "hu",
  czech: "cs",
  slovak: "sk",
  slovene: "sl",
  bulgarian: "bg",
  serbian: "sr",
  croatian: "hr",
  greek: "el",
  turkish: "tr",
  azerbaijani: "az",
  armenian: "hy",
  georgian: "ka",
  uzbek: "uz",
  kyrgyz: "ky",
  tajik: "tg",
  mongolian: "mn",
  chinese: "zh",
  japanese: "ja",
  korean: "ko",
  vietnamese: "vi",
  thai: "th",
  indonesian: "id",
  arabic: "ar",
  persian: "fa",
  hebrew: "he",
  hindi: "hi",
  lithuanian: "lt",
  latvian: "lv",
  estonian: "et",
  finnish: "fi",
  swedish: "sv",
  norwegian: "nb",
  danish: "da",
  dutch: "nl",
}; // prettier-ignore

/** Titles are English throughout: statements in other languages read well enough, and the format has no own sections. */
const SECTIONS: readonly (readonly [string, string])[] = [
  ["legend", ""],
  ["input", "Input"],
  ["output", "Output"],
  ["interaction", "Interaction"],
  ["scoring", "Scoring"],
  ["notes", "Notes"],
];
const IMAGE = /\.(?:png|jpe?g|pdf|eps|svg|gif)$/i;

export function languageCode(name: string): string | undefined {
  return LANGUAGES[name.toLowerCase()];
}

export async function convertStatements(
  tree: PackageTree,
  problem: PolygonProblem,
  warn: (message: string) => void,
): Promise<ConvertedStatement[]> {
  const converted: ConvertedStatement[] = [];
  const languages = [...new Set([...problem.names.keys(), ...problem.statements.map((each) => each.language)])];
  for (const language of languages) {
    const code = languageCode(language);
    if (code === undefined) {
      warn(`statements in "${language}" are left out: the language is not known`);
      continue;
    }
    const name = problem.names.get(language) ?? problem.shortName;
    const text = (await fromSections(tree, language, name)) ?? (await fromTex(tree, problem, language, name));
    if (text === undefined) {
      const pdf = problem.statements.find((each) => each.language === language && each.path.endsWith(".pdf"));
      if (pdf !== undefined && tree.has(pdf.path))
        converted.push({ path: `statement/problem.${code}.pdf`, content: { copyOf: pdf.path } });
      continue;
    }
    converted.push({ path: `statement/problem.${code}.tex`, content: text });
    const taken = new Set(converted.map(({ path }) => path));
    for (const folder of [`statement-sections/${language}`, `statements/${language}`]) {
      for (const entry of tree.list(folder)) {
        const path = `statement/${entry.name}`;
        if (entry.type !== "file" || !IMAGE.test(entry.name) || taken.has(path) || entry.name.startsWith("problem."))
          continue;
        taken.add(path);
        converted.push({ path, content: { copyOf: entry.path } });
      }
    }
  }
  return converted;
}

async function fromSections(tree: PackageTree, language: string, name: string): Promise<string | undefined> {
  const folder = `statement-sections/${language}`;
  if (!tree.has(`${folder}/legend.tex`)) return undefined;
  const parts = [`\\problemname{${name}}`];
  for (const [section, title] of SECTIONS) {
    const file = `${folder}/${section}.tex`;
    const text = tree.has(file) ? (await tree.readText(file, SECTION_BYTES_MAX)).replaceAll("\r\n", "\n").trim() : "";
    if (text !== "") parts.push(title === "" ? text : `\\section*{${title}}\n${text}`);
  }
  return `${parts.join("\n\n")}\n`;
}

/** Olymp.sty's `\begin{problem}{…}…\InputFile … \OutputFile … \Note … \end{problem}`, as sections. */
async function fromTex(
  tree: PackageTree,
  problem: PolygonProblem,
  language: string,
  name: string,
): Promise<string | undefined> {
  const stated = problem.statements.find((each) => each.language === language && each.path.endsWith(".tex"));
  const file = [stated?.path, `statements/${language}/problem.tex`].find(
    (each) => each !== undefined && tree.has(each),
  );
  if (file === undefined) return undefined;
  const text = (await tree.readText(file, SECTION_BYTES_MAX)).replaceAll("\r\n", "\n");
  const body = /\\begin\{problem\}(?:\s*\{[^{}]*\}){0,6}([\s\S]*?)\\end\{problem\}/.exec(text)?.[1] ?? text;
  const sections = body
    .replaceAll(/\\InputFile\b/g, "\\section*{Input}")
    .replaceAll(/\\OutputFile\b/g, "\\section*{Output}")
    .replaceAll(/\\Interaction\b/g, "\\section*{Interaction}")
    .replaceAll(/\\Scoring\b/g, "\\section*{Scoring}")
    .replaceAll(/\\Notes?\b/g, "\\section*{Notes}")
    .replaceAll(/\\Examples?\b[\s\S]*?\\end\{example(?:wide)?\}/g, "");
  return `\\problemname{${name}}\n\n${sections.trim()}\n`;
}
