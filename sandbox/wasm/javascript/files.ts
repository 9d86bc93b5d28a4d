/** The few files that a JavaScript program sees: its sources; for validators also what they were given and what they write. */
import type { RunInput } from "../../engine.ts";
import type { SourceFile } from "../../sandbox.ts";

/** What an entry counts for beside its content, so that many empty ones are bounded as well. */
const ENTRY_BYTES = 256;

export class Files {
  readonly #readable = new Map<string, Uint8Array>();
  readonly #written = new Map<string, Uint8Array>();
  readonly #writableDirectory: string | undefined;
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(sources: readonly SourceFile[], directory: string, input: RunInput, bytesMax: number) {
    for (const { name, bytes } of sources) this.#readable.set(`${directory}/${name}`, bytes);
    for (const [path, bytes] of Object.entries(input.files ?? {})) this.#readable.set(path, bytes);
    this.#writableDirectory = input.writableDirectory?.replace(/\/*$/, "/");
    this.#bytesMax = bytesMax;
    for (const [path, bytes] of Object.entries(input.writtenFiles ?? {})) this.store(path, bytes, false);
  }

  read(path: string): Uint8Array | undefined {
    return this.#written.get(path) ?? this.#readable.get(path) ?? this.#readable.get(`/program/${path}`);
  }

  /** @returns false where nothing may be written, or no more. */
  store(path: string, bytes: Uint8Array, append: boolean): boolean {
    if (this.#writableDirectory === undefined || !path.startsWith(this.#writableDirectory)) return false;
    if (path.includes("..")) return false;
    const before = append ? (this.#written.get(path) ?? new Uint8Array(0)) : new Uint8Array(0);
    this.#bytes += bytes.length + ENTRY_BYTES;
    if (this.#bytes > this.#bytesMax) return false;
    const whole = new Uint8Array(before.length + bytes.length);
    whole.set(before);
    whole.set(bytes, before.length);
    this.#written.set(path, whole);
    return true;
  }

  /** By absolute path, in order of path. */
  written(): Readonly<Record<string, Uint8Array>> {
    return Object.fromEntries([...this.#written].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
