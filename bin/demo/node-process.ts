/** One node of the demo: its process, restarted when it dies, and the connection to its API. */
import { type ApiClient, type ApiCommand, ApiError, connectApi } from "../../src/api/index.ts";
import type { NodeId } from "../../src/model/index.ts";
import type { Notice } from "../../sessions/index.ts";
import type { SageNotice } from "../../sage/index.ts";
import { Child } from "./child.ts";

export type AnyNotice = Notice | SageNotice;

export interface NodeProcessOptions {
  /** On the board. */
  readonly name: string;
  readonly dataDirectory: string;
  /** Starts a process: the first, or another one after a death. */
  readonly spawn: (restart: boolean) => Child;
  readonly onNotice: (node: NodeProcess, notice: AnyNotice) => void;
  /** Before it was up for the first time it is not started again: that would fail the same way. */
  readonly onDied: (node: NodeProcess, reason: string, startsAgain: boolean) => void;
}

const RESTARTS_MAX = 10;

export class NodeProcess {
  readonly name: string;
  readonly dataDirectory: string;
  /** Known when it is ready for the first time. */
  id: NodeId | undefined;
  readonly #options: NodeProcessOptions;
  readonly #first = Promise.withResolvers<Child>();
  #child: Child | undefined;
  #api: Promise<ApiClient>;
  #restarts = 0;
  #stopping = false;

  constructor(options: NodeProcessOptions) {
    this.name = options.name;
    this.dataDirectory = options.dataDirectory;
    this.#options = options;
    this.#api = this.#first.promise.then((child) => this.#follow(child));
    this.#api.catch(() => undefined);
  }

  /** Starts the process, if it was not stopped before. */
  start(): void {
    if (this.#stopping) return;
    this.#child = this.#options.spawn(false);
    this.#first.resolve(this.#child);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isUp(): boolean {
    return this.#child?.hasExited === false;
  }

  /** To the standard input of its first process, once that is there. */
  writeLine(line: string): void {
    void this.#first.promise.then((child) => child.writeLine(line));
  }

  /** The line it printed when it was up. @throws ChildError */
  async ready(): Promise<Readonly<Record<string, unknown>>> {
    const line = await (await this.#first.promise).ready;
    await this.#api;
    return line;
  }

  /** One answer, from the process that runs now or after the next restart. @throws ApiError when it died meanwhile */
  async request(command: ApiCommand): Promise<unknown> {
    return await (await this.#api).request(command);
  }

  /** @throws ApiError when the process died meanwhile */
  async *stream(command: ApiCommand): AsyncGenerator {
    yield* (await this.#api).stream(command);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child === undefined) return;
    await this.#child.stop();
    await this.#api.then(
      (api) => api.close(),
      () => undefined,
    );
  }

  kill(): void {
    this.#stopping = true;
    this.#child?.kill();
  }

  /** Connects to a new process and restarts it when it dies. */
  #follow(child: Child): Promise<ApiClient> {
    const api = this.#connect(child);
    api.catch(() => undefined);
    void child.exited.then((reason) => {
      if (this.#stopping) return;
      const startsAgain = this.id !== undefined && this.#restarts < RESTARTS_MAX;
      this.#options.onDied(this, reason, startsAgain);
      if (!startsAgain) return;
      this.#restarts += 1;
      this.#child = this.#options.spawn(true);
      this.#api = this.#follow(this.#child);
    });
    return api;
  }

  async #connect(child: Child): Promise<ApiClient> {
    const { node } = await child.ready;
    this.id = node as NodeId;
    const api = await connectApi(this.dataDirectory);
    void this.#listen(api);
    return api;
  }

  async #listen(api: ApiClient): Promise<void> {
    try {
      for await (const body of api.stream({ type: "subscribe" })) {
        const { notice } = body as { readonly notice?: AnyNotice };
        if (notice !== undefined) this.#options.onNotice(this, notice);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
