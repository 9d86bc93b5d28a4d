/** What a compiler said, as one line. */

const LINE_CHARACTERS_MAX = 300;
/** `main.cpp:3:5: error: …`, `linker: error: …`, `main.ts: error (line 1): …` */
const COMPILER_ERROR = /(?:^|[\s:])(?:fatal )?error(?:: | \()/;
/** What a judge says before the log of a program of the package. */
const JUDGE = /^judge error: (?:[^:\n]* does not compile: )?/;
/** `  File "main.py", line 3`, or `    at main.js:1:71` */
const PLACE = /^\s*(?:File "(?<python>[^"]+)", line (?<line>\d+)|at (?<script>\S+:\d+))/;
/** `SyntaxError: …` */
const EXCEPTION = /^[A-Z]\w*(?:Error|Exception)\b/;

/** The first error with its file and line, where one can be told; else the log on one line. Empty for an empty log. */
export function firstError(log: string): string {
  const said = JUDGE.exec(log)?.[0] ?? "";
  if (said !== "") return `${said}${firstError(log.slice(said.length))}`;
  const lines = log
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "");
  const error = lines.find((line) => COMPILER_ERROR.test(line)) ?? exceptionIn(lines) ?? lines.join(" | ");
  const text = error.trim();
  return text.length > LINE_CHARACTERS_MAX ? `${text.slice(0, LINE_CHARACTERS_MAX)}…` : text;
}

/** Its place stands in another line. */
function exceptionIn(lines: readonly string[]): string | undefined {
  const error = lines.find((line) => EXCEPTION.test(line));
  const place = lines.map((line) => PLACE.exec(line)?.groups).findLast((groups) => groups !== undefined);
  if (error === undefined || place === undefined) return undefined;
  return `${place["script"] ?? `${place["python"]}:${place["line"]}`}: ${error}`;
}
