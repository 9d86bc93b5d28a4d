/**
 * TypeScript to JavaScript with `@swc/wasm-typescript`, the module behind Node's type stripping, metered like any program: a
 * contestant's source may be made to be slow or deep. The package's glue runs in a context of its own that holds nothing
 * but what it needs, and every source gets a fresh instance.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, Script } from "node:vm";
import type { DiskCache } from "../interpreter/disk-cache.ts";
import { withQuickStart } from "../interpreter/tiering.ts";
import type { Gauge, MeterPort } from "../interpreter/meter-port.ts";

export type StripOutcome =
  | { readonly type: "stripped"; readonly code: string; readonly cost: number }
  /** `message` is for the contestant. */
  | { readonly type: "rejected"; readonly message: string; readonly cost: number };

export interface StripLimits {
  readonly fuel: number;
  readonly memoryBytesMax: number;
}

export interface TypeStripper {
  strip(name: string, source: string, limits: StripLimits): StripOutcome;
}

/** Where the glue holds its module, as text. */
const EMBEDDED = /Buffer\.from\('([A-Za-z0-9+/=]+)', 'base64'\)/;

interface Glue {
  transformSync(source: string, options: object): { readonly code: string };
}

/** What the glue throws for a source it refuses. */
interface Diagnostic {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly snippet?: unknown;
  readonly startLine?: unknown;
}

/** For the judge profile. */
export function typeStripperParts(): Readonly<Record<string, string>> {
  return { typescript: `@swc/wasm-typescript ${sha256(readGlue())}` };
}

export function createTypeStripper(cache: DiskCache, meter: MeterPort): TypeStripper {
  const text = readGlue();
  const key = sha256(`${meter.version}\0${sha256(text)}`);
  const embedded = EMBEDDED.exec(text)?.[1];
  if (embedded === undefined) throw new Error("@swc/wasm-typescript is not as expected: it holds no module");
  const metered = cache.readOrMake(`typescript-module-${key}`, () => meter.instrument(Buffer.from(embedded, "base64")));
  const module = new WebAssembly.Module(metered);
  const glue = new Script(text.replace(EMBEDDED, "undefined"), { filename: "wasm-typescript.js" });

  const attempt = (name: string, source: string, limits: StripLimits, mode: "strip-only" | "transform") =>
    runGlue(glue, module, meter, limits, (exports) => {
      const options = {
        mode,
        filename: name,
        module: undefined,
        transform: { verbatimModuleSyntax: mode === "strip-only" },
      };
      return exports.transformSync(source, options).code;
    });

  return {
    strip: (name, source, limits) => {
      // Stripping keeps every line and column; what cannot be stripped (enums, namespaces) is transformed.
      const stripped = attempt(name, source, limits, "strip-only");
      if (stripped.type === "stripped" || !stripped.message.includes(UNSUPPORTED)) return stripped;
      const rest = { ...limits, fuel: limits.fuel - stripped.cost };
      const transformed = attempt(name, source, rest, "transform");
      return { ...transformed, cost: stripped.cost + transformed.cost };
    },
  };
}

const UNSUPPORTED = "UnsupportedSyntax";

function runGlue(
  glue: Script,
  module: WebAssembly.Module,
  meter: MeterPort,
  limits: StripLimits,
  body: (exports: Glue) => string,
): StripOutcome {
  const running: { gauge?: Gauge } = {};
  class Instance {
    readonly exports: WebAssembly.Exports;
    constructor(_module: unknown, imports: WebAssembly.Imports) {
      const instance = new WebAssembly.Instance(module, { ...imports, ...meter.imports });
      running.gauge = meter.gauge(instance);
      running.gauge.reset(limits.fuel, limits.memoryBytesMax);
      this.exports = instance.exports;
    }
  }
  const exports = {};
  const context = createContext({
    module: { exports },
    require: () => ({ TextDecoder, TextEncoder }),
    WebAssembly: { Module: Object, Instance },
  });
  try {
    const code = withQuickStart(() => {
      glue.runInContext(context);
      return body(exports as Glue);
    });
    return { type: "stripped", code, cost: costOf(running.gauge, limits) };
  } catch (error) {
    const cost = costOf(running.gauge, limits);
    return { type: "rejected", message: messageOf(error, running.gauge), cost };
  }
}

function costOf(gauge: Gauge | undefined, limits: StripLimits): number {
  return gauge === undefined ? 0 : limits.fuel - Math.max(0, gauge.remaining());
}

function messageOf(error: unknown, gauge: Gauge | undefined): string {
  if (error instanceof WebAssembly.RuntimeError) {
    switch (gauge?.cause()) {
      case "fuel":
        return "error: the compiler's time limit was exceeded";
      case "memory":
        return "error: the compiler's memory limit was exceeded";
      case "host-memory":
        throw new Error("the host has no memory left");
      case "stack":
      case undefined:
        return "error: the source is nested too deeply for the compiler";
    }
  }
  if (error instanceof RangeError) throw error;
  const { code, message, snippet, startLine } = (error ?? {}) as Diagnostic;
  const place = typeof startLine === "number" ? ` (line ${startLine})` : "";
  const lines = [`error${place}: ${typeof message === "string" ? message : String(error)}`];
  if (typeof snippet === "string" && snippet !== "") lines.push(snippet);
  if (typeof code === "string") lines.push(`[${code}]`);
  return lines.join("\n");
}

function readGlue(): string {
  return readFileSync(createRequire(import.meta.url).resolve("@swc/wasm-typescript"), "utf8");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
