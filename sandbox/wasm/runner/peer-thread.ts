/** Entry of the peer's thread. */
import { parentPort, workerData } from "node:worker_threads";
import { ConversationSide, SIDE } from "./conversation.ts";
import { createEngines, type EngineOptions, runWith } from "./engines.ts";
import type { PeerJob, PeerReply } from "./peer.ts";

const engines = createEngines(workerData as EngineOptions);

function carryOut(job: PeerJob): PeerReply {
  const side = new ConversationSide(job.conversation, SIDE.interactor);
  side.begin();
  try {
    return { type: "done", outcome: runWith(engines, job.program, job.input, job.limits, side) };
  } catch (error) {
    return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    side.end();
  }
}

parentPort?.on("message", (job: PeerJob) => parentPort?.postMessage(carryOut(job)));
parentPort?.postMessage("ready");
