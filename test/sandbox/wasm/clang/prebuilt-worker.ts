/** Makes the runtime's objects from their sources, in a thread with a stack for clang, and says whether they are those shipped. */
import { parentPort, workerData } from "node:worker_threads";
import { prebuiltRuntime } from "../../../../sandbox/wasm/clang/prebuilt.ts";
import { buildRuntime } from "../../../../sandbox/wasm/clang/toolchain.ts";

const { cacheDirectory } = workerData as { readonly cacheDirectory: string };
const { profile, objects } = buildRuntime(cacheDirectory);
const shipped = prebuiltRuntime(profile);
const differing = [...objects].filter(
  ([name, bytes]) => Buffer.compare(bytes, shipped.get(name) ?? Buffer.alloc(0)) !== 0,
);
parentPort?.postMessage(differing.map(([name]) => name));
