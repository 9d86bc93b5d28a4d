/**
 * Packages of Polygon (https://polygon.codeforces.com), converted into ours.
 *
 * ```ts
 * const { directory, warnings } = await importPolygon("downloads/a-plus-b", "my-contest");
 * ```
 *
 * Checkers and interactors written with testlib stay what they are: an adapter (`testlib-adapter.ts`) makes them output validators, which
 * the sandbox compiles and runs.
 */
export { importPolygon, type ImportedProblem } from "./convert.ts";
export { PolygonError } from "./errors.ts";
export { testlibAdapter, type TestlibProgram } from "./testlib-adapter.ts";
