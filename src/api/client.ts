/** Talks to a running node over its socket. */
import { connect, type Socket } from "node:net";
import { socketPathOf } from "./socket-path.ts";
import { ANSWER_BYTES_MAX, type ApiCommand, type ApiResponse, LineSplitter } from "./wire.ts";

/** The node is not there, refused the command, or went away. `code` is stable. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

interface Pending {
  readonly onBody: (body: unknown, final: boolean) => void;
  readonly onError: (error: ApiError) => void;
}

export class ApiClient {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #closed = Promise.withResolvers<void>();
  #nextId = 0;

  /** Use `connectApi`. */
  constructor(socket: Socket) {
    this.#socket = socket;
    const lines = new LineSplitter(ANSWER_BYTES_MAX);
    socket.on("data", (chunk: Buffer) => {
      const complete = lines.push(chunk);
      if (complete === undefined) socket.destroy();
      else for (const line of complete) this.#onResponse(JSON.parse(line) as ApiResponse);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      const error = new ApiError(
        "DIKAST_API_CLOSED",
        "the node stopped before it answered; what stopped it is said in its terminal and in log/dikast.log, `dikast join` starts it again",
      );
      for (const { onError } of this.#pending.values()) onError(error);
      this.#pending.clear();
      this.#closed.resolve();
    });
  }

  /** Resolves when the connection is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** The final answer. @throws ApiError */
  async request(command: ApiCommand): Promise<unknown> {
    let last: unknown;
    for await (const body of this.stream(command)) last = body;
    return last;
  }

  /** Every answer, the final one last. Leaving the loop early forgets the rest. @throws ApiError */
  async *stream(command: ApiCommand): AsyncGenerator {
    const id = (this.#nextId += 1);
    const waiting: { readonly body: unknown; readonly final: boolean }[] = [];
    let failure: ApiError | undefined;
    let wake = Promise.withResolvers<void>();
    this.#pending.set(id, {
      onBody: (body, final) => {
        waiting.push({ body, final });
        wake.resolve();
      },
      onError: (error) => {
        failure = error;
        wake.resolve();
      },
    });
    if (this.#socket.destroyed) throw new ApiError("DIKAST_API_CLOSED", "the connection to the node is closed");
    this.#socket.write(`${JSON.stringify({ id, command })}\n`);
    try {
      for (;;) {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          yield next.body;
          if (next.final) return;
        }
        if (failure !== undefined) throw failure;
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    } finally {
      this.#pending.delete(id);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #onResponse(response: ApiResponse): void {
    const pending = this.#pending.get(response.id);
    if (pending === undefined) return;
    if ("error" in response) {
      this.#pending.delete(response.id);
      pending.onError(new ApiError(response.error.code, response.error.message));
      return;
    }
    if (response.final) this.#pending.delete(response.id);
    pending.onBody(response.body, response.final);
  }
}

/** @throws ApiError `DIKAST_NOT_RUNNING` when no node runs with this data directory. */
export async function connectApi(dataDirectory: string): Promise<ApiClient> {
  const socket = connect(socketPathOf(dataDirectory));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve);
  socket.once("error", reject);
  try {
    await promise;
  } catch (error) {
    throw new ApiError(
      "DIKAST_NOT_RUNNING",
      `no node is running with the data directory ${dataDirectory}; start it with \`dikast join <invite>\` ` +
        "(the organizer's with `dikast sage`), or name another directory with --data-dir",
      { cause: error },
    );
  }
  socket.removeListener("error", reject);
  return new ApiClient(socket);
}
