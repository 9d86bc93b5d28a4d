import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "../../../sim/mutants/mutants.ts";

const DIKAST = fileURLToPath(new URL("../../../bin/main.ts", import.meta.url));
const SEEDS_MAX = 1000;

describe("simulator: mutants, hunted", () => {
  for (const { name, what } of MUTANTS) {
    it(`${name} (${what}): caught within ${SEEDS_MAX} seeds`, (t) => {
      const args = [
        "sim",
        "test",
        "--seeds",
        `${SEEDS_MAX}`,
        "--failures",
        "1",
        "--no-shrink",
        "--mutant",
        name,
        "--json",
      ];
      const run = spawnSync(process.execPath, [DIKAST, ...args], { encoding: "utf8" });
      assert.match(run.stdout, /"type":"failure"/, run.stderr);
      const seeds = /"type":"summary","seeds":(\d+)/.exec(run.stdout)?.[1];
      t.diagnostic(`${name}: caught by seed ${seeds}`);
      assert.equal(run.status, 1);
    });
  }
});
