/** A process with a sandbox that works, for the test that kills it. */
import { createWasmSandbox } from "../../../../sandbox/wasm/evaluator/index.ts";

const sandbox = await createWasmSandbox({ workers: 1, cacheDirectory: process.argv[2] ?? "" });
const endless = new TextEncoder().encode("for (;;);");
const task = { timeLimitMs: 3_600_000, memoryLimitMiB: 64, outputLimitMiB: 1, stdin: new Uint8Array(0) };
process.stdout.write("started\n");
await sandbox.run({ ...task, language: "javascript", sources: [{ name: "main.js", bytes: endless }] });
