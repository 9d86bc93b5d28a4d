/** Entry of the thread that compiles, one request at a time. */
import { parentPort, workerData } from "node:worker_threads";
import type { Toolchain } from "../../engine.ts";
import type { Language } from "../../../src/model/language.ts";
import type { CompileReply, CompileRequest, FromCompileProcess, ToCompileProcess } from "./messages.ts";
import { createToolchains } from "./toolchains.ts";

const { cacheDirectory } = workerData as { readonly cacheDirectory: string };
const toolchains: ReadonlyMap<Language, Toolchain> = createToolchains(cacheDirectory);
const tell = (message: FromCompileProcess): void => parentPort?.postMessage(message);

async function compile({ language, sources, limits }: CompileRequest): Promise<CompileReply> {
  const toolchain = toolchains.get(language);
  if (toolchain === undefined) return { type: "failed", reason: `the embedded sandbox has no ${language}` };
  try {
    return { type: "outcome", outcome: await toolchain.compile(sources, limits) };
  } catch (error) {
    return { type: "failed", reason: error instanceof Error ? error.message : "unknown failure" };
  }
}

async function warm(languages: readonly Language[]): Promise<void> {
  for (const language of languages) {
    try {
      await toolchains.get(language)?.warm();
    } catch {
      // The first compilation will say what is wrong.
    }
  }
}

async function onMessage(message: ToCompileProcess): Promise<void> {
  if (message.type === "compile") tell({ type: "compiled", reply: await compile(message.request) });
  else {
    await warm(message.languages);
    tell({ type: "warmed" });
  }
}

parentPort?.on("message", (message: ToCompileProcess) => void onMessage(message));
tell({ type: "ready" });
