/** The test groups of `data/`, in the order and with the settings of the package's format. */
import { type Constants, constantsInText } from "../model/constants.ts";
import {
  PASS_FAIL_SCORING,
  type GroupScoring,
  type TestCase,
  type TestGroup,
  type TestNode,
} from "../model/problem.ts";
import { TESTS_MAX, YAML_BYTES_MAX } from "./bounds.ts";
import { PackageError, type Fail, type Warning } from "./errors.ts";
import type { Sample } from "./model.ts";
import {
  LEGACY_DEFAULT,
  type LegacyGroupConfig,
  type PointsRole,
  readLegacyGroup,
  readPoints,
  readTestConfig,
  type TestConfig,
} from "./scoring.ts";
import { compareNames, type PackageTree } from "./tree.ts";
import { parseYaml, type YamlMap } from "./yaml.ts";

export interface TestDataContext {
  readonly tree: PackageTree;
  readonly scoring: boolean;
  /** Put into `test_group.yaml`. */
  readonly constants: Constants;
  readonly fail: Fail;
  readonly warn: (warning: Warning) => void;
}

export interface TestData {
  readonly root: TestGroup;
  /** The worst and best score that the package promises, in millionths; undefined = unbounded or not said. */
  readonly rangeMicros: { readonly min: number | undefined; readonly max: number | undefined };
}

/** Legacy grading is meant wherever a `testdata.yaml` lies, also in drafts of the newer format. */
export function hasLegacyGrading(tree: PackageTree): boolean {
  return tree.below("data").some((entry) => entry.name === "testdata.yaml");
}

/** `validatorFlags`: of problem.yaml, before those of the groups. */
export async function readLegacyTestData(
  context: TestDataContext,
  validatorFlags: readonly string[],
): Promise<TestData> {
  const { tree } = context;
  const readGroup = async (
    directory: string,
    parent: LegacyGroupConfig,
  ): Promise<{ group: TestGroup; config: LegacyGroupConfig }> => {
    const map = await readYaml(context, `${directory}/testdata.yaml`);
    const config = map === undefined ? parent : readLegacyGroup(map, parent, context.warn);
    const isRoot = directory === "data";
    const children: TestNode[] = [];
    for (const item of itemsOf(context, directory, isRoot ? [] : testNames(context, directory))) {
      if (item.type === "group") {
        const { group } = await readGroup(item.path, config);
        if (group.children.length > 0) children.push({ type: "group", group });
      } else {
        children.push({ type: "test", test: testCase(item.path, config) });
      }
    }
    const ignoreSample = isRoot && config.scoring.ignoreSample;
    return { group: { id: idOf(directory), scoring: { ...config.scoring, ignoreSample }, children }, config };
  };
  const { group, config } = await readGroup("data", LEGACY_DEFAULT);
  return { root: checked(context, group), rangeMicros: config.rangeMicros };

  function testCase(path: string, { outputValidatorFlags, inputValidatorArgs }: LegacyGroupConfig): TestCase {
    const validatorArgs = [...validatorFlags, ...outputValidatorFlags];
    return { id: idOf(path), ...testFiles(tree, path), validatorArgs, ...ifAny({ inputValidatorArgs }) };
  }
}

/** `validatorFlags`: of a draft's problem.yaml, for tests whose groups say nothing. 2025-09: `sample`, and `secret` with either tests or groups, the groups' folders flattened. */
export async function readModernTestData(
  context: TestDataContext,
  validatorFlags: readonly string[],
): Promise<TestData> {
  const inherited: TestConfig = {
    outputValidatorArgs: validatorFlags,
    inputValidatorArgs: undefined,
    args: undefined,
  };
  const groups: TestNode[] = [];
  let max: number | undefined;
  for (const role of ["sample", "secret"] as const) {
    const directory = `data/${role}`;
    if (!context.tree.hasDirectory(directory)) continue;
    const map = await readYaml(context, `${directory}/test_group.yaml`);
    const config = map === undefined ? inherited : merged(readTestConfig(map, "group", context.warn), inherited);
    const scoring = groupScoring(context, map, role);
    if (role === "secret" && scoring.type === "points" && scoring.maxScoreMicros !== "unbounded") {
      max = scoring.maxScoreMicros;
    }
    const children: TestNode[] = [];
    for (const item of itemsOf(context, directory, testNames(context, directory))) {
      if (item.type === "test") children.push({ type: "test", test: await modernTest(context, item.path, config) });
      else children.push(...(await modernGroup(context, item.path, role, config)));
    }
    if (
      role === "secret" &&
      children.some((child) => child.type === "test") &&
      children.some((child) => child.type === "group")
    ) {
      context.warn({ file: directory, message: "holds tests beside test groups, which the format does not allow" });
    }
    if (children.length > 0) groups.push({ type: "group", group: { id: role, scoring, children } });
  }
  const root: TestGroup = { id: "", scoring: PASS_FAIL_SCORING, children: groups };
  return { root: checked(context, root), rangeMicros: { min: 0, max } };
}

