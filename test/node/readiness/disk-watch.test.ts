import assert from "node:assert/strict";
import { test } from "node:test";
import { type DiskLevel, DiskWatch } from "../../../src/node/readiness/index.ts";

const MIB = 2 ** 20;

/** What is told while the disk's free space goes through these MiB. */
async function told(frees: readonly (number | Error)[]): Promise<readonly DiskLevel[]> {
  const levels: DiskLevel[] = [];
  let free: number | Error = 0;
  const watch = new DiskWatch({
    directory: "/data",
    onChange: (level) => levels.push(level),
    freeBytes: async () => {
      if (free instanceof Error) throw free;
      return free * MIB;
    },
  });
  for (free of frees) await watch.look();
  return levels;
}

const TABLE: readonly (readonly [string, readonly (number | Error)[], readonly DiskLevel[]])[] = [
  ["enough room", [9000, 2000, 1024], []],
  ["it fills up: told at each level, once", [9000, 1000, 900, 300, 200, 100, 0], ["low", "nearly-full"]],
  ["full from the start", [0, 0], ["nearly-full"]],
  ["about a bound: told once", [1100, 1020, 1030, 1020, 1030], ["low"]],
  ["emptied: told", [200, 5000], ["nearly-full", "roomy"]],
  ["a file system that tells nothing", [5000, new Error("EIO")], []],
];
for (const [situation, frees, levels] of TABLE) {
  test(`disk watch: ${situation}`, async () => assert.deepEqual(await told(frees), levels));
}

test("disk watch: little room: the warning says how much is left and where", async () => {
  const watch = new DiskWatch({ directory: "/data", onChange: () => undefined, freeBytes: async () => 100 * MIB });
  assert.equal(watch.warning, null);
  await watch.look();
  assert.match(watch.warning ?? "", /\/data is nearly full \(100 MiB left\)/);
});
