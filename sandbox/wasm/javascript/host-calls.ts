/** What guest code can ask of the host: few calls, each charged; `guest/*.js` builds Node's interface from them. */
import type { QuickJs, Value } from "./quickjs.ts";
import { EVALUATE } from "./quickjs.ts";

/** Costs in fuel: entering a call, and each byte that it moves. */
export const HOST_CALL_FUEL = 200_000;
export const FUEL_PER_BYTE = 20;

export interface JavaScriptHost {
  charge(fuel: number): void;
  read(max: number): Uint8Array;
  write(fd: 1 | 2, bytes: Uint8Array): void;
  file(path: string): Uint8Array | undefined;
  /** @returns false where nothing may be written. */
  store(path: string, bytes: Uint8Array, append: boolean): boolean;
  /** Virtual milliseconds since the start. */
  nowMs(): number;
  sleep(ms: number): void;
  exit(code: number): never;
}

/**
 * The calls, as properties of the guest's `host` object. What the instance hands back on a call is a name that we chose:
 * one letter, the call's place in this list, so that a call is told by one byte.
 */
export const HOST_CALLS = [
  "decode",
  "encode",
  "evaluate",
  "exit",
  "file",
  "isModule",
  "now",
  "read",
  "sleep",
  "store",
  "write",
] as const;
type HostCall = (typeof HOST_CALLS)[number];

const FIRST_LETTER = 0x61;

export function letterOf(call: HostCall): string {
  return String.fromCharCode(FIRST_LETTER + HOST_CALLS.indexOf(call));
}

/** A call's result, owned by the caller; 0 when an exception was thrown into the guest. */
export function hostCall(js: QuickJs, host: JavaScriptHost, letter: number, count: number, list: number): number {
  host.charge(HOST_CALL_FUEL);
  const call = HOST_CALLS[letter - FIRST_LETTER];
  const argument = (index: number): Value | undefined =>
    index < count ? (js.guest.u32(list + index * 4) as Value) : undefined;
  const first = argument(0);
  if (call === "now") return js.newNumber(host.nowMs());
  if (first === undefined || call === undefined) return js.undefined;
  const second = argument(1);
  const third = argument(2);
  switch (call) {
    case "decode":
      return js.withBytesOf(first, (view) => {
        host.charge(view.length * FUEL_PER_BYTE);
        return js.newText(view.slice());
      });
    case "encode":
      return js.newBytes(copyOfText(js, host, first));
    case "evaluate": {
      if (second === undefined || third === undefined) return js.undefined;
      const result = js.evaluate(
        copyOfText(js, host, first),
        js.textOf(second),
        js.call("qjs_get_bool", third) === 0 ? EVALUATE.script : EVALUATE.module,
      );
      if (!js.isException(result)) return result;
      js.free(result);
      const thrown = js.value("qjs_get_exception");
      js.call("qjs_throw", thrown);
      js.free(thrown);
      return 0;
    }
    case "exit":
      return host.exit(js.numberOf(first));
    case "file": {
      const bytes = host.file(js.textOf(first));
      if (bytes === undefined) return js.undefined;
      host.charge(bytes.length * FUEL_PER_BYTE);
      return js.newBytes(bytes);
    }
    case "isModule":
      return js.value(
        js.isModule(second === undefined ? "" : js.textOf(second), copyOfText(js, host, first))
          ? "qjs_get_true"
          : "qjs_get_false",
      );
    case "read": {
      const bytes = host.read(Math.max(0, Math.min(0x7fffffff, Math.trunc(js.numberOf(first)) || 0)));
      host.charge(bytes.length * FUEL_PER_BYTE);
      return js.newBytes(bytes);
    }
    case "sleep":
      host.sleep(js.numberOf(first));
      return js.undefined;
    case "store": {
      if (second === undefined || third === undefined) return js.undefined;
      const path = js.textOf(first);
      const append = js.call("qjs_get_bool", third) !== 0;
      const stored = host.store(path, copyOf(js, host, second), append);
      return js.value(stored ? "qjs_get_true" : "qjs_get_false");
    }
    case "write":
      if (second !== undefined) writeOut(js, host, js.numberOf(first) === 2 ? 2 : 1, second);
      return js.undefined;
  }
}

function writeOut(js: QuickJs, host: JavaScriptHost, fd: 1 | 2, data: Value): void {
  const write = (view: Uint8Array): void => {
    host.charge(view.length * FUEL_PER_BYTE);
    host.write(fd, view);
  };
  if (js.isText(data)) js.withTextOf(data, write);
  else js.withBytesOf(data, write);
}

function copyOfText(js: QuickJs, host: JavaScriptHost, value: Value): Uint8Array {
  return js.withTextOf(value, (view) => {
    host.charge(view.length * FUEL_PER_BYTE);
    return view.slice();
  });
}

function copyOf(js: QuickJs, host: JavaScriptHost, value: Value): Uint8Array {
  if (js.isText(value)) return copyOfText(js, host, value);
  return js.withBytesOf(value, (view) => {
    host.charge(view.length * FUEL_PER_BYTE);
    return view.slice();
  });
}
