/**
 * Which folder may import which (docs/ARCHITECTURE.md "Arrows"): anything not listed is forbidden, outsiders import a
 * folder's face only, and the pure folders reach for no clock, timer, log or global randomness.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { arrowProblems } from "./arrow-rules.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const files = globSync("{bin,src,sage,sessions,sandbox,sim}/**/*.ts", { cwd: ROOT }).sort();
const problems = files.flatMap((file) => arrowProblems(file, readFileSync(path.join(ROOT, file), "utf8")));
for (const problem of problems) console.error(problem);
console.log(`arrows: ${files.length} files, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
