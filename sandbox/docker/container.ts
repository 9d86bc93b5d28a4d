/** One container: made, spoken to, removed. Nothing of it is shared with another one. */
import type Docker from "dockerode";
import { SandboxError } from "../sandbox.ts";
import { encodeMessage, MessageReader, type Part } from "./messages.ts";

export const LABEL = "dikast.sandbox";
/** For the runner and what it holds of a test's input and output; programs are held to their own limit by the runner. */
const MEMORY_ROOM_MIB = 512;
const PROCESSES_MAX = 256;
const WORK_MIB = 256;
const SCRATCH_MIB = 64;
/** Of one reply: two outputs, and what was written. */
const REPLY_BYTES_MAX = 768 * 1024 * 1024;

export interface ContainerOptions {
  readonly image: string;
  readonly memoryMiB: number;
  /** Which processors it may use, as Docker writes it (`2-3`); all if absent. */
  readonly cpuSet?: string | undefined;
}

function tmpfs(mode: string, sizeMiB: number, uid: number, exec: boolean): string {
  return `rw,nosuid,nodev,${exec ? "exec" : "noexec"},size=${sizeMiB}m,nr_inodes=4096,mode=${mode},uid=${uid},gid=${uid}`;
}

const SUBMISSION = 10_001;
const VALIDATOR = 10_002;

export class Container {
  readonly #container: Docker.Container;
  readonly #stream: NodeJS.ReadWriteStream;
  readonly #reader = new MessageReader(REPLY_BYTES_MAX);
  #waiting:
    | { readonly resolve: (parts: readonly Buffer[]) => void; readonly reject: (error: unknown) => void }
    | undefined;
  #lost: SandboxError | undefined;
  #lastWords = "";
  #removed: Promise<void> | undefined;

  private constructor(container: Docker.Container, stream: NodeJS.ReadWriteStream) {
    this.#container = container;
    this.#stream = stream;
  }

  /** @throws SandboxError when the engine refuses. */
  static async start(docker: Docker, options: ContainerOptions): Promise<Container> {
    const memory = (options.memoryMiB + MEMORY_ROOM_MIB) * 1024 * 1024;
    const created = await docker.createContainer({
      Image: options.image,
      Labels: { [LABEL]: `${process.pid}` },
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      NetworkDisabled: true,
      User: "0:0",
      WorkingDir: "/",
      HostConfig: {
        AutoRemove: true,
        NetworkMode: "none",
        IpcMode: "none",
        ReadonlyRootfs: true,
        CapDrop: ["ALL"],
        // Of the runner alone: programs are other users, and lose them when they become so.
        CapAdd: ["SETUID", "SETGID", "KILL"],
        SecurityOpt: ["no-new-privileges"],
        Memory: memory,
        MemorySwap: memory,
        PidsLimit: PROCESSES_MAX,
        Ulimits: [
          { Name: "core", Soft: 0, Hard: 0 },
          { Name: "nofile", Soft: 1024, Hard: 1024 },
          { Name: "stack", Soft: -1, Hard: -1 },
        ],
        LogConfig: { Type: "none", Config: {} },
        Tmpfs: {
          "/work": tmpfs("0755", WORK_MIB, 0, true),
          "/build": tmpfs("0700", WORK_MIB, SUBMISSION, true),
          "/tmp": tmpfs("1777", SCRATCH_MIB, 0, false),
          "/judge": tmpfs("0700", WORK_MIB, VALIDATOR, false),
          "/feedback": tmpfs("0700", SCRATCH_MIB, VALIDATOR, false),
        },
        ...(options.cpuSet === undefined ? {} : { CpusetCpus: options.cpuSet }),
      },
    });
    try {
      const stream = await created.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
      const container = new Container(created, stream);
      container.#listen(docker);
      await created.start();
      return container;
    } catch (error) {
      await created.remove({ force: true }).catch(() => undefined);
      throw error;
    }
  }

  #listen(docker: Docker): void {
    docker.modem.demuxStream(
      this.#stream,
      sink((piece) => this.#onReply(piece)),
      sink((piece) => {
        this.#lastWords = (this.#lastWords + piece.toString()).slice(-1_000);
      }),
    );
    const gone = (): void => this.#fail(`a container ended: ${this.#lastWords.trim() || "killed"}`);
    this.#stream.on("end", gone);
    this.#stream.on("close", gone);
    this.#stream.on("error", gone);
  }

  #onReply(piece: Buffer): void {
    try {
      const parts = this.#reader.add(piece);
      if (parts === undefined) return;
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.resolve(parts);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(reason: string): void {
    this.#lost ??= new SandboxError("DIKAST_SANDBOX_RUNNER", reason);
    this.#waiting?.reject(this.#lost);
    this.#waiting = undefined;
  }

  /** One job at a time. @throws SandboxError when the container is gone. */
  async ask(parts: readonly Part[]): Promise<readonly Buffer[]> {
    if (this.#lost !== undefined) throw this.#lost;
    return await new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#stream.write(encodeMessage(parts));
    });
  }

  /** Changes the memory that all of it may hold. */
  async setMemory(memoryMiB: number): Promise<void> {
    const memory = (memoryMiB + MEMORY_ROOM_MIB) * 1024 * 1024;
    await this.#container.update({ Memory: memory, MemorySwap: memory });
  }

  get usable(): boolean {
    return this.#lost === undefined;
  }

  /** Kills and removes it, whatever it does; idempotent. */
  async remove(): Promise<void> {
    this.#removed ??= (async () => {
      this.#fail("the container was removed");
      await this.#container.remove({ force: true, v: true }).catch(() => undefined);
    })();
    await this.#removed;
  }
}

/** What the engine's client writes pieces of a stream to. */
function sink(take: (piece: Buffer) => void): NodeJS.WritableStream {
  const write = (piece: Buffer): boolean => {
    take(piece);
    return true;
  };
  return { write, end: () => undefined } as unknown as NodeJS.WritableStream;
}
