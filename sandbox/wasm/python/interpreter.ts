/**
 * One instance of the CPython module over a `Host`: booted from nothing, or restored from a snapshot. Our own embedding of
 * the raw WebAssembly module: neither Pyodide's JavaScript nor Emscripten's takes part.
 */
import { systemCalls } from "./system-calls.ts";
import { GuestMemory } from "../interpreter/guest-memory.ts";
import type { Host } from "./host.ts";
import { installTrampoline } from "./trampoline.ts";

const PAGE_BYTES = 65_536;

type IntegerFunction = (...args: readonly number[]) => number;

/** An import that no Python program has any business with: JavaScript objects, sockets with promises, dynamic libraries. */
export class ForbiddenImportError extends Error {
  override readonly name = "ForbiddenImportError";
}

export class Interpreter {
  readonly memory: WebAssembly.Memory;
  readonly instance: WebAssembly.Instance;
  readonly guest: GuestMemory;
  readonly #trampolineIndex: number;

  /** @param bind makes the host once the memory exists. */
  constructor(module: WebAssembly.Module, extraImports: WebAssembly.Imports, bind: (interpreter: Interpreter) => Host) {
    let implemented: ReturnType<typeof systemCalls> | undefined;
    const imports: Record<string, Record<string, unknown>> = { ...extraImports };
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      if (imports[from]?.[name] !== undefined) continue;
      const group = (imports[from] ??= {});
      if (kind === "global") group[name] = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
      else if (kind === "function") {
        group[name] = (...args: never[]): unknown => {
          const call = (from === "env" ? implemented?.env : implemented?.wasi)?.[name];
          if (call === undefined) throw new ForbiddenImportError(name);
          return call(...args);
        };
      }
    }
    this.instance = new WebAssembly.Instance(module, imports);
    this.memory = this.instance.exports["memory"] as WebAssembly.Memory;
    this.guest = new GuestMemory(this.memory);
    const table = this.instance.exports["__indirect_function_table"] as WebAssembly.Table;
    this.#trampolineIndex = table.grow(1);
    installTrampoline(this.memory, table, this.#trampolineIndex);
    implemented = systemCalls(bind(this));
  }

  call(name: string, ...args: readonly number[]): number {
    return (this.instance.exports[name] as unknown as IntegerFunction)(...args);
  }

  address(name: string): number {
    return (this.instance.exports[name] as WebAssembly.Global).value as number;
  }

  get stackPointer(): number {
    return this.address("__stack_pointer");
  }

  /** Makes the memory at least `bytes` large. @returns false when the module's maximum forbids it. */
  growTo(bytes: number): boolean {
    const pages = Math.ceil(bytes / PAGE_BYTES) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (pages <= 0) return true;
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }

  useStack(base: number, end: number, pointer: number): void {
    (this.instance.exports["__stack_pointer"] as WebAssembly.Global).value = pointer;
    this.call("emscripten_stack_set_limits", base, end);
  }

  /** Copies text into memory of its own and returns its address. */
  allocateText(text: string): number {
    const encoded = new TextEncoder().encode(text);
    const address = this.call("malloc", encoded.length + 1);
    this.guest.bytes(address, encoded.length).set(encoded);
    this.guest.setU8(address + encoded.length, 0);
    return address;
  }

  /** Tells CPython where its trampoline is; part of booting, kept by the snapshot. */
  registerTrampoline(): void {
    const offset = this.guest.u32(this.address("_PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET"));
    this.guest.setU32(this.address("_PyRuntime") + offset, this.#trampolineIndex);
  }
}
