/** Languages a contest may allow. The ids are the ones of the Kattis problem package format (2025-09) where it names them. */
export const LANGUAGES = ["c", "cpp", "python3", "javascript", "typescript", "java", "kotlin", "go", "rust"] as const;
export type Language = (typeof LANGUAGES)[number];

const EXTENSIONS: Readonly<Record<string, Language>> = {
  c: "c",
  cc: "cpp",
  cpp: "cpp",
  cxx: "cpp",
  "c++": "cpp",
  C: "cpp",
  py: "python3",
  py3: "python3",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "typescript",
  java: "java",
  kt: "kotlin",
  go: "go",
  rs: "rust",
};

/** The language a file's ending stands for, or undefined. */
export function languageOfFile(filename: string): Language | undefined {
  const dot = filename.lastIndexOf(".");
  return dot < 0 ? undefined : EXTENSIONS[filename.slice(dot + 1)];
}

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}