async function modernGroup(
  context: TestDataContext,
  directory: string,
  role: "sample" | "secret",
  parent: TestConfig,
): Promise<TestNode[]> {
  const map = await readYaml(context, `${directory}/test_group.yaml`);
  const config = map === undefined ? parent : merged(readTestConfig(map, "group", context.warn), parent);
  const tests: TestNode[] = [];
  const collect = async (folder: string): Promise<void> => {
    for (const item of itemsOf(context, folder, testNames(context, folder))) {
      if (item.type === "group") await collect(item.path);
      else tests.push({ type: "test", test: await modernTest(context, item.path, config) });
    }
  };
  await collect(directory);
  if (role === "sample") {
    context.warn({ file: directory, message: "sample must not hold test groups; its tests are taken as samples" });
    return tests;
  }
  if (tests.length === 0) return [];
  return [
    { type: "group", group: { id: idOf(directory), scoring: groupScoring(context, map, "group"), children: tests } },
  ];
}

async function modernTest(context: TestDataContext, path: string, parent: TestConfig): Promise<TestCase> {
  const map = await readYaml(context, `${path}.yaml`);
  const config = map === undefined ? parent : merged(readTestConfig(map, "test", context.warn), parent);
  const { args = [], inputValidatorArgs = [] } = config;
  return {
    id: idOf(path),
    ...testFiles(context.tree, path),
    validatorArgs: config.outputValidatorArgs ?? [],
    ...ifAny({ inputValidatorArgs }),
    ...(args.length === 0 ? {} : { args }),
  };
}

function ifAny({ inputValidatorArgs }: Required<Pick<TestCase, "inputValidatorArgs">>): Partial<TestCase> {
  return inputValidatorArgs.some(({ args }) => args.length > 0) ? { inputValidatorArgs } : {};
}

function groupScoring(context: TestDataContext, map: YamlMap | undefined, role: PointsRole): GroupScoring {
  return context.scoring ? readPoints(map, role) : PASS_FAIL_SCORING;
}

function merged(own: TestConfig, parent: TestConfig): TestConfig {
  return {
    outputValidatorArgs: own.outputValidatorArgs ?? parent.outputValidatorArgs,
    inputValidatorArgs: own.inputValidatorArgs ?? parent.inputValidatorArgs,
    args: own.args ?? parent.args,
  };
}

/** 2025-09.md "Input": what lies in `.files` is put beside the submission. */
function testFiles(tree: PackageTree, path: string): Pick<TestCase, "inputFile" | "answerFile" | "extraFiles"> {
  const extraFiles = tree.below(`${path}.files`).map((entry) => entry.path);
  return {
    inputFile: tree.target(`${path}.in`),
    answerFile: tree.target(`${path}.ans`),
    ...(extraFiles.length === 0 ? {} : { extraFiles }),
  };
}

