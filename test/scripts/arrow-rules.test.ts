import assert from "node:assert/strict";
import { test } from "node:test";
import { arrowProblems } from "../../scripts/arrow-rules.ts";

const table: readonly { id: string; file: string; text: string; problem: RegExp | undefined }[] = [
  { id: "own folder", file: "sessions/a.ts", text: `import { b } from "./b.ts";`, problem: undefined },
  {
    id: "model by file",
    file: "sessions/a.ts",
    text: `import type { X } from "../src/model/ids.ts";`,
    problem: undefined,
  },
  { id: "face", file: "sim/a.ts", text: `import { x } from "../sessions/index.ts";`, problem: undefined },
  {
    id: "inside another folder",
    file: "sim/a.ts",
    text: `import { x } from "../sessions/log.ts";`,
    problem: /import its face/,
  },
  {
    id: "forbidden folder",
    file: "sessions/a.ts",
    text: `import { x } from "../src/node/index.ts";`,
    problem: /may not import src\/node/,
  },
  {
    id: "several lines",
    file: "sessions/a.ts",
    text: `import {\n  x,\n  y,\n} from "../sage/index.ts";`,
    problem: /may not import sage/,
  },
  { id: "forbidden package", file: "sage/a.ts", text: `export { x } from "level";`, problem: /may not import level/ },
  {
    id: "node builtin in the core",
    file: "src/model/a.ts",
    text: `import "node:fs";`,
    problem: /may not import node:fs/,
  },
  { id: "dynamic import", file: "src/contest/a.ts", text: `const x = import("pino");`, problem: /may not import pino/ },
  {
    id: "scope wildcard",
    file: "src/model/a.ts",
    text: `import { sha256 } from "@noble/hashes/sha2.js";`,
    problem: undefined,
  },
  {
    id: "the simulator takes the fake sandbox only",
    file: "sim/a.ts",
    text: `import { x } from "../sandbox/index.ts";`,
    problem: /may not import sandbox/,
  },
  { id: "clock in the core", file: "sessions/a.ts", text: `const now = Date.now();`, problem: /is pure/ },
  { id: "formatting a given instant", file: "sage/a.ts", text: `new Date(at).toISOString();`, problem: undefined },
  { id: "timer in the core", file: "sage/a.ts", text: `setTimeout(() => 1, 5);`, problem: /is pure/ },
  {
    id: "clock in a comment",
    file: "sessions/a.ts",
    text: `// not Date.now()\n/* nor setTimeout */`,
    problem: undefined,
  },
  { id: "clock in the node", file: "src/node/a.ts", text: `const now = Date.now();`, problem: undefined },
  { id: "unknown folder", file: "src/other/a.ts", text: ``, problem: /no rule/ },
];

for (const { id, file, text, problem } of table) {
  test(`arrows: ${id}: ${problem === undefined ? "allowed" : "refused"}`, () => {
    const found = arrowProblems(file, text);
    if (problem === undefined) assert.deepEqual(found, []);
    else {
      assert.equal(found.length, 1);
      assert.match(found[0] ?? "", problem);
    }
  });
}
