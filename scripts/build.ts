/**
 * `npm run build`: the publishable package in `dist/` (JavaScript, declarations, assets, its own package.json whose `bin`
 * is `dikast`). Publish or try it with `npm publish dist` / `npm install --global ./dist`.
 * Node refuses `.ts` inside `node_modules`, hence the build; a checkout runs the sources directly.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
const DIST = path.join(ROOT, "dist");
const SOURCE_FOLDERS = ["bin", "src", "sage", "sessions", "sandbox", "sim"];

rmSync(DIST, { recursive: true, force: true });
const compiler = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
const compiled = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: ROOT, stdio: "inherit" });
if (compiled.status !== 0) process.exit(1);

// What the sources read at run time: headers and runtimes of the toolchains, scenarios, the demo contest.
const assets = globSync(`{${SOURCE_FOLDERS.join(",")}}/**/*`, { cwd: ROOT, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts") && entry.name !== "dikast")
  .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
for (const asset of assets) {
  mkdirSync(path.dirname(path.join(DIST, asset)), { recursive: true });
  cpSync(path.join(ROOT, asset), path.join(DIST, asset));
}
for (const extra of ["README.md", "LICENSE", "CHANGELOG.md", "examples"]) {
  if (existsSync(path.join(ROOT, extra))) cpSync(path.join(ROOT, extra), path.join(DIST, extra), { recursive: true });
}

const launcher = path.join(DIST, "bin", "dikast.js");
writeFileSync(launcher, '#!/usr/bin/env node\nimport "./main.js";\n');
chmodSync(launcher, 0o755);

const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;
const published = Object.fromEntries(
  Object.entries(manifest).filter(([key]) => !["scripts", "devDependencies"].includes(key)),
);
writeFileSync(
  path.join(DIST, "package.json"),
  `${JSON.stringify({ ...published, bin: { dikast: "bin/dikast.js" } }, null, 2)}\n`,
);
console.log(`built ${path.relative(process.cwd(), DIST) || "dist"}`);