/** Names (without ending) of a folder's tests: an `.in` with an `.ans`. */
function testNames(context: TestDataContext, directory: string): string[] {
  const { tree } = context;
  const names: string[] = [];
  for (const entry of tree.list(directory)) {
    if (entry.type !== "file") continue;
    const stem = entry.path.replace(/\.[^./]*$/, "");
    if (entry.name.endsWith(".ans") && !tree.has(`${stem}.in`)) {
      context.warn({ file: entry.path, message: "an answer without an input file; it is ignored" });
    }
    if (!entry.name.endsWith(".in")) continue;
    if (tree.has(`${stem}.ans`)) names.push(stem);
    else if (directory.startsWith("data/sample"))
      context.warn({ file: entry.path, message: "has no answer file; it is not judged" });
    else context.fail(`the test has no answer file "${stem}.ans"`, { file: entry.path });
  }
  return names;
}

/** Tests and folders of a folder, in lexicographic order of their base names. The root knows only `sample` and `secret`. */
function itemsOf(
  context: TestDataContext,
  directory: string,
  tests: readonly string[],
): readonly { readonly type: "group" | "test"; readonly path: string }[] {
  const folders = context.tree
    .list(directory)
    .filter((entry) => entry.type === "directory" && !entry.name.endsWith(".files"))
    .filter((entry) => directory !== "data" || entry.name === "sample" || entry.name === "secret");
  const items = [
    ...folders.map((entry) => ({ type: "group" as const, path: entry.path })),
    ...tests.map((path) => ({ type: "test" as const, path })),
  ];
  return items.sort((a, b) => compareNames(a.path, b.path));
}

function checked(context: TestDataContext, root: TestGroup): TestGroup {
  const count = (group: TestGroup): number =>
    group.children.reduce((sum, child) => sum + (child.type === "test" ? 1 : count(child.group)), 0);
  const tests = count(root);
  if (tests === 0)
    throw new PackageError("DIKAST_PACKAGE_NO_TESTS", "holds no test (an .in file with its .ans file)", {
      file: "data",
    });
  if (tests > TESTS_MAX)
    throw new PackageError("DIKAST_PACKAGE_TOO_LARGE", `holds more than ${TESTS_MAX} tests`, { file: "data" });
  checkRequirements(context, root);
  return root;
}

/** `require_pass` names `sample` or an earlier group (2025-09.md "Group dependencies"). */
function checkRequirements(context: TestDataContext, root: TestGroup): void {
  const earlier = new Set<string>();
  const visit = (group: TestGroup): void => {
    if (group.scoring.type === "points") {
      for (const required of group.scoring.requirePass) {
        if (earlier.has(required)) continue;
        context.fail(`"require_pass" names "${required}", which is not an earlier group`, {
          file: `data/${group.id}/test_group.yaml`,
        });
      }
    }
    for (const child of group.children) if (child.type === "group") visit(child.group);
    earlier.add(group.id);
  };
  visit(root);
}

async function readYaml(context: TestDataContext, file: string): Promise<YamlMap | undefined> {
  if (!context.tree.has(file)) return undefined;
  const text = await context.tree.readText(file, YAML_BYTES_MAX);
  return parseYaml(constantsInText(text, context.constants), file, context.fail);
}

/** Path inside `data/`. */
function idOf(path: string): string {
  return path === "data" ? "" : path.slice("data/".length);
}

/** Samples as people see them: what is shown rather than what is judged (2025-09.md "Priority of test case files"). */
export function readSamples(tree: PackageTree): Sample[] {
  const entries = tree.list("data/sample").filter((entry) => entry.type === "file");
  const stems = new Set(
    entries
      .filter((entry) => /\.(?:in|in\.statement|interaction)$/.test(entry.name))
      .map((entry) => entry.path.replace(/\.(?:in|in\.statement|interaction)$/, "")),
  );
  const first = (...files: readonly string[]): string | undefined => files.find((file) => tree.has(file));
  return [...stems].sort(compareNames).map((stem) => {
    const name = stem.slice("data/sample/".length);
    const interactionFile = first(`${stem}.interaction`);
    if (interactionFile !== undefined) return { name, interactionFile };
    const inputFile = first(`${stem}.in.statement`, `${stem}.in`);
    const answerFile = first(`${stem}.ans.statement`, `${stem}.out`, `${stem}.ans`);
    return {
      name,
      ...(inputFile === undefined ? {} : { inputFile }),
      ...(answerFile === undefined ? {} : { answerFile }),
    };
  });
}
