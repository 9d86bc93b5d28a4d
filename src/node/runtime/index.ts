/**
 * A node put together: logs and the running node.
 *
 * ```ts
 * const node = await startNode({ settings, secretKey, store, logger, contest, role: "participant", … });
 * node.subscribe((notice) => console.log(notice));
 * await node.stop();
 * ```
 */
export { LOG_FILE, type Log, type Logger, openLog } from "./logging.ts";
export { type NodeMachine, nodeMachine } from "./machines.ts";
export {
  type NodeCounters,
  type NodeNotice,
  type NodeOptions,
  type NoticeListener,
  RunningNode,
} from "./node.ts";
export { startNode } from "./start.ts";
export { type ProblemText, type ProblemView, StatementError } from "./problem-text.ts";
export type { ProblemStatus } from "./problem-library.ts";
export { openSandbox } from "./sandboxes.ts";
