/**
 * The evaluator that all nodes of a demo share: one warm compiler and few run workers instead of ten of each. Says `ready`
 * when it takes work; gets its compilers and runtimes ready when it is told `warm`, and says `warmed` of each language, then `warm`.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { serveEvaluator } from "../../sandbox/index.ts";
import { printJson } from "../support/output.ts";

const [socket, workers] = process.argv.slice(2);
if (socket === undefined || workers === undefined) throw new RangeError("usage: evaluator SOCKET WORKERS");
// Its processes start when it gets ready: until the network is up the cores belong to the nodes.
const host = await serveEvaluator(socket, { workers: Number(workers), lazy: true });
const input = createInterface({ input: process.stdin });
input.on("line", (line) => {
  if (line === "warm") void warm();
});
// The demo has ended, in whichever way.
input.on("close", () => void host.close().finally(() => process.exit(0)));
printJson({ type: "ready", languages: host.profile.languages });

async function warm(): Promise<void> {
  const startedMs = performance.now();
  const languages = host.profile.languages.map(async (language) => {
    // If it fails, the first submission will tell what is wrong.
    await host.warm([language]).catch(() => undefined);
    printJson({ type: "warmed", language, tookMs: Math.round(performance.now() - startedMs) });
  });
  await Promise.all(languages);
  printJson({ type: "warm" });
}
