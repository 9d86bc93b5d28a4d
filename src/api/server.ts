/** Serves a running node to commands and tools of the same user over a Unix socket. */
import { chmod, unlink } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { expiringToken } from "../../sage/index.ts";
import type { Manifest } from "../model/index.ts";
import { formatInvite } from "../node/config/index.ts";
import type { RunningNode } from "../node/runtime/index.ts";
import { parseCommand } from "./commands.ts";
import { isLifeCommand, withProblemNames } from "./life-commands.ts";
import { socketPathOf } from "./socket-path.ts";
import {
  type ApiResponse,
  CONNECTIONS_MAX,
  LINE_BYTES_MAX,
  LineSplitter,
  type NodeApiCommand,
  type NodeInfo,
  REQUESTS_PER_CONNECTION_MAX,
  UNREAD_BYTES_MAX,
} from "./wire.ts";

/** What the API needs of a node. */
export type ApiNode = Pick<
  RunningNode,
  | "id"
  | "contest"
  | "organized"
  | "command"
  | "status"
  | "subscribe"
  | "addresses"
  | "peers"
  | "counters"
  | "problemNamed"
  | "problems"
  | "readiness"
  | "sages"
  | "statement"
  | "transferAuthority"
  | "diskWarning"
  | "profile"
  | "manifest"
> & { readonly library: Pick<RunningNode["library"], "openCount">; readonly archived?: RunningNode["archived"] };

export interface ApiServerOptions {
  readonly node: ApiNode;
  readonly dataDirectory: string;
  readonly version: string;
  /** A command asked the node to stop; the answer has been sent. */
  readonly onStop: () => void;
}

export interface ApiServer {
  readonly path: string;
  close(): Promise<void>;
}

/** The data directory's lock must be held: a socket that is there is a dead node's. */
export async function serveApi(options: ApiServerOptions): Promise<ApiServer> {
  const path = socketPathOf(options.dataDirectory);
  if (process.platform !== "win32") await unlink(path).catch(() => undefined);
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    if (connections.size >= CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, options);
    connections.add(connection);
    socket.on("close", () => {
      connection.close();
      connections.delete(connection);
    });
  });
  await listening(server, path);
  if (process.platform !== "win32") await chmod(path, 0o600);
  return {
    path,
    close: async () => {
      for (const connection of connections) connection.close();
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      await promise;
    },
  };
}

async function listening(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  // Nobody but the owner may connect, not even in the moment before the mode is set.
  const before = process.umask(0o177);
  server.listen(path, resolve);
  await promise.finally(() => process.umask(before));
}

class Connection {
  readonly #socket: Socket;
  readonly #options: ApiServerOptions;
  readonly #lines = new LineSplitter(LINE_BYTES_MAX);
  readonly #open = new Map<number, (() => void) | undefined>();

