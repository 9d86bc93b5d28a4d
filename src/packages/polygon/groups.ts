/** Polygon's groups and points, as folders of the 2025-09 format with their settings. */
import { stringify } from "yaml";
import { POINTS_ARGUMENT } from "./testlib-adapter.ts";
import type { PolygonGroup, PolygonProblem, PolygonTest } from "./problem-xml.ts";

export interface TestPlace {
  readonly test: PolygonTest;
  /** Below `data/`, without ending. */
  readonly stem: string;
}

export interface TestLayout {
  readonly scoring: boolean;
  readonly places: readonly TestPlace[];
  /** `test_group.yaml` files, and those of single tests, by path below `data/`. */
  readonly settings: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

interface Folder {
  /** In Polygon. */
  readonly group: string;
  readonly tests: readonly PolygonTest[];
  readonly points: number;
  readonly aggregation: "pass-fail" | "sum";
}

/** What the programs do, as far as their sources tell. */
export interface ProgramTraits {
  /** The checker may give a test a part of its points. */
  readonly pointsByChecker: boolean;
  /** It wants to know the test's group (`checker.group()`). */
  readonly checkerAsksGroup: boolean;
  /** So does a validator. */
  readonly validatorAsksGroup: boolean;
}

export function testLayout(problem: PolygonProblem, traits: ProgramTraits): TestLayout {
  const { tests } = problem;
  const samples = tests.filter((test) => test.sample);
  const scoring =
    tests.some((test) => (test.points ?? 0) > 0) || problem.groups.some((group) => (group.points ?? 0) > 0);
  const sampleTests = samples.map((test) => ({ test, stem: `sample/${padded(test.number)}` }));
  if (!scoring) {
    const secret = tests.filter((test) => !test.sample);
    // A problem whose every test is a sample is judged on those all the same.
    const places = (secret.length > 0 ? secret : samples).map((test) => ({
      test,
      stem: `secret/${padded(test.number)}`,
    }));
    const all = [...sampleTests, ...places];
    return { scoring, places: all, settings: settingsOfTests(all, traits), warnings: [] };
  }
  return scoringLayout(problem, sampleTests, traits);
}

/** Tests outside of their group's folder tell the programs their group themselves. */
function settingsOfTests(places: readonly TestPlace[], traits: ProgramTraits): Map<string, string> {
  return new Map(
    places.flatMap(({ test, stem }) => {
      const settings = groupArguments(test.group, [], traits);
      return Object.keys(settings).length === 0 ? [] : [[`${stem}.yaml`, stringify(settings)] as const];
    }),
  );
}

function groupArguments(
  group: string | undefined,
  checkerArgs: readonly string[],
  { checkerAsksGroup, validatorAsksGroup }: ProgramTraits,
): Readonly<Record<string, readonly string[]>> {
  const named = group === undefined || group === "" ? [] : ["--group", group];
  const output = [...checkerArgs, ...(checkerAsksGroup ? named : [])];
  return {
    ...(output.length > 0 ? { output_validator_args: output } : {}),
    ...(validatorAsksGroup && named.length > 0 ? { input_validator_args: named } : {}),
  };
}

function scoringLayout(problem: PolygonProblem, sampleTests: readonly TestPlace[], traits: ProgramTraits): TestLayout {
  const warnings: string[] = [];
  const groups = new Map(problem.groups.map((group) => [group.name, group]));
  const folders = orderedGroups(problem, warnings).flatMap((name) =>
    foldersOf(problem, groups.get(name), name, warnings),
  );
  const places: TestPlace[] = [...sampleTests];
  const settings = settingsOfTests(sampleTests, traits);
  const names = new Map<string, string[]>();
  let total = 0;
  for (const [index, { group, tests, points, aggregation }] of folders.entries()) {
    const name = `${padded(index + 1)}-${plainName(group)}`;
    names.set(group, [...(names.get(group) ?? []), `secret/${name}`]);
    const required = (groups.get(group)?.dependencies ?? []).flatMap(
      (each) => names.get(each) ?? sampleIf(sampleTests, each),
    );
    const whole = Math.round(points);
    if (whole !== points) warnings.push(`the ${points} points of group "${group}" are rounded to ${whole}`);
    total += whole;
    const requirePass = [...new Set(required)];
    const each = aggregation === "sum" ? ["share", String(whole / tests.length)] : ["all", "0"];
    const pointsArgs = traits.pointsByChecker ? [POINTS_ARGUMENT, ...each] : [];
    settings.set(
      `secret/${name}/test_group.yaml`,
      stringify({
        max_score: whole,
        score_aggregation: aggregation,
        ...(requirePass.length === 0 ? {} : { require_pass: requirePass }),
        ...groupArguments(group, pointsArgs, traits),
      }),
    );
    places.push(...tests.map((test) => ({ test, stem: `secret/${name}/${padded(test.number)}` })));
  }
  settings.set("secret/test_group.yaml", stringify({ max_score: total, score_aggregation: "sum" }));
  return { scoring: true, places, settings, warnings };
}

/** A group whose every test is a sample without points lies in `sample` alone. */
function sampleIf(sampleTests: readonly TestPlace[], group: string): string[] {
  return sampleTests.some(({ test }) => test.group === group) ? ["sample"] : [];
}

/** Names of the groups that have tests worth something, whoever is depended upon first. */
function orderedGroups(problem: PolygonProblem, warnings: string[]): readonly string[] {
  const present = [...new Set(problem.tests.map((test) => test.group ?? ""))];
  const dependencies = new Map(problem.groups.map((group) => [group.name, group.dependencies]));
  const ordered: string[] = [];
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.includes(name) || !present.includes(name)) return;
    if (visiting.has(name)) {
      warnings.push(`group "${name}" depends on itself; the dependency is left out`);
      return;
    }
    visiting.add(name);
    for (const other of dependencies.get(name) ?? []) visit(other);
    ordered.push(name);
  };
  for (const name of present) visit(name);
  return ordered;
}

/** One folder for a group; one for each test where tests of a group are worth different points. */
function foldersOf(
  problem: PolygonProblem,
  group: PolygonGroup | undefined,
  name: string,
  warnings: string[],
): readonly Folder[] {
  const tests = problem.tests.filter((test) => (test.group ?? "") === name);
  const ofTests = tests.reduce((sum, test) => sum + (test.points ?? 0), 0);
  const points = group?.points ?? ofTests;
  if (points === 0 && tests.every((test) => test.sample)) return [];
  if (group?.policy === "complete-group") return [{ group: name, tests, points, aggregation: "pass-fail" }];
  const each = new Set(tests.map((test) => test.points ?? 0));
  if (each.size <= 1) return [{ group: name, tests, points, aggregation: "sum" }];
  if (group !== undefined)
    warnings.push(`tests of group "${name}" are worth different points: each has a group of its own here`);
  return tests.map((test) => ({ group: name, tests: [test], points: test.points ?? 0, aggregation: "sum" }));
}

function padded(value: number): string {
  return String(value).padStart(3, "0");
}

function plainName(group: string): string {
  return group.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, 40) || "tests";
}
