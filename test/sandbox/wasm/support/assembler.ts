/** Just enough of the WebAssembly binary format to craft modules by hand. */

export function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsigned(Math.floor(value / 0x80))];
}

export function signed(value: number | bigint): number[] {
  const out: number[] = [];
  for (let rest = BigInt(value); ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && low < 64) || (rest === -1n && low >= 64)) return [...out, low];
    out.push(low | 0x80);
  }
}

export const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;

export interface Crafted {
  /** Parameters and results. */
  readonly types?: readonly (readonly [readonly number[], readonly number[]])[];
  /** Functions of `wasi_snapshot_preview1`: name and type; they come first in the index space. */
  readonly imports?: readonly (readonly [name: string, type: number])[];
  readonly importModule?: string;
  /** Type, declarations of locals, code without the final `end`. The first one is exported as `_start`. */
  readonly functions: readonly {
    readonly type?: number;
    readonly locals?: readonly number[];
    readonly code: readonly number[];
  }[];
  /** Content of the sections, as given. */
  readonly table?: readonly number[];
  readonly memory?: readonly number[];
  readonly tags?: readonly (readonly number[])[];
  readonly globals?: readonly (readonly number[])[];
  readonly exports?: readonly (readonly number[])[];
  readonly start?: number;
  readonly elements?: readonly (readonly number[])[];
  readonly data?: readonly (readonly number[])[];
}

function section(id: number, content: readonly number[] | undefined): number[] {
  return content === undefined ? [] : [id, ...unsigned(content.length), ...content];
}

/** Type 0 is () → () unless `types` says otherwise; the memory has one page and is exported. */
export function craft(module: Crafted): Uint8Array {
  const imports = module.imports ?? [];
  const types = module.types ?? [[[], []]];
  const optional = (items: readonly (readonly number[])[] | undefined): number[] | undefined => items && vector(items);
  const bodies = module.functions.map(({ locals = [0], code }) => {
    const body = [...locals, ...code, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  return Uint8Array.from(
    [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(
        1,
        vector(types.map(([params, results]) => [0x60, params.length, ...params, results.length, ...results])),
      ),
      section(
        2,
        vector(
          imports.map(([name, type]) => [
            ...text(module.importModule ?? "wasi_snapshot_preview1"),
            ...text(name),
            0,
            type,
          ]),
        ),
      ),
      section(3, vector(module.functions.map(({ type = 0 }) => [type]))),
      section(4, module.table),
      section(5, module.memory ?? [1, 0, 1]),
      section(13, optional(module.tags)),
      section(6, optional(module.globals)),
      section(
        7,
        vector([[...text("_start"), 0, imports.length], [...text("memory"), 2, 0], ...(module.exports ?? [])]),
      ),
      section(8, module.start === undefined ? undefined : [module.start]),
      section(9, optional(module.elements)),
      section(10, vector(bodies)),
      section(11, optional(module.data)),
    ].flat(),
  );
}
