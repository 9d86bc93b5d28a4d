/** The part of the WebAssembly JavaScript interface that the sandbox uses; TypeScript has it in its browser libraries only. */
declare namespace WebAssembly {
  type ExportKind = "function" | "global" | "memory" | "table" | "tag";
  type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "externref" | "anyfunc";

  interface ImportDescriptor {
    readonly module: string;
    readonly name: string;
    readonly kind: ExportKind;
  }
  interface ExportDescriptor {
    readonly name: string;
    readonly kind: ExportKind;
  }

  class Module {
    constructor(bytes: Uint8Array | ArrayBuffer);
    static imports(module: Module): ImportDescriptor[];
    static exports(module: Module): ExportDescriptor[];
    static customSections(module: Module, name: string): ArrayBuffer[];
    private readonly brand: "module";
  }
  type ExportValue = Memory | Table | Global | Tag | ((...args: never[]) => unknown);
  type Exports = Record<string, ExportValue>;
  type Imports = Record<string, Record<string, unknown>>;

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum?: number; readonly shared?: boolean });
    readonly buffer: ArrayBuffer;
    /** @returns the size before, in pages of 64 KiB. */
    grow(pages: number): number;
  }
  class Table {
    constructor(descriptor: {
      readonly element: "anyfunc" | "externref";
      readonly initial: number;
      readonly maximum?: number;
    });
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value?: unknown): void;
    grow(elements: number, value?: unknown): number;
  }
  class Global {
    constructor(descriptor: { readonly value: ValueType; readonly mutable?: boolean }, value?: unknown);
    // oxlint-disable-next-line typescript/no-explicit-any -- number, bigint or a reference, by the global's type
    value: any;
  }
  class Tag {
    constructor(descriptor: { readonly parameters: readonly ValueType[] });
    private readonly brand: "tag";
  }
  class Exception {
    constructor(tag: Tag, payload: readonly unknown[]);
    is(tag: Tag): boolean;
  }
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  function compile(bytes: Uint8Array | ArrayBuffer): Promise<Module>;
  function validate(bytes: Uint8Array | ArrayBuffer): boolean;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function instantiate(
    bytes: Uint8Array | ArrayBuffer,
    imports?: Imports,
  ): Promise<{ readonly module: Module; readonly instance: Instance }>;
}
