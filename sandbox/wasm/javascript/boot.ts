/** From the package's module to a prepared runtime: a metered module, and the memory of a started interpreter. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { DiskCache } from "../interpreter/disk-cache.ts";
import type { MeterPort } from "../interpreter/meter-port.ts";
import { LANGUAGE_RATES } from "../interpreter/options.ts";
import { slim } from "../interpreter/sections.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot, takeSnapshot } from "../interpreter/snapshot.ts";
import { HOST_CALLS, letterOf } from "./host-calls.ts";
import { type Binding, quickJsImports } from "./imports.ts";
import { QuickJs, type Value } from "./quickjs.ts";

/** Raised whenever anything here changes what a snapshot holds, or how the host of a program behaves. */
const SNAPSHOT_VERSION = "3";
const BOOT_FUEL = 1e15;
const BOOT_MEMORY_BYTES = 2 ** 30;

/** In this order; together they make one function of `host` that returns `internal`. */
const GUEST_FILES = ["inspect.js", "buffer.js", "events.js", "loop.js", "streams.js", "modules.js"] as const;

/**
 * The interpreter's stack, beside its heap: as deep as Node's with a stack of some tens of MiB. The rest is for C code
 * that checks seldom, and for handling the error.
 */
export const STACK_BYTES = 64 * 2 ** 20;
const STACK_RESERVE_BYTES = 2 ** 20;

export interface PreparedJavaScript {
  readonly module: Uint8Array;
  /** Names everything that the module was made from. */
  readonly key: string;
  readonly snapshot: Snapshot;
}

/** For the judge profile: everything that decides how a JavaScript program runs, beside the meter. */
export function javaScriptParts(): Readonly<Record<string, string>> {
  const { numerator, denominator } = LANGUAGE_RATES.javascript;
  return {
    javascript: `quickjs-ng (quickjs-wasi) ${sha256(...ingredients(readModule(), guestSource()))}`,
    "javascript-rate": `${numerator}/${denominator}`,
  };
}

function ingredients(wasm: Uint8Array, guest: string): readonly string[] {
  return [SNAPSHOT_VERSION, sha256(wasm), guest, String(STACK_BYTES)];
}

export function prepareJavaScript(cache: DiskCache, meter: MeterPort): PreparedJavaScript {
  const wasm = readModule();
  const guest = guestSource();
  const key = sha256(meter.version, ...ingredients(wasm, guest));
  let bootModule: Uint8Array | undefined;
  const runModule = cache.readOrMake(`javascript-module-${key}`, () => {
    bootModule = meter.instrument(wasm);
    return slim(bootModule, { keepExport: () => true, dropData: true });
  });
  const snapshot = cache.readOrMake(`javascript-snapshot-${key}`, () =>
    encodeSnapshot(boot(new WebAssembly.Module(bootModule ?? meter.instrument(wasm)), guest, meter)),
  );
  return {
    module: runModule,
    key,
    snapshot: decodeSnapshot(snapshot),
  };
}

function boot(module: WebAssembly.Module, guest: string, meter: MeterPort): Snapshot {
  const bound: { binding?: Binding } = {};
  const js = new QuickJs(module, {
    ...quickJsImports(() => bound.binding ?? fail("a call too early")),
    ...meter.imports,
  });
  bound.binding = {
    js,
    host: {
      charge: () => {},
      read: () => new Uint8Array(0),
      write: () => {},
      file: () => undefined,
      store: () => false,
      nowMs: () => 0,
      sleep: () => {},
      exit: (code) => fail(`exit ${code}`),
    },
    internal: 0 as Value,
    onRejection: () => fail("a rejected promise"),
  };
  meter.gauge(js.instance).reset(BOOT_FUEL, BOOT_MEMORY_BYTES);
  js.call("_initialize");
  // A stack of our own size above the linker's: grown first, so that it does not split the heap.
  const stackEnd = js.memory.buffer.byteLength;
  js.memory.grow(STACK_BYTES / 65_536);
  (js.instance.exports["__stack_pointer"] as WebAssembly.Global).value = stackEnd + STACK_BYTES;
  if (js.call("qjs_init") !== 0) fail("qjs_init");
  js.call("qjs_set_max_stack_size", STACK_BYTES - STACK_RESERVE_BYTES);
  js.call("qjs_set_module_loader", 1);
  js.call("qjs_set_promise_rejection_handler", 1);
  js.scratch = js.call("wasm_malloc", 32);

  const host = js.value("qjs_new_object");
  for (const name of HOST_CALLS) {
    const call = js.withText(letterOf(name), (address, length) =>
      js.value("qjs_new_host_function", address, length, 0),
    );
    js.setProperty(host, name, call);
    js.free(call);
  }
  const start = js.evaluate(new TextEncoder().encode(guest), "node:internal", 0);
  if (js.isException(start)) fail(js.textOf(js.value("qjs_get_exception")));
  const list = new Uint8Array(Uint32Array.of(host).buffer);
  const internal = js.withBytes(list, (address) => js.value("qjs_call", start, js.undefined, 1, address));
  if (js.isException(internal)) {
    const thrown = js.value("qjs_get_exception");
    fail(`${js.textOf(thrown)} ${js.textOf(js.property(thrown, "stack"))}`);
  }
  js.free(start, host);
  js.call("qjs_run_gc");
  return takeSnapshot(js.guest.all(), {
    stackPointer: (js.instance.exports["__stack_pointer"] as WebAssembly.Global).value as number,
    scratch: js.scratch,
    internal,
  });
}

function fail(what: string): never {
  throw new Error(`QuickJS does not start: ${what}`);
}

function guestSource(): string {
  const directory = join(import.meta.dirname, "guest");
  const files = GUEST_FILES.map((name) => readFileSync(join(directory, name), "utf8"));
  return `(function (host) { "use strict"; const internal = { host };\n${files.join("\n")}\nreturn internal; })`;
}

function readModule(): Uint8Array {
  const directory = dirname(createRequire(import.meta.url).resolve("quickjs-wasi/package.json"));
  return readFileSync(join(directory, "quickjs.wasm"));
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}
