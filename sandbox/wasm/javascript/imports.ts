/** The imports of the QuickJS module: calls from guest code, modules, rejected promises, and a handful of WASI. */
import type { QuickJs, Value } from "./quickjs.ts";
import { hostCall, type JavaScriptHost } from "./host-calls.ts";

/** 2026-01-01T00:00:00Z: when every run begins. */
const START_EPOCH_NS = 1_767_225_600_000_000_000n;
const CLOCK_REALTIME = 0;
const BADF = 8;

export interface Binding {
  readonly js: QuickJs;
  readonly host: JavaScriptHost;
  /** The guest's `internal` object. */
  readonly internal: Value;
  /** A promise was rejected without a handler (`handled` false), or got one later. Owns neither value. */
  onRejection(promise: Value, reason: Value, handled: boolean): void;
}

/** @param bound what the instance works for; undefined while it is being made. */
export function quickJsImports(bound: () => Binding): WebAssembly.Imports {
  const guestText = (method: string, ...texts: readonly string[]): Uint8Array | undefined => {
    const { js, internal } = bound();
    const encoder = new TextEncoder();
    const result = js.invoke(internal, method, ...texts.map((text) => js.newText(encoder.encode(text))));
    if (js.isException(result)) {
      js.free(result);
      const thrown = js.value("qjs_get_exception");
      js.call("qjs_throw", thrown);
      js.free(thrown);
      return undefined;
    }
    const bytes = js.withTextOf(result, (view) => view.slice());
    js.free(result);
    return bytes;
  };
  const pathAt = (address: number): string => bound().js.guest.path(address) ?? "";

  return {
    env: {
      host_call: (name: number, _nameBytes: number, _self: number, count: number, list: number): number => {
        const { js, host } = bound();
        return hostCall(js, host, js.guest.u8(name), count, list);
      },
      host_interrupt: () => 0,
      host_get_timezone_offset: () => 0,
      host_promise_rejection: (promise: number, reason: number, handled: number): void => {
        const binding = bound();
        binding.onRejection(promise as Value, reason as Value, handled !== 0);
        binding.js.free(promise as Value, reason as Value);
      },
      host_module_normalize: (base: number, name: number): number => {
        const normal = guestText("moduleName", pathAt(base), pathAt(name));
        return normal === undefined ? 0 : bound().js.allocate(normal);
      },
      host_module_load: (name: number, length: number): number => {
        const source = guestText("moduleSource", pathAt(name));
        if (source === undefined) return 0;
        const { js } = bound();
        js.guest.setU32(length, source.length);
        return js.allocate(source);
      },
    },
    wasi_snapshot_preview1: {
      clock_time_get: (clock: number, _precision: bigint, result: number): number => {
        const { js, host } = bound();
        const elapsed = BigInt(Math.floor(host.nowMs() * 1e6));
        js.guest.setI64(result, elapsed + (clock === CLOCK_REALTIME ? START_EPOCH_NS : 0n));
        return 0;
      },
      random_get: (address: number, length: number): number => {
        bound().js.guest.bytes(address, length).fill(0x5a);
        return 0;
      },
      fd_write: () => BADF,
      fd_close: () => BADF,
      fd_fdstat_get: () => BADF,
      fd_seek: () => BADF,
    },
  };
}
