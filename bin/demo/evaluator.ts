/**
 * The evaluator that all nodes of a demo share: one warm compiler and few run workers instead of ten of each. Says `ready`
 * when it takes work; gets its compilers ready when it is told `warm`, and says so.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { serveEvaluator } from "../../sandbox/index.ts";
import { printJson } from "../support/output.ts";

const [socket, workers] = process.argv.slice(2);
if (socket === undefined || workers === undefined) throw new RangeError("usage: evaluator SOCKET WORKERS");
const host = await serveEvaluator(socket, { workers: Number(workers) });
const input = createInterface({ input: process.stdin });
input.on("line", (line) => {
  if (line !== "warm") return;
  host.warm(host.profile.languages).then(
    () => printJson({ type: "warm" }),
    // The first submission will tell what is wrong.
    () => printJson({ type: "warm" }),
  );
});
// The demo has ended, in whichever way.
input.on("close", () => void host.close().finally(() => process.exit(0)));
printJson({ type: "ready" });
