/** The evaluator that all nodes of a demo share: one warm compiler and few run workers instead of ten of each. */
import process from "node:process";
import { serveEvaluator } from "../../sandbox/index.ts";
import { printJson } from "../support/output.ts";

const [socket, workers] = process.argv.slice(2);
if (socket === undefined || workers === undefined) throw new RangeError("usage: evaluator SOCKET WORKERS");
const host = await serveEvaluator(socket, { workers: Number(workers) });
process.stdin.on("end", () => void host.close().then(() => process.exit(0)));
process.stdin.resume();
printJson({ type: "ready" });
