/** Errors and assertions of all folders (architecture.md "Style"). */

/** Our own bug: state that must not occur. It is never caught and mended; the process stops. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
  readonly code = "DIKAST_INVARIANT";
}

/** @throws InvariantError unless `condition` holds. */
export function invariant(condition: boolean, what: string): asserts condition {
  if (!condition) throw new InvariantError(what);
}

/** The end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`);
}
