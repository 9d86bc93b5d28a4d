/** JavaScript: compiling is checking the syntax of every source, in the sandbox. TypeScript: its types are stripped first. */
import type { CompileOutcome, Toolchain } from "../../engine.ts";
import type { SourceFile } from "../../sandbox.ts";
import { compileOutcome, runLimitsOf } from "../interpreter/compile-run.ts";
import { DiskCache } from "../interpreter/disk-cache.ts";
import { type InterpreterOptions, settingsOf } from "../interpreter/options.ts";
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";
import { javaScriptParts } from "./boot.ts";
import type { JavaScriptEngine } from "./engine.ts";
import { createTypeStripper, type TypeStripper, typeStripperParts } from "./type-stripper.ts";

export interface JavaScriptToolchains {
  readonly javascript: Toolchain;
  readonly typescript: Toolchain;
}

const TYPED_NAME = /\.[cm]?ts$/;

/** @param engine of the calling thread, which needs the stack that programs need (`ENGINE_STACK_MIB`). */
export function createJavaScriptToolchains(
  engine: () => JavaScriptEngine,
  options: InterpreterOptions,
): JavaScriptToolchains {
  let stripper: TypeStripper | undefined;
  const stripperReady = (): TypeStripper =>
    (stripper ??= createTypeStripper(new DiskCache(options.cacheDirectory), settingsOf(options, "javascript").meter));

  const check: Toolchain["compile"] = async (sources, limits, signal) => {
    signal?.throwIfAborted();
    const program = { type: "javascript" as const, sources };
    return compileOutcome(program, engine().checkSyntax(program, runLimitsOf(limits)).outcome);
  };

  const strip: Toolchain["compile"] = async (sources, limits, signal): Promise<CompileOutcome> => {
    signal?.throwIfAborted();
    const { costMax, memoryBytesMax } = runLimitsOf(limits);
    const plain: SourceFile[] = [];
    let spent = 0;
    for (const source of sources) {
      if (!TYPED_NAME.test(source.name)) {
        plain.push(source);
        continue;
      }
      const text = new TextDecoder().decode(source.bytes);
      const outcome = stripperReady().strip(source.name, text, { fuel: costMax - spent, memoryBytesMax });
      spent += outcome.cost;
      if (outcome.type === "rejected") return { type: "rejected", log: `${source.name}: ${outcome.message}\n` };
      plain.push({ name: source.name, bytes: new TextEncoder().encode(outcome.code) });
    }
    const timeMs = Math.max(1, Math.floor((costMax - spent) / COST_PER_VIRTUAL_MS));
    return await check(plain, { ...limits, timeMs }, signal);
  };

  return {
    javascript: {
      language: "javascript",
      get parts() {
        return javaScriptParts();
      },
      warm: async () => engine().warm(),
      compile: check,
    },
    typescript: {
      language: "typescript",
      get parts() {
        return { ...javaScriptParts(), ...typeStripperParts() };
      },
      warm: async () => {
        engine().warm();
        stripperReady().warm();
      },
      compile: strip,
    },
  };
}
