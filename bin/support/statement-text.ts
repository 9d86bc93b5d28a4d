/** Statements for a terminal: the commands that problem statements use, turned into plain text; formulas stay as they are. */

export function plainStatement(text: string, type: "tex" | "md"): string {
  const lines = (type === "tex" ? fromTex(text) : text).replaceAll("\r\n", "\n");
  return lines.replaceAll(/\n{3,}/g, "\n\n").trim();
}

const RULES: readonly (readonly [RegExp, string])[] = [
  [/(^|[^\\])%.*$/gm, "$1"],
  [/\\problemname\{[^{}]*\}\s*/g, ""],
  [/\\(?:section|subsection|paragraph)\*?\{([^{}]*)\}/g, "\n$1\n"],
  [/\\(?:begin|end)\{(?:itemize|enumerate|center|figure|quote)\}(?:\[[^\]]*\])?/g, ""],
  [/\\item\s*/g, "  - "],
  [/\\includegraphics(?:\[[^\]]*\])?\{([^{}]*)\}/g, "[image $1]"],
  [/\\illustration\{[^{}]*\}\{([^{}]*)\}\{[^{}]*\}/g, "[image $1]"],
  [/\\(?:emph|textbf|textit|texttt|verb|underline)\{([^{}]*)\}/g, "$1"],
  [/\\href\{([^{}]*)\}\{([^{}]*)\}/g, "$2 ($1)"],
  [/\\url\{([^{}]*)\}/g, "$1"],
  [/``|''/g, '"'],
  [/---/g, "—"],
  [/\\([%&#_$])/g, "$1"],
  [/\\\\$/gm, ""],
  [/~/g, " "],
];

function fromTex(text: string): string {
  return RULES.reduce((done, [pattern, replacement]) => done.replaceAll(pattern, replacement), text);
}
