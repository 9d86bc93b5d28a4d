import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { createDockerSandbox } from "../../../sandbox/docker/index.ts";
import { testHostilePrograms } from "../hostile/suite.ts";
import { reasonToSkip } from "./engine.ts";

/** One that is warm, and one whose removal is under way. */
const CONTAINERS_MAX = 3;

const skip = await reasonToSkip();
if (skip === false) testHostilePrograms(() => createDockerSandbox({ workers: 1 }), { kind: "docker", inspect });
else test("docker: hostile programs", { skip }, () => undefined);

function inspect(): void {
  const listed = execFileSync("docker", ["ps", "-aq", "--filter", `label=dikast.sandbox=${process.pid}`], {
    encoding: "utf8",
  });
  const containers = listed.split("\n").filter(Boolean);
  assert.ok(containers.length <= CONTAINERS_MAX, `${containers.length} containers`);
}
