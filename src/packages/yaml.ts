/**
 * YAML with positions: every complaint names the file and the line. Values are read through `YamlMap`, which converts
 * and checks; whatever does not fit goes to the `Fail` that the reader was given.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { YAML_BYTES_MAX } from "./bounds.ts";
import type { Fail, Position } from "./errors.ts";

interface Context {
  readonly file: string;
  readonly lines: LineCounter;
  readonly fail: Fail;
}

interface NodeLike {
  readonly range?: readonly number[] | null | undefined;
}

/** One value and where it stands. */
export class YamlValue {
  readonly #context: Context;
  readonly #node: unknown;
  /** The key path, for messages: `limits.memory`. */
  readonly path: string;

  constructor(context: Context, node: unknown, path: string) {
    this.#context = context;
    this.#node = node;
    this.path = path;
  }

  get position(): Position {
    const offset = (this.#node as NodeLike | null | undefined)?.range?.[0];
    return {
      file: this.#context.file,
      line: offset === undefined ? undefined : this.#context.lines.linePos(offset).line,
    };
  }

  fail(message: string): never {
    return this.#context.fail(message, this.position);
  }

  /** `fail` with the name of the value in front. */
  expected(what: string): never {
    return this.fail(`"${this.path}" must be ${what}, not ${this.#describe()}`);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  get isString(): boolean {
    return typeof this.#scalar() === "string";
  }

  get isNumber(): boolean {
    return typeof this.#scalar() === "number";
  }

  /** Absent, `~`, or nothing after the colon. */
  get isNull(): boolean {
    return this.#node === null || this.#node === undefined || (isScalar(this.#node) && this.#node.value === null);
  }

  /** A string; a number or date written without quotes is taken as it was written. */
  string(): string {
    const value = this.#scalar();
    if (typeof value === "string") return value;
    if ((typeof value === "number" || typeof value === "boolean") && isScalar(this.#node)) {
      return this.#node.source ?? String(value);
    }
    return this.expected("a string");
  }

  oneOf<const T extends string>(choices: readonly T[]): T {
    const text = this.string();
    const found = choices.find((choice) => choice === text);
    return found ?? this.expected(`one of ${choices.map((choice) => `"${choice}"`).join(", ")}`);
  }

  /** A finite number; digits in quotes are accepted. */
  number(bounds: { readonly min?: number; readonly max?: number; readonly above?: number } = {}): number {
    const value = this.#scalar();
    const number =
      typeof value === "string" && /^[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?$/.test(value) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) return this.expected("a number");
    if (bounds.above !== undefined && number <= bounds.above) return this.expected(`greater than ${bounds.above}`);
    if (bounds.min !== undefined && number < bounds.min) return this.expected(`at least ${bounds.min}`);
    if (bounds.max !== undefined && number > bounds.max) return this.expected(`at most ${bounds.max}`);
    return number;
  }

  integer(bounds: { readonly min?: number; readonly max?: number } = {}): number {
    const number = this.number(bounds);
    return Number.isSafeInteger(number) ? number : this.expected("a whole number");
  }

  boolean(): boolean {
    const value = this.#scalar();
    return typeof value === "boolean" ? value : this.expected("true or false");
  }

  list(): readonly YamlValue[] {
    if (!isSeq(this.#node)) return this.expected("a list");
    return this.#node.items.map((item, index) => this.#child(item, `${this.path}[${index}]`));
  }

  /** A list of strings, or one string that stands for a list of one. */
  strings(): readonly string[] {
    return this.isList ? this.list().map((item) => item.string()) : [this.string()];
  }

  map(): YamlMap {
    if (!isMap(this.#node)) return this.expected("a map");
    const entries = new Map<string, { readonly key: YamlValue; readonly value: YamlValue }>();
    for (const pair of this.#node.items) {
      const key = this.#child(pair.key, this.path);
      if (!isScalar(pair.key)) return key.fail("a key must be plain text");
      const name = key.string();
      const path = this.path === "" ? name : `${this.path}.${name}`;
      entries.set(name, { key, value: this.#child(pair.value, path) });
    }
    return new YamlMap(this, entries);
  }

  #child(node: unknown, path: string): YamlValue {
    const value = new YamlValue(this.#context, node, path);
    return isAlias(node) ? value.fail(`"${path}": anchors and aliases are not accepted`) : value;
  }

  #scalar(): unknown {
    return isScalar(this.#node) ? this.#node.value : undefined;
  }

  #describe(): string {
    if (this.isMap) return "a map";
    if (this.isList) return "a list";
    const value = this.#scalar();
    if (value === undefined || value === null) return "empty";
    const text = isScalar(this.#node) ? (this.#node.source ?? JSON.stringify(value)) : "";
    return text.length <= 60 ? `"${text}"` : `"${text.slice(0, 60)}…"`;
  }
}

export class YamlMap {
  readonly #self: YamlValue;
  readonly #entries: ReadonlyMap<string, { readonly key: YamlValue; readonly value: YamlValue }>;

  constructor(self: YamlValue, entries: ReadonlyMap<string, { readonly key: YamlValue; readonly value: YamlValue }>) {
    this.#self = self;
    this.#entries = entries;
  }

  get position(): Position {
    return this.#self.position;
  }

  /** The value of the first of these keys that is there and not empty; the keys are spellings of one thing. */
  get(...keys: readonly string[]): YamlValue | undefined {
    for (const key of keys) {
      const value = this.#entries.get(key)?.value;
      if (value !== undefined && !value.isNull) return value;
    }
    return undefined;
  }

  entries(): readonly { readonly name: string; readonly value: YamlValue }[] {
    return [...this.#entries].map(([name, entry]) => ({ name, value: entry.value }));
  }

  /** Keys outside `known`, each with a sentence that suggests the nearest known one. */
  unknown(
    known: readonly string[],
  ): readonly { readonly name: string; readonly message: string; readonly position: Position }[] {
    const strange = [...this.#entries].filter(([name]) => !known.includes(name));
    return strange.map(([name, { key }]) => {
      const nearest = nearestOf(name, known);
      const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
      const path = this.#self.path === "" ? name : `${this.#self.path}.${name}`;
      return { name, message: `unknown key "${path}"${hint}`, position: key.position };
    });
  }
}

/**
 * Parses one YAML document whose top is a map; an empty document is an empty map. Aliases are refused: nothing in the formats
 * needs them and they are how small files become large.
 */
export function parseYaml(text: string, file: string, fail: Fail): YamlMap {
  if (text.length > YAML_BYTES_MAX) return fail(`larger than ${YAML_BYTES_MAX} bytes`, { file });
  const lines = new LineCounter();
  const document = parse(text.replace(/^\uFEFF/, ""), lines, file, fail);
  const error = document.errors[0];
  if (error !== undefined) {
    const sentence = error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "not YAML";
    return fail(`not valid YAML: ${sentence}`, { file, line: lines.linePos(error.pos[0]).line });
  }
  const context: Context = { file, lines, fail };
  const top = new YamlValue(context, document.contents, "");
  if (top.isNull) return new YamlMap(top, new Map());
  if (!top.isMap) return fail('must hold "key: value" lines', top.position);
  return top.map();
}

function parse(text: string, lines: LineCounter, file: string, fail: Fail): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { lineCounter: lines, schema: "core", uniqueKeys: true, strict: true });
  } catch (error) {
    // The parser recurses: thousands of nested brackets exhaust its stack.
    return fail(`not valid YAML: ${error instanceof RangeError ? "nested too deeply" : String(error)}`, { file });
  }
}

export function nearestOf(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(plain(name.slice(0, 60)), plain(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, "");
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
