import { FakeSandbox } from "../../../sandbox/fake/index.ts";
import { testSandbox } from "../../compliance/sandbox.ts";

testSandbox("fake", () => Promise.resolve(new FakeSandbox()), { exact: true });
