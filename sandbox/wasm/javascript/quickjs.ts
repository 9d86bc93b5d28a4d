/**
 * One instance of QuickJS-NG (the raw WebAssembly module of `quickjs-wasi`): values, strings, evaluation. Values are addresses
 * of boxed `JSValue`s; whoever gets one frees it, except arguments of host calls, which their caller owns.
 */
import { GuestMemory } from "../interpreter/guest-memory.ts";

/** Address of a boxed value inside the instance. */
export type Value = number & { readonly __value: true };

export const EVALUATE = { script: 0, module: 1 } as const;
export type EvaluateFlags = (typeof EVALUATE)[keyof typeof EVALUATE];

type NumberFunction = (...args: readonly number[]) => number;

/** Paths and error messages are shorter. */
const TEXT_BYTES_MAX = 16_384;
/** No submission's code limit comes near; strings of the host have a bound of their own. */
const SOURCE_BYTES_MAX = 64 * 2 ** 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class QuickJs {
  readonly instance: WebAssembly.Instance;
  readonly memory: WebAssembly.Memory;
  readonly guest: GuestMemory;
  /** Where functions of the C side leave lengths; allocated once, part of the snapshot. */
  scratch = 0;

  constructor(module: WebAssembly.Module, imports: WebAssembly.Imports) {
    this.instance = new WebAssembly.Instance(module, imports);
    this.memory = this.instance.exports["memory"] as WebAssembly.Memory;
    this.guest = new GuestMemory(this.memory);
  }

  call(name: string, ...args: readonly number[]): number {
    return (this.instance.exports[name] as unknown as NumberFunction)(...args);
  }

  value(name: string, ...args: readonly number[]): Value {
    return this.call(name, ...args) as Value;
  }

  free(...values: readonly Value[]): void {
    for (const value of values) this.call("qjs_free_value", value);
  }

  /** Bytes in memory of the instance's own, with a NUL after them; the caller frees it with `wasm_free`. */
  allocate(bytes: Uint8Array): number {
    const address = this.call("wasm_malloc", bytes.length + 1);
    if (address === 0) throw new GuestMemoryError();
    this.guest.bytes(address, bytes.length).set(bytes);
    this.guest.setU8(address + bytes.length, 0);
    return address;
  }

  /** Calls with bytes that live only as long as the call. */
  withBytes<T>(bytes: Uint8Array, body: (address: number) => T): T {
    const address = this.allocate(bytes);
    const result = body(address);
    this.call("wasm_free", address);
    return result;
  }

  withText<T>(text: string, body: (address: number, length: number) => T): T {
    const bytes = encoder.encode(text);
    return this.withBytes(bytes, (address) => body(address, bytes.length));
  }

  newText(bytes: Uint8Array): Value {
    return this.withBytes(bytes, (address) => this.value("qjs_new_string", address, bytes.length));
  }

  newBytes(bytes: Uint8Array): Value {
    return this.withBytes(bytes, (address) => this.value("qjs_new_uint8_array", address, bytes.length));
  }

  newNumber(number: number): Value {
    return this.value("qjs_new_number", number);
  }

  get undefined(): Value {
    return this.value("qjs_get_undefined");
  }

  property(object: Value, name: string): Value {
    return this.withText(name, (address) => this.value("qjs_get_prop_string", object, address));
  }

  setProperty(object: Value, name: string, value: Value): void {
    this.withText(name, (address) => this.call("qjs_set_prop_string", object, address, value));
  }

  /** The value as UTF-8, as a view that is valid only during `body`. */
  withTextOf<T>(value: Value, body: (bytes: Uint8Array) => T): T {
    const address = this.call("qjs_get_string_len", value, this.scratch);
    if (address === 0) return body(new Uint8Array(0));
    const result = body(this.guest.bytes(address, this.guest.u32(this.scratch)));
    this.call("qjs_free_cstring", address);
    return result;
  }

  /** For names and messages: what exceeds the bound is cut. */
  textOf(value: Value): string {
    return this.withTextOf(value, (bytes) => decoder.decode(bytes.subarray(0, TEXT_BYTES_MAX)));
  }

  numberOf(value: Value): number {
    return this.call("qjs_get_float64", value);
  }

  isText(value: Value): boolean {
    return this.call("qjs_is_string", value) !== 0;
  }

  isException(value: Value): boolean {
    return this.call("qjs_is_exception", value) !== 0;
  }

  /** The bytes of a typed array, as a view that is valid only during `body`; none for anything else. */
  withBytesOf<T>(value: Value, body: (bytes: Uint8Array) => T): T {
    const buffer = this.value("qjs_get_typed_array_buffer", value, this.scratch, this.scratch + 4, this.scratch + 8);
    if (this.isException(buffer)) {
      this.free(buffer, this.value("qjs_get_exception"));
      return body(new Uint8Array(0));
    }
    const offset = this.guest.u32(this.scratch);
    const length = this.guest.u32(this.scratch + 4);
    const address = this.call("qjs_get_array_buffer", buffer, this.scratch + 12);
    // A buffer may have shrunk below what the array says.
    const held = Math.max(0, Math.min(length, this.guest.u32(this.scratch + 12) - offset));
    const result = body(address === 0 ? new Uint8Array(0) : this.guest.bytes(address + offset, held));
    this.free(buffer);
    return result;
  }

  evaluate(source: Uint8Array, file: string, flags: EvaluateFlags): Value {
    return this.withBytes(source, (code) =>
      this.withText(file, (name) => this.value("qjs_eval", code, source.length, name, flags)),
    );
  }

  /** Calls `object.name(...args)` and frees the arguments. */
  invoke(object: Value, name: string, ...args: readonly Value[]): Value {
    const target = this.property(object, name);
    const list = new Uint8Array(Uint32Array.from(args).buffer);
    const result = this.withBytes(list, (address) => this.value("qjs_call", target, object, args.length, address));
    this.free(target, ...args);
    return result;
  }

  /** Compiles without running. @returns false with the exception pending (`qjs_get_exception`). */
  compiles(source: Uint8Array, file: string, flags: EvaluateFlags): boolean {
    const compiled = this.withBytes(source, (code) =>
      this.withText(file, (name) => this.call("qjs_compile", code, source.length, name, flags, 0, this.scratch)),
    );
    if (compiled !== 0) this.call("wasm_free", compiled);
    return compiled !== 0;
  }

  /** As Node decides: a module is what does not compile as a CommonJS script but does as a module. */
  isModule(name: string, source: Uint8Array): boolean {
    if (name.endsWith(".mjs")) return true;
    if (name.endsWith(".cjs") || source.length > SOURCE_BYTES_MAX || !MODULE_SYNTAX.test(decoder.decode(source)))
      return false;
    if (this.compiles(commonJs(source), name, EVALUATE.script)) return false;
    this.free(this.value("qjs_get_exception"));
    return this.withBytes(source, (address) => this.call("JS_DetectModule", address, source.length)) !== 0;
  }
}

/** Without any of these no source needs to be a module. */
const MODULE_SYNTAX = /\b(?:import|export|await)\b/;

/** A CommonJS source as the function that Node makes of it; on one line, so that line numbers stay. */
export function commonJs(source: Uint8Array): Uint8Array {
  const text = decoder.decode(source).replace(/^\uFEFF?#!/, "//");
  return encoder.encode(`(function (exports, require, module, __filename, __dirname) { ${text}\n})`);
}

/** The interpreter's own allocation failed where the host needed it. */
export class GuestMemoryError extends Error {
  override readonly name = "GuestMemoryError";
}
