/**
 * JavaScript and TypeScript in the sandbox: QuickJS-NG with the part of Node's interface that contest programs use,
 * metered, each run restored from the memory snapshot of a started interpreter.
 *
 * @example
 * const javascript = createJavaScriptEngine({ cacheDirectory });
 * const sources = [{ name: "main.js", bytes: new TextEncoder().encode("console.log(1 + 1)") }];
 * javascript.run({ type: "javascript", sources }, { args: [], stdin }, limits);
 */
export { javaScriptParts } from "./boot.ts";
export { createJavaScriptEngine, type JavaScriptEngine, type JavaScriptProgram } from "./engine.ts";
export { createJavaScriptToolchains, type JavaScriptToolchains } from "./toolchain.ts";
export { typeStripperParts } from "./type-stripper.ts";
