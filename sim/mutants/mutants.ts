/**
 * Mutants: the protocol with one line broken. Each must be caught by the proving ground; a checker that catches nothing is
 * broken. A mutant is a replacement in one source file, made while the file is loaded, so that the production code has no
 * hooks for it; one that no longer fits its file is an error.
 */

export interface Mutant {
  readonly name: string;
  /** Relative to the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What is broken by it. */
  readonly why: string;
}

export const MUTANTS: readonly Mutant[] = [];

/** @throws RangeError unless the mutant fits exactly once. */
export function mutate(mutant: Mutant, source: string): string {
  const parts = source.split(mutant.find);
  if (parts.length !== 2)
    throw new RangeError(`mutant ${mutant.name} fits ${parts.length - 1} times into ${mutant.file}`);
  return parts.join(mutant.replace);
}
