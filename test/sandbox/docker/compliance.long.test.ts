import { test } from "node:test";
import { createDockerSandbox } from "../../../sandbox/docker/index.ts";
import { testSandbox } from "../../compliance/sandbox.ts";
import { reasonToSkip } from "./engine.ts";

const skip = await reasonToSkip();
if (skip === false) testSandbox("docker", () => createDockerSandbox({ workers: 2 }), { exact: false });
else test("docker: compliance", { skip }, () => undefined);
