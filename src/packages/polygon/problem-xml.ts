/** `problem.xml` of Polygon (https://polygon.codeforces.com), read into what we use of it. */
import { TESTS_MAX } from "../bounds.ts";
import { PolygonError } from "./errors.ts";
import { child, children, parseXml, type XmlElement } from "./xml.ts";

export interface PolygonTest {
  /** From 1: what the path patterns are filled with. */
  readonly number: number;
  readonly sample: boolean;
  readonly points: number | undefined;
  readonly group: string | undefined;
}

export interface PolygonGroup {
  readonly name: string;
  readonly policy: "complete-group" | "each-test";
  readonly points: number | undefined;
  readonly dependencies: readonly string[];
}

export interface PolygonSource {
  readonly path: string;
  /** `cpp.g++17`, `python.3`. */
  readonly type: string;
}

export interface PolygonProblem {
  readonly shortName: string;
  readonly url: string | undefined;
  /** By Polygon's name of the language: `english`. */
  readonly names: ReadonlyMap<string, string>;
  readonly timeMs: number;
  readonly memoryBytes: number;
  readonly inputPattern: string;
  readonly answerPattern: string;
  readonly tests: readonly PolygonTest[];
  readonly groups: readonly PolygonGroup[];
  readonly statements: readonly { readonly language: string; readonly path: string; readonly type: string }[];
  readonly checker: (PolygonSource & { readonly name: string | undefined }) | undefined;
  readonly interactor: PolygonSource | undefined;
  readonly validators: readonly PolygonSource[];
  readonly solutions: readonly (PolygonSource & { readonly tag: string })[];
  readonly resources: readonly string[];
  readonly tags: readonly string[];
  readonly warnings: readonly string[];
}

const FILE = "problem.xml";
const TIME_MS_MAX = 600_000;

/** @throws PolygonError with file and line. */
export function readProblemXml(text: string): PolygonProblem {
  const root = parseXml(text, FILE);
  if (root.name !== "problem") fail("is no problem of Polygon", root);
  const judging = child(root, "judging");
  const testset = chosenTestset(judging) ?? fail('has no "testset"', root);
  const warnings: string[] = [];
  const named = (key: string): string | undefined => judging?.attributes[key];
  for (const key of ["input-file", "output-file"]) {
    if ((named(key) ?? "") !== "")
      warnings.push(
        `the problem reads or writes the file "${named(key)}"; here programs use standard input and output`,
      );
  }
  if (Number(named("run-count") ?? "1") > 1) fail("runs the solution twice, which is not supported", judging ?? root);
  return {
    shortName: root.attributes["short-name"] ?? fail('has no "short-name"', root),
    url: root.attributes["url"],
    names: new Map(
      children(root, "names", "name").map((name) => [
        name.attributes["language"] ?? "english",
        name.attributes["value"] ?? "",
      ]),
    ),
    timeMs: number(child(testset, "time-limit"), testset, 1, TIME_MS_MAX),
    memoryBytes: number(child(testset, "memory-limit"), testset, 1, 2 ** 40),
    inputPattern: child(testset, "input-path-pattern")?.text ?? fail('has no "input-path-pattern"', testset),
    answerPattern: child(testset, "answer-path-pattern")?.text ?? fail('has no "answer-path-pattern"', testset),
    tests: readTests(testset),
    groups: children(testset, "groups", "group").map(readGroup),
    statements: children(root, "statements", "statement").map(({ attributes }) => ({
      language: attributes["language"] ?? "english",
      path: attributes["path"] ?? "",
      type: attributes["type"] ?? "",
    })),
    checker: readChecker(child(root, "assets", "checker")),
    interactor: sourceOf(child(root, "assets", "interactor")),
    validators: children(root, "assets", "validators", "validator").flatMap((each) => sourceOf(each) ?? []),
    solutions: children(root, "assets", "solutions", "solution").flatMap((each) => {
      const source = sourceOf(each);
      return source === undefined ? [] : [{ ...source, tag: each.attributes["tag"] ?? "accepted" }];
    }),
    resources: children(root, "files", "resources", "file").flatMap(({ attributes }) => attributes["path"] ?? []),
    tags: children(root, "tags", "tag").flatMap(({ attributes }) => attributes["value"] ?? []),
    warnings,
  };
}

/** `tests`, as in most packages; else the last one, which is the final one. */
function chosenTestset(judging: XmlElement | undefined): XmlElement | undefined {
  const testsets = children(judging, "testset");
  return testsets.find((each) => each.attributes["name"] === "tests") ?? testsets.at(-1);
}

function readTests(testset: XmlElement): PolygonTest[] {
  const listed = children(testset, "tests", "test");
  const counted = child(testset, "test-count");
  const count = counted === undefined ? listed.length : number(counted, testset, 0, TESTS_MAX);
  if (listed.length > TESTS_MAX) fail(`has more than ${TESTS_MAX} tests`, testset);
  return Array.from({ length: Math.max(count, listed.length) }, (_, index) => {
    const attributes = listed[index]?.attributes ?? {};
    const points = attributes["points"];
    return {
      number: index + 1,
      sample: attributes["sample"] === "true",
      points: points === undefined ? undefined : finite(points, listed[index] ?? testset),
      group: attributes["group"],
    };
  });
}

function readGroup(element: XmlElement): PolygonGroup {
  const { name, points, "points-policy": policy } = element.attributes;
  return {
    name: name ?? fail("a group needs a name", element),
    policy: policy === "each-test" ? "each-test" : "complete-group",
    points: points === undefined ? undefined : finite(points, element),
    dependencies: children(element, "dependencies", "dependency").flatMap(
      ({ attributes }) => attributes["group"] ?? [],
    ),
  };
}

function readChecker(element: XmlElement | undefined): PolygonProblem["checker"] {
  const source = sourceOf(element);
  return source === undefined ? undefined : { ...source, name: element?.attributes["name"] };
}

function sourceOf(element: XmlElement | undefined): PolygonSource | undefined {
  const source = child(element, "source");
  const path = source?.attributes["path"];
  return path === undefined ? undefined : { path, type: source?.attributes["type"] ?? "" };
}

function number(element: XmlElement | undefined, parent: XmlElement, min: number, max: number): number {
  if (element === undefined) return fail("lacks a number that it needs (time-limit, memory-limit)", parent);
  const value = finite(element.text, element);
  return Number.isSafeInteger(value) && value >= min && value <= max
    ? value
    : fail(`"${element.name}" must be a whole number between ${min} and ${max}`, element);
}

function finite(text: string, at: XmlElement): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : fail(`"${text.slice(0, 40)}" is no number`, at);
}

function fail(message: string, { line }: XmlElement): never {
  throw new PolygonError("DIKAST_POLYGON_BAD_VALUE", message, { file: FILE, line });
}

/** Fills `tests/%02d.a` with a number. Undefined for a pattern that is none. */
export function filledPattern(pattern: string, value: number): string | undefined {
  const match = /^([^%]*)%(0?)(\d?)d([^%]*)$/.exec(pattern);
  if (match === null) return undefined;
  const [, before = "", zero = "", width = "", after = ""] = match;
  return `${before}${String(value).padStart(Number(width || "0"), zero === "0" ? "0" : " ")}${after}`.replaceAll(
    "\\",
    "/",
  );
}
