/**
 * A node loads about 1,500 modules, which takes most of a second of processor time; ten nodes at once pay it ten times.
 * In a checkout the demo therefore starts its nodes and the evaluator from one bundle of the same sources, made anew when they changed.
 * Worker threads and the evaluator's own processes still start from the sources: their paths are kept in the bundle.
 */
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const SOURCE_FOLDERS = ["bin", "src", "sage", "sessions", "sandbox", "sim"];
/** Native, WebAssembly, or CommonJS that looks for files beside itself. */
const EXTERNAL = [
  "@swc/wasm-typescript",
  "@yowasp/clang",
  "classic-level",
  "dockerode",
  "level",
  "pino",
  "pyodide",
  "quickjs-wasi",
  "saxes",
  "secp256k1",
  "yauzl",
  "yazl",
  "esbuild",
];
/** In pieces, for this file is bundled too. */
const META = ["import", "meta"].join(".");
const REQUIRE = `import { createRequire as dikastRequire } from "node:module"; const require = dikastRequire(${META}.url);`;

/**
 * The bundles of the TypeScript files `sources`, in their order; `sources` themselves outside of a checkout, or when no
 * bundle can be made.
 */
export async function bundled(
  root: string,
  sources: readonly string[],
  onFailure: (error: unknown) => void,
): Promise<readonly string[]> {
  if (!sources.every((source) => source.endsWith(".ts"))) return sources;
  const folder = path.join(root, ".tools", "bundle");
  const directory = path.join(folder, stampOf(root));
  const entries = sources.map((source) => path.join(directory, `${path.basename(source, ".ts")}.mjs`));
  const isThere = (): boolean => entries.every((entry) => existsSync(entry));
  if (isThere()) return entries;
  const made = `${directory}.${process.pid}`;
  try {
    await make(sources, made);
    renameSync(made, directory);
    removeOld(folder);
    return entries;
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    // Another demo was faster.
    if (isThere()) return entries;
    // A full disk, or a bundler that does not run here: slower, but the same program.
    onFailure(error);
    return sources;
  }
}

/** A running demo may need its bundle to start a node again: the newest ones stay. */
const KEPT = 4;

function removeOld(folder: string): void {
  const aged = readdirSync(folder).map((name) => ({ name, madeMs: statSync(path.join(folder, name)).mtimeMs }));
  aged.sort((one, other) => other.madeMs - one.madeMs);
  for (const { name } of aged.slice(KEPT)) rmSync(path.join(folder, name), { recursive: true, force: true });
}

async function make(sources: readonly string[], outdir: string): Promise<void> {
  mkdirSync(outdir, { recursive: true });
  const esbuild = await import("esbuild");
  await esbuild.build({
    entryPoints: [...sources],
    entryNames: "[name]",
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    outExtension: { ".js": ".mjs" },
    external: EXTERNAL,
    banner: { js: REQUIRE },
    logLevel: "silent",
    plugins: [
      {
        name: "paths-of-sources",
        setup(build): void {
          build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => ({
            contents: withItsPath(await readFile(file, "utf8"), file),
            loader: "ts",
          }));
        },
      },
    ],
  });
}

/** What a source reads beside itself, and the threads it starts, are found from the bundle too. */
function withItsPath(text: string, file: string): string {
  return text
    .replaceAll(`${META}.url`, JSON.stringify(pathToFileURL(file).href))
    .replaceAll(`${META}.dirname`, JSON.stringify(path.dirname(file)));
}

/** Changes with every source, every dependency, and the place of the checkout. */
function stampOf(root: string): string {
  const hash = createHash("sha256").update(root).update(process.version);
  const sources = globSync(`{${SOURCE_FOLDERS.join(",")}}/**/*.ts`, { cwd: root }).sort();
  for (const file of [...sources, "package-lock.json"]) {
    const { mtimeMs, size } = statSync(path.join(root, file));
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
