/** What is wrong with a package or contest folder: one sentence, with the file and, for YAML, the line. */

export interface Position {
  /** Relative to the folder that was read. */
  readonly file: string;
  /** From 1. */
  readonly line?: number | undefined;
}

export interface Warning extends Position {
  readonly message: string;
}

/** `problem.yaml:12`, or only the file. */
export function formatPosition(position: Position): string {
  return position.line === undefined ? position.file : `${position.file}:${position.line}`;
}

export function formatWarning(warning: Warning): string {
  return `${formatPosition(warning)}: ${warning.message}`;
}

/** The problem package cannot be used. `message` begins with file and line. */
export class PackageError extends Error {
  override readonly name = "PackageError";
  readonly code: string;
  readonly position: Position;
  readonly #sentence: string;
  constructor(code: string, message: string, position: Position, options?: ErrorOptions) {
    super(`${formatPosition(position)}: ${message}`, options);
    this.#sentence = message;
    this.code = code;
    this.position = position;
  }

  /** The same, as seen from a folder above. */
  within(folder: string): PackageError {
    const file = `${folder}/${this.position.file}`;
    return new PackageError(this.code, this.#sentence, { ...this.position, file }, { cause: this.cause });
  }
}

/** The contest folder cannot be used. `message` begins with file and line. */
export class ContestError extends Error {
  override readonly name = "ContestError";
  readonly code: string;
  readonly position: Position;
  constructor(code: `DIKAST_CONTEST_${string}`, message: string, position: Position, options?: ErrorOptions) {
    super(`${formatPosition(position)}: ${message}`, options);
    this.code = code;
    this.position = position;
  }
}

/** A value that does not fit: which of the two error classes it becomes is the reader's choice. */
export type Fail = (message: string, position: Position) => never;
