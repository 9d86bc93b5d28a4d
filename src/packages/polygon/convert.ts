/** Converts a Polygon package into one of ours (2025-09 layout). */
import { createHash } from "node:crypto";
import { copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import { stringify } from "yaml";
import { languageOfFile } from "../../model/language.ts";
import { SHORT_NAME } from "../../model/messages/manifest.ts";
import { SOURCE_BYTES_MAX } from "../bounds.ts";
import { pathFault } from "../paths.ts";
import { type PackageTree, scanPackage } from "../tree.ts";
import { PolygonError } from "./errors.ts";
import { type ProgramTraits, testLayout, type TestLayout } from "./groups.ts";
import { filledPattern, type PolygonProblem, type PolygonSource, readProblemXml } from "./problem-xml.ts";
import { convertStatements, languageCode } from "./statement.ts";
import { testlibAdapter, type TestlibProgram } from "./testlib-adapter.ts";
import { XML_BYTES_MAX } from "./xml.ts";

export interface ImportedProblem {
  /** The new package. */
  readonly directory: string;
  readonly id: string;
  readonly tests: number;
  readonly submissions: number;
  /** One sentence each: what was changed or left out. */
  readonly warnings: readonly string[];
}

/** Where solutions go, and the tag that their source gets where the folder does not say it. */
const FOLDERS: Readonly<Record<string, { readonly folder: string; readonly tag?: string }>> = {
  main: { folder: "accepted" },
  accepted: { folder: "accepted" },
  rejected: { folder: "rejected" },
  "wrong-answer": { folder: "wrong_answer" },
  "presentation-error": { folder: "wrong_answer" },
  "time-limit-exceeded": { folder: "time_limit_exceeded" },
  "memory-limit-exceeded": { folder: "memory_limit_exceeded" },
  failed: { folder: "run_time_error" },
  "time-limit-exceeded-or-accepted": { folder: "mixed", tag: "TIMELIMIT, CORRECT" },
  "time-limit-exceeded-or-memory-limit-exceeded": { folder: "mixed", tag: "TIMELIMIT, MEMLIMIT" },
};
const HEADER = /\.(?:h|hh|hpp|hxx|inc)$/;
const CPP_TYPE = /^(?:cpp|c)\b|^c\+\+/;
const FULL_PACKAGE =
  'get the full package from Polygon (Packages, "Linux" or "Windows"), in which tests and answers are made';
/** Only they get `--group`: older versions of testlib.h do not know it. */
const ASKS_GROUP = /\b(?:checker|validator)\s*\.\s*group\b|\bgetGroup\s*\(|\b__testlib_group\b/;
/** Enough to see how lines end. */
const HEAD_BYTES = 64 * 1024;

/**
 * Reads the Polygon package in `source` and writes one of ours to a new folder of its short name below `parent`.
 * @throws PolygonError with file and line; PackageError where the folder breaks its bounds.
 */
export async function importPolygon(source: string, parent: string): Promise<ImportedProblem> {
  const tree = await scanPackage(source);
  if (!tree.has("problem.xml")) {
    throw new PolygonError("DIKAST_POLYGON_NO_PROBLEM_XML", "is no Polygon package: it has no problem.xml", {
      file: basename(source),
    });
  }
  const problem = readProblemXml(await tree.readText("problem.xml", XML_BYTES_MAX));
  const id = problem.shortName;
  if (!SHORT_NAME.test(id) || id.length > 60)
    throw new PolygonError("DIKAST_POLYGON_BAD_VALUE", `"${id}" cannot be a short name`, { file: "problem.xml" });
  const directory = join(parent, id);
  if ((await stat(directory).catch(() => undefined)) !== undefined)
    throw new PolygonError(
      "DIKAST_POLYGON_TARGET_EXISTS",
      "this folder exists already; move it away, or import into another one",
      { file: directory },
    );
  const partial = join(parent, `.${randomUUID()}.partial`);
  const conversion = new Conversion(tree, problem, partial);
  try {
    await conversion.run();
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return {
    directory,
    id,
    tests: problem.tests.length,
    submissions: conversion.submissions,
    warnings: conversion.warnings,
  };
}

interface IncludedTexts {
  readonly testlib: string | undefined;
  readonly sources: readonly string[];
}

class Conversion {
  readonly #tree: PackageTree;
  readonly #problem: PolygonProblem;
  readonly #out: string;
  readonly warnings: string[];
  submissions = 0;

  constructor(tree: PackageTree, problem: PolygonProblem, out: string) {
    this.#tree = tree;
    this.#problem = problem;
    this.#out = out;
    this.warnings = [...problem.warnings];
  }

  readonly #warn = (message: string): void => void this.warnings.push(message);

  async run(): Promise<void> {
    const layout = testLayout(this.#problem, await this.#traits());
    layout.warnings.forEach(this.#warn);
    await this.#write("problem.yaml", this.#problemYaml(layout));
    for (const { path, content } of await convertStatements(this.#tree, this.#problem, this.#warn)) {
      if (typeof content === "string") await this.#write(path, content);
      else await this.#copy(content.copyOf, path);
    }
    await this.#tests(layout);
    await this.#outputValidator();
    await this.#inputValidators();
    await this.#solutions();
  }

  #problemYaml({ scoring }: TestLayout): string {
    const { names, shortName, url, timeMs, memoryBytes, interactor, tags } = this.#problem;
    const named = [...names].flatMap(([language, name]) => {
      const code = languageCode(language);
      return code === undefined ? [] : [[code, name] as const];
    });
    const kind = scoring ? "scoring" : "pass-fail";
    return stringify({
      problem_format_version: "2025-09",
      // The same problem has the same one, whoever imports it.
      uuid: uuidOf(url ?? shortName),
      type: interactor === undefined ? kind : [kind, "interactive"],
      name: named.length > 0 ? Object.fromEntries(named) : { en: shortName },
      license: "unknown",
      ...(url === undefined ? {} : { source: { name: "Polygon", url } }),
      ...(tags.length > 0 ? { keywords: tags } : {}),
      limits: { time_limit: timeMs / 1000, memory: Math.max(1, Math.round(memoryBytes / 2 ** 20)) },
    });
  }

  async #tests(layout: TestLayout): Promise<void> {
    const { inputPattern, answerPattern } = this.#problem;
    let converted = 0;
    for (const { test, stem } of layout.places) {
      const input = filledPattern(inputPattern, test.number);
      const answer = filledPattern(answerPattern, test.number);
      for (const [from, ending] of [
        [input, "in"],
        [answer, "ans"],
      ] as const) {
        if (from === undefined || !this.#tree.has(from))
          throw new PolygonError(
            "DIKAST_POLYGON_NO_TESTS",
            `test ${test.number} is not in the package: ${FULL_PACKAGE}`,
            { file: from ?? "problem.xml" },
          );
        if (await this.#copyTest(from, `data/${stem}.${ending}`)) converted += 1;
      }
    }
    if (layout.places.length === 0)
      throw new PolygonError("DIKAST_POLYGON_NO_TESTS", "has no tests", { file: "problem.xml" });
    if (converted > 0) this.#warn(`${converted} test files had Windows line ends; they are ordinary ones now`);
    for (const [path, text] of layout.settings) await this.#write(`data/${path}`, text);
  }

  async #outputValidator(): Promise<void> {
    const { checker, interactor } = this.#problem;
    // Compares tokens, as the default validator does: no program to run.
    if (interactor === undefined && checker?.name === "std::wcmp.cpp") {
      const folders = this.#problem.tests.some((test) => test.sample) ? ["sample", "secret"] : ["secret"];
      for (const folder of folders)
        await this.#write(`data/${folder}/test_group.yaml`, undefined, { output_validator_args: ["case_sensitive"] });
      return;
    }
    if (interactor === undefined && checker === undefined) {
      this.#warn("there is no checker: the default validator compares tokens");
      return;
    }
    for (const program of [checker, interactor]) {
      if (program !== undefined && !CPP_TYPE.test(program.type) && languageOfFile(program.path) !== "cpp")
        throw new PolygonError(
          "DIKAST_POLYGON_CHECKER_LANGUAGE",
          `checkers and interactors in "${program.type}" are not supported, only C++`,
          { file: program.path },
        );
    }
    const checkerFile =
      checker === undefined ? undefined : await this.#source(checker.path, "output_validator/checker.h");
    const interactorFile =
      interactor === undefined ? undefined : await this.#source(interactor.path, "output_validator/interactor.h");
    const program: TestlibProgram =
      interactorFile !== undefined
        ? { type: "interactor", interactor: interactorFile, checker: checkerFile }
        : { type: "checker", checker: checkerFile ?? "" };
    const { testlib, sources } = await this.#headers("output_validator", [checker?.path, interactor?.path]);
    await this.#write("output_validator/main.cpp", testlibAdapter(program, testlib, sources));
  }

  async #traits(): Promise<ProgramTraits> {
    const { checker, interactor, validators } = this.#problem;
    const anyHas = async (programs: readonly (PolygonSource | undefined)[], pattern: RegExp): Promise<boolean> => {
      for (const program of programs) {
        if (program === undefined || !this.#tree.has(program.path)) continue;
        if (pattern.test(await this.#text(program.path))) return true;
      }
      return false;
    };
    return {
      pointsByChecker: await anyHas([checker, interactor], /\b(?:quitp|_points|_pc|_partially)\b/),
      checkerAsksGroup: await anyHas([checker], ASKS_GROUP),
      validatorAsksGroup: await anyHas(validators, ASKS_GROUP),
    };
  }

  async #inputValidators(): Promise<void> {
    for (const [index, { path, type }] of this.#problem.validators.entries()) {
      if (!CPP_TYPE.test(type) && languageOfFile(path) !== "cpp") {
        this.#warn(`the input validator "${path}" is left out: only C++ is supported`);
        continue;
      }
      const folder = `input_validators/validator${index === 0 ? "" : index + 1}`;
      const validator = await this.#source(path, `${folder}/validator.h`);
      const { testlib, sources } = await this.#headers(folder, [path]);
      await this.#write(`${folder}/main.cpp`, testlibAdapter({ type: "validator", validator }, testlib, sources));
    }
  }

  /** A program's source under the name of a header, because the adapter includes it. */
  async #source(path: string, to: string): Promise<string> {
    if (!this.#tree.has(path))
      throw new PolygonError("DIKAST_POLYGON_FILE_MISSING", "is named in problem.xml but is not in the package", {
        file: path,
      });
    await this.#copy(path, to);
    return basename(to);
  }

  /** Copies testlib.h and what else the programs include; `sources`: these and the programs, without testlib.h. */
  async #headers(folder: string, programs: readonly (string | undefined)[]): Promise<IncludedTexts> {
    const beside = programs.flatMap((path) =>
      path === undefined ? [] : this.#tree.list(path.split("/").slice(0, -1).join("/")).map((entry) => entry.path),
    );
    const candidates = [...new Set([...this.#problem.resources, ...beside])].filter(
      (path) => HEADER.test(path) && this.#tree.has(path),
    );
    const names = new Set<string>();
    const sources: string[] = [];
    for (const path of programs) if (path !== undefined) sources.push(await this.#text(path));
    let testlib: string | undefined;
    for (const path of candidates) {
      const name = basename(path);
      if (names.has(name) || ["checker.h", "interactor.h", "validator.h"].includes(name)) continue;
      names.add(name);
      if (name === "testlib.h") testlib = await this.#text(path);
      else sources.push(await this.#text(path));
      await this.#copy(path, `${folder}/${name}`);
    }
    if (testlib === undefined) this.#warn(`"testlib.h" is not in the package; "${folder}" is built without it`);
    return { testlib, sources };
  }

  async #text(path: string): Promise<string> {
    return await this.#tree.readHead(path, SOURCE_BYTES_MAX);
  }

  async #solutions(): Promise<void> {
    const taken = new Set<string>();
    for (const { path, tag } of this.#problem.solutions) {
      const place = FOLDERS[tag];
      if (tag === "do-not-run") continue;
      if (place === undefined || !this.#tree.has(path) || languageOfFile(path) === undefined) {
        const reason =
          place === undefined
            ? `its tag "${tag}" is not known`
            : this.#tree.has(path)
              ? "its language is not known here"
              : "it is not in the package";
        this.#warn(`the solution "${path}" is left out: ${reason}`);
        continue;
      }
      let to = `submissions/${place.folder}/${basename(path)}`;
      for (let copy = 2; taken.has(to); copy += 1) to = `submissions/${place.folder}/${copy}-${basename(path)}`;
      taken.add(to);
      await this.#copy(path, to);
      this.submissions += 1;
      if (place.tag === undefined) continue;
      const text = await readFile(join(this.#out, to), "utf8");
      const comment = languageOfFile(path) === "python3" ? "#" : "//";
      await writeFile(join(this.#out, to), `${comment} @EXPECTED_RESULTS@: ${place.tag}\n${text}`);
    }
  }

  async #write(path: string, text: string | undefined, yaml?: Readonly<Record<string, unknown>>): Promise<void> {
    const file = await this.#target(path);
    if (yaml === undefined) return await writeFile(file, text ?? "");
    // Settings that join those that are there.
    const present = await readFile(file, "utf8").catch(() => "");
    await writeFile(file, present + stringify(yaml));
  }

  async #copy(from: string, to: string): Promise<void> {
    await copyFile(join(this.#tree.directory, from), await this.#target(to));
  }

  /** Copies a test file; whether Windows line ends were made ordinary ones. */
  async #copyTest(from: string, to: string): Promise<boolean> {
    const source = join(this.#tree.directory, from);
    if (!(await headOf(source)).includes("\r\n")) {
      await this.#copy(from, to);
      return false;
    }
    const text = await readFile(source, "latin1");
    await writeFile(await this.#target(to), text.replaceAll("\r\n", "\n"), "latin1");
    return true;
  }

  async #target(path: string): Promise<string> {
    const fault = pathFault(path);
    if (fault !== undefined)
      throw new PolygonError("DIKAST_POLYGON_BAD_VALUE", `the file name ${fault}`, { file: path });
    const file = join(this.#out, ...path.split("/"));
    await mkdir(dirname(file), { recursive: true });
    return file;
  }
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** RFC 9562 §5.8: version 8, from a hash. */
function uuidOf(text: string): string {
  const bytes = createHash("sha256").update(`dikast polygon ${text}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
