/** What a check finds. */
import { formatPosition, type Position } from "../errors.ts";

export type Severity = "error" | "warning";

export interface Finding extends Position {
  readonly severity: Severity;
  /** Stable, kebab-case: `license-unknown`. */
  readonly rule: string;
  /** One sentence, without a full stop. */
  readonly message: string;
}

export type Report = (severity: Severity, rule: string, position: Position, message: string) => void;

/** Of one rule in one package, so that a thousand files with one fault are one story. */
const SAME_RULE_MAX = 5;

/** `hello/problem.yaml:3: error: … [license-unknown]` */
export function formatFinding(finding: Finding): string {
  return `${formatPosition(finding)}: ${finding.severity}: ${finding.message} [${finding.rule}]`;
}

/** Collects findings whose files lie below `prefix`; of each rule the first few, and how many more there are. */
export class Findings {
  readonly #prefix: string;
  readonly #byRule = new Map<string, Finding[]>();

  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  readonly report: Report = (severity, rule, { file, line }, message) => {
    const place = [this.#prefix, file].filter((part) => part !== "" && part !== ".").join("/") || ".";
    const found = this.#byRule.get(rule) ?? [];
    this.#byRule.set(rule, found);
    found.push({ severity, rule, message, file: place, ...(line === undefined ? {} : { line }) });
  };

  list(): Finding[] {
    return [...this.#byRule.values()].flatMap((found) => {
      const shown = found.slice(0, SAME_RULE_MAX);
      const last = shown.at(-1);
      const more = found.length - shown.length;
      if (last === undefined || more === 0) return shown;
      return [
        ...shown,
        {
          severity: last.severity,
          rule: last.rule,
          file: this.#prefix || ".",
          message: `… and ${more} more of the same`,
        },
      ];
    });
  }
}

/** By file and line; errors before warnings of one place. */
export function sortedFindings(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding): number => (finding.severity === "error" ? 0 : 1);
  return [...findings].sort((a, b) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1;
    return (a.line ?? 0) - (b.line ?? 0) || rank(a) - rank(b);
  });
}
