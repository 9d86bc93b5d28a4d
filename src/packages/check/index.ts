/**
 * Checks a contest folder as a careful judge would, before anybody takes part.
 *
 * ```ts
 * const { findings } = await checkContest("contests/spring");
 * for (const finding of findings) console.log(formatFinding(finding));
 * ```
 *
 * Rules live in `rules/`; each finding names file, line where it makes sense, severity and rule.
 */
export { checkContest, type CheckedContest, checkPackage } from "./check.ts";
export { type Finding, formatFinding, type Severity } from "./finding.ts";
export { type InputValidator, inputValidatorArgs, readInput, readInputValidators } from "./input-validators.ts";
export type { CheckOptions } from "./subject.ts";
