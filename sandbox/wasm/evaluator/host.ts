/** One evaluator for several processes of one owner: behind a Unix socket that only the owner can open. */
import { chmod, rm } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import type { Language } from "../../../src/model/language.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { JudgeProgress, JudgeProfile, JudgeTask, RunTask } from "../../sandbox.ts";
import { SandboxError } from "../../sandbox.ts";
import { createEvaluator } from "./create.ts";
import type { Evaluator } from "./evaluator.ts";
import { receiveFrames, sendFrame } from "./framing.ts";
import { LocalSandbox } from "./local-sandbox.ts";
import type { WasmSandboxOptions } from "./options.ts";

export type HostRequest =
  | { readonly id: number; readonly type: "judge"; readonly task: JudgeTask }
  | { readonly id: number; readonly type: "run"; readonly task: RunTask }
  | { readonly id: number; readonly type: "prepare"; readonly problem: Problem; readonly packageDirectory: string }
  | { readonly id: number; readonly type: "warm"; readonly languages: readonly Language[] }
  | { readonly id: number; readonly type: "cancel" };

export type HostReply =
  /** The first message of every connection. */
  | { readonly type: "hello"; readonly profile: JudgeProfile }
  | { readonly type: "progress"; readonly id: number; readonly progress: JudgeProgress }
  | { readonly type: "result"; readonly id: number; readonly result: unknown }
  | { readonly type: "error"; readonly id: number; readonly code: string; readonly message: string };

export interface EvaluatorHost {
  readonly profile: JudgeProfile;
  /** Gets compilers and runtimes ready. */
  warm(languages: readonly Language[]): Promise<void>;
  /** Ends all clients' jobs, every process, and removes the socket. */
  close(): Promise<void>;
}

/**
 * Serves one evaluator on a Unix socket; its clients are queued in turn, share compilations in flight and compiled
 * programs, and lose their jobs when they disconnect. A socket file that nobody serves is replaced.
 * @throws SandboxError when another evaluator serves that path, or the sandbox cannot start.
 */
export async function serveEvaluator(socketPath: string, options: WasmSandboxOptions = {}): Promise<EvaluatorHost> {
  if (await isServed(socketPath))
    throw new SandboxError("DIKAST_SANDBOX_SERVED", `another evaluator serves ${socketPath}`);
  const { evaluator, profile } = await createEvaluator(options);
  const sockets = new Set<Socket>();
  let nextClient = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serveClient(socket, evaluator, profile, `client-${nextClient++}`);
  });
  try {
    await rm(socketPath, { force: true });
    await listen(server, socketPath);
  } catch (error) {
    await evaluator.close();
    throw new SandboxError("DIKAST_SANDBOX_SOCKET", `cannot listen on ${socketPath}`, { cause: error });
  }
  return {
    profile,
    warm: (languages) => evaluator.warm("host", languages),
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await evaluator.close();
      await rm(socketPath, { force: true });
    },
  };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // The file must never be open to others, not even before chmod.
    const mask = process.umask(0o177);
    server.listen(socketPath, () => {
      chmod(socketPath, 0o600).then(resolve, reject);
    });
    process.umask(mask);
  });
}

function isServed(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(socketPath);
    probe.on("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
}

function serveClient(socket: Socket, evaluator: Evaluator, profile: JudgeProfile, client: string): void {
  const sandbox = new LocalSandbox(evaluator, profile, client, () => Promise.resolve());
  const jobs = new Map<number, AbortController>();
  const reply = (message: HostReply): void => {
    if (!socket.destroyed) sendFrame(socket, message);
  };
  const carryOut = async (request: Exclude<HostRequest, { readonly type: "cancel" }>): Promise<unknown> => {
    const controller = new AbortController();
    jobs.set(request.id, controller);
    const { signal } = controller;
    const onProgress = (progress: JudgeProgress): void => reply({ type: "progress", id: request.id, progress });
    try {
      switch (request.type) {
        case "judge":
          return await sandbox.judge(request.task, { signal, onProgress });
        case "run":
          return await sandbox.run(request.task, { signal, onProgress });
        case "prepare":
          return await sandbox.prepare(request.problem, request.packageDirectory, { signal });
        case "warm":
          return await sandbox.warm(request.languages);
      }
    } finally {
      jobs.delete(request.id);
    }
  };
  receiveFrames(socket, (value) => {
    const request = value as HostRequest;
    if (request.type === "cancel") {
      jobs.get(request.id)?.abort(new SandboxError("DIKAST_SANDBOX_CANCELLED", "cancelled"));
      return;
    }
    carryOut(request).then(
      (result) => reply({ type: "result", id: request.id, result }),
      (error: unknown) =>
        reply({
          type: "error",
          id: request.id,
          code: error instanceof SandboxError ? error.code : "DIKAST_SANDBOX_FAILED",
          message: error instanceof Error ? error.message : "unknown failure",
        }),
    );
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    for (const controller of jobs.values()) controller.abort(new SandboxError("DIKAST_SANDBOX_CLIENT", "client left"));
  });
  reply({ type: "hello", profile });
}
