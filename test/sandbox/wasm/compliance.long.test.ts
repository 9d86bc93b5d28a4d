import { createWasmSandbox } from "../../../sandbox/wasm/evaluator/index.ts";
import { testSandbox } from "../../compliance/sandbox.ts";

testSandbox("wasm", () => createWasmSandbox({ workers: 1 }), { exact: true });