  constructor(socket: Socket, options: ApiServerOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      const lines = this.#lines.push(chunk);
      if (lines === undefined) socket.destroy();
      else for (const line of lines) this.#onLine(line);
    });
  }

  close(): void {
    for (const stop of this.#open.values()) stop?.();
    this.#open.clear();
    this.#socket.destroySoon();
  }

  #onLine(line: string): void {
    let request: { readonly id?: unknown; readonly command?: unknown };
    try {
      request = JSON.parse(line) as typeof request;
    } catch {
      this.#socket.destroy();
      return;
    }
    const { id } = request;
    if (typeof id !== "number" || !Number.isSafeInteger(id)) {
      this.#socket.destroy();
      return;
    }
    if (this.#open.has(id) || this.#open.size >= REQUESTS_PER_CONNECTION_MAX) {
      this.#fail(id, "DIKAST_API_BUSY", "too many requests are open on this connection");
      return;
    }
    const parsed = parseCommand(request.command);
    if (typeof parsed === "string") this.#fail(id, "DIKAST_API_MALFORMED", parsed);
    else if (parsed.to === "node") this.#onNodeCommand(id, parsed.command);
    else if (parsed.command.type === "submit") {
      const problem = this.#options.node.problemNamed(parsed.command.problem) ?? parsed.command.problem;
      const command = { ...parsed.command, problem };
      this.#onMachineCommand(id, command);
    } else if (isLifeCommand(parsed.command)) {
      this.#onMachineCommand(
        id,
        withProblemNames(parsed.command, (text) => this.#options.node.problemNamed(text)),
      );
    } else this.#onMachineCommand(id, parsed.command);
  }

  #onMachineCommand(id: number, command: { readonly type: string }): void {
    this.#open.set(id, undefined);
    const stop = this.#options.node.command(command, (body, final) => {
      if (!this.#open.has(id)) return;
      if (final) this.#open.delete(id);
      this.#send({ id, final, body });
    });
    if (stop === undefined) this.#fail(id, "DIKAST_API_BUSY", "the node has too many commands under way");
    else if (this.#open.has(id)) this.#open.set(id, stop);
  }

  #onNodeCommand(id: number, command: NodeApiCommand): void {
    const { node } = this.#options;
    switch (command.type) {
      case "node":
        return this.#send({ id, final: true, body: nodeInfo(this.#options) });
      case "connections":
        return this.#send({ id, final: true, body: { type: "connections", peers: node.peers() } });
      case "export":
        return this.#later(id, exported(node, command));
      case "problems":
        return this.#send({ id, final: true, body: { type: "problems", problems: node.problems() } });
      case "statement":
        return this.#later(
          id,
          node.statement(command.problem).then((statement) => ({ type: "statement", statement })),
        );
      case "readiness":
        return this.#later(
          id,
          node.readiness().then((readiness) => ({ type: "readiness", readiness })),
        );
      case "invite":
        return this.#send({
          id,
          final: true,
          body: { type: "invite", invite: inviteOf(node, command.untilMs), expires: node.organized?.token != null },
        });
      case "transfer-authority":
        return this.#later(id, node.transferAuthority(command.to, command.force));
      case "subscribe":
        this.#open.set(
          id,
          node.subscribe((notice) =>
            this.#send({ id, final: false, body: { type: "notice", at: Date.now(), notice } }),
          ),
        );
        return this.#send({ id, final: false, body: { type: "subscribed" } });
      case "stop":
        this.#send({ id, final: true, body: { type: "stopping" } });
        return void setImmediate(this.#options.onStop);
    }
  }

  #later(id: number, work: Promise<unknown>): void {
    this.#open.set(id, undefined);
    work.then(
      (body) => {
        if (this.#open.delete(id)) this.#send({ id, final: true, body });
      },
      (error: unknown) => {
        this.#fail(id, codeOf(error), error instanceof Error ? error.message : String(error));
      },
    );
  }

  #fail(id: number, code: string, message: string): void {
    this.#open.delete(id);
    this.#send({ id, final: true, error: { code, message } });
  }

  #send(response: ApiResponse): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength > UNREAD_BYTES_MAX) {
      this.#socket.destroy();
      return;
    }
    this.#socket.write(`${JSON.stringify(response, jsonable)}\n`);
  }
}

/** Loaded when it is asked for. */
async function exported(
  { archived }: ApiNode,
  { file, archive }: Extract<NodeApiCommand, { readonly type: "export" }>,
): Promise<unknown> {
  if (archived === undefined) throw new Error("this node keeps nothing to export");
  const { exportArchive, exportSubmissions } = await import("../archive/index.ts");
  const bytes =
    archive === null ? await exportSubmissions(archived, file) : await exportArchive(archived, file, archive);
  return { type: "exported", file, bytes };
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "DIKAST_FAILURE";
}

function jsonable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

function nodeInfo({ node, dataDirectory, version }: ApiServerOptions): NodeInfo {
  return {
    type: "node",
    node: node.id,
    role: node.status().role,
    contest: node.contest,
    pid: process.pid,
    version,
    dataDirectory,
    addresses: node.addresses(),
    invite: inviteOf(node),
    points: pointsOf(node.manifest()),
    judge: {
      sandbox: node.profile.sandbox,
      profile: node.profile.hash,
      contestProfile: node.manifest()?.judgeProfile ?? null,
      costPerVirtualMs: node.profile.costPerVirtualMs,
    },
    problemsOpen: node.library.openCount,
    diskWarning: node.diskWarning(),
    counters: node.counters(),
  };
}

function pointsOf(manifest: Manifest | null): NodeInfo["points"] {
  if (manifest?.rules.type !== "ioi") return null;
  return manifest.problems.map(({ id, pointsMicros, fullScoreMicros }) => ({ id, pointsMicros, fullScoreMicros }));
}

/** `untilMs`: the invitation expires then, where the contest has a token; null: never. */
export function inviteOf(
  node: Pick<ApiNode, "contest" | "organized" | "sages">,
  untilMs: number | null = null,
): string | null {
  const { organized } = node;
  if (organized === undefined) return null;
  const token =
    organized.token !== null && untilMs !== null ? expiringToken(organized.token, untilMs) : organized.token;
  return formatInvite({ contest: node.contest, sages: node.sages(), token });
}
