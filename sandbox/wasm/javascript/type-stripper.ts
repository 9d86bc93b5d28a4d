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
import { LearningModule } from "../interpreter/native-code.ts";
import { CODE_KEPT_AFTER, WARMING_RUNS, withQuickStart } from "../interpreter/tiering.ts";
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
  /** Strips an ordinary program, so that the first one finds its machine code. */
  warm(): void;
}

/** What TypeScript adds in most programs. */
const WARM_SOURCE = `
import * as fs from "fs";
interface Edge { to: number; readonly length?: number }
type Graph = Edge[][];
class Queue<T> {
  private items: T[] = [];
  constructor(public readonly name: string) {}
  push(item: T): void { this.items.push(item); }
  pop(): T | undefined { return this.items.shift(); }
}
const graph: Graph = Array.from({ length: 5 }, (): Edge[] => []);
const queue = new Queue<[number, number]>("queue");
for (const line of fs.readFileSync(0, "utf8").trim().split("\\n")) {
  const [from, to] = line.split(" ").map(Number) as [number, number];
  graph[from]!.push({ to });
}
enum Kind { Open, Closed }
console.log(Kind.Open, graph.length satisfies number, queue);
`;
const WARM_LIMITS = { fuel: 1e11, memoryBytesMax: 2 ** 30 };

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
  const learning = { cache, kind: "typescript-code", wireHash: key, keptAfter: CODE_KEPT_AFTER };
  const code = new LearningModule(metered, learning);
  const glue = new Script(text.replace(EMBEDDED, "undefined"), { filename: "wasm-typescript.js" });

  const attempt = (name: string, source: string, limits: StripLimits, mode: "strip-only" | "transform") => {
    return runGlue(glue, code, meter, limits, (exports) => {
      const options = {
        mode,
        filename: name,
        module: undefined,
        transform: { verbatimModuleSyntax: mode === "strip-only" },
      };
      return exports.transformSync(source, options).code;
    });
  };

  const strip: TypeStripper["strip"] = (name, source, limits) => {
    // Stripping keeps every line and column; what cannot be stripped (enums, namespaces) is transformed.
    const stripped = attempt(name, source, limits, "strip-only");
    if (stripped.type === "stripped" || !stripped.message.includes(UNSUPPORTED)) return stripped;
    const rest = { ...limits, fuel: limits.fuel - stripped.cost };
    const transformed = attempt(name, source, rest, "transform");
    return { ...transformed, cost: stripped.cost + transformed.cost };
  };
  return { strip, warm: () => code.warm(WARMING_RUNS, () => void strip("main.ts", WARM_SOURCE, WARM_LIMITS)) };
}

const UNSUPPORTED = "UnsupportedSyntax";

function runGlue(
  glue: Script,
  code: LearningModule,
  meter: MeterPort,
  limits: StripLimits,
  body: (exports: Glue) => string,
): StripOutcome {
  const running: { gauge?: Gauge; instance?: WebAssembly.Instance } = {};
  class Instance {
    readonly exports: WebAssembly.Exports;
    constructor(_module: unknown, imports: WebAssembly.Imports) {
      const instance = new WebAssembly.Instance(code.module, { ...imports, ...meter.imports });
      running.instance = instance;
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
    const stripped = withQuickStart(() => {
      glue.runInContext(context);
      return body(exports as Glue);
    });
    return { type: "stripped", code: stripped, cost: costOf(running.gauge, limits) };
  } catch (error) {
    const cost = costOf(running.gauge, limits);
    return { type: "rejected", message: messageOf(error, running.gauge), cost };
  } finally {
    code.learn(running.instance);
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
