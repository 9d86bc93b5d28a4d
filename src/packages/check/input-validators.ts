/** A package's input validators, as programs that a sandbox can build. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Constants, constantsInFile } from "../../model/constants.ts";
import type { Language } from "../../model/language.ts";
import type { TestCase } from "../../model/problem.ts";
import { SOURCE_BYTES_MAX } from "../bounds.ts";
import { programsIn } from "../programs.ts";
import { scanPackage } from "../tree.ts";

export interface InputValidator {
  /** Relative to the package. */
  readonly path: string;
  readonly language: Language;
  /** The main file first; plain names. */
  readonly sources: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** Those in a known language; `input_format_validators` is the folder's older name. */
export async function readInputValidators(
  directory: string,
  constants: Constants | undefined,
): Promise<readonly InputValidator[]> {
  const tree = await scanPackage(directory);
  const programs = [...programsIn(tree, "input_validators"), ...programsIn(tree, "input_format_validators")];
  const validators: InputValidator[] = [];
  for (const { path, files, language } of programs) {
    if (language === undefined) continue;
    const sources = await Promise.all(
      files.map(async (file) => ({
        name: file.slice(file.lastIndexOf("/") + 1),
        bytes: constantsInFile(await tree.read(file, SOURCE_BYTES_MAX), constants),
      })),
    );
    validators.push({ path, language, sources });
  }
  return validators;
}

/** What the package passes to this validator for this test. */
export function inputValidatorArgs(test: TestCase, validator: Pick<InputValidator, "path">): readonly string[] {
  const name = validator.path.slice(validator.path.lastIndexOf("/") + 1);
  const stem = name.replace(/\.[^.]*$/, "");
  const given = test.inputValidatorArgs ?? [];
  const own = given.find((each) => each.validator === name || each.validator === stem || each.validator === undefined);
  return own?.args ?? [];
}

/** The input of a test. */
export async function readInput(directory: string, file: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(join(directory, ...file.split("/"))));
}
