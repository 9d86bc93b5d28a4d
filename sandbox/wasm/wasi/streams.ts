/** The standard streams: input by pull, from bytes or from another program; output within bounds. */
import type { RunInput, RunLimits } from "../../engine.ts";
import { BoundedOutput, type ProgramIo } from "../interpreter/program-io.ts";

export interface SystemOptions {
  readonly input: RunInput;
  readonly limits: RunLimits;
  /** Where the standard streams lead, when the program talks to another one: replaces `input.stdin`. */
  readonly io: ProgramIo | undefined;
}

export class StandardStreams {
  readonly #stdin: Uint8Array;
  readonly #io: ProgramIo | undefined;
  readonly #stdout: BoundedOutput;
  readonly #stderr: BoundedOutput;
  #offset = 0;

  constructor({ input, limits, io }: SystemOptions) {
    this.#stdin = input.stdin;
    this.#io = io;
    this.#stdout = new BoundedOutput(limits.stdoutBytesMax);
    this.#stderr = new BoundedOutput(limits.stderrBytesMax);
  }

  get stdout(): Uint8Array {
    return this.#stdout.bytes();
  }
  get stderr(): Uint8Array {
    return this.#stderr.bytes();
  }

  /** Fills a buffer from standard input, which may wait for another program only while nothing has been read. */
  read(buffer: Uint8Array, mayWait: boolean): number {
    if (buffer.length === 0) return 0;
    if (this.#io !== undefined) {
      if (!mayWait) return 0;
      const bytes = this.#io.read(buffer.length);
      buffer.set(bytes);
      return bytes.length;
    }
    const chunk = this.#stdin.subarray(this.#offset, this.#offset + buffer.length);
    buffer.set(chunk);
    this.#offset += chunk.length;
    return chunk.length;
  }

  /** False when standard output is beyond its bound. Standard error is for people only: what exceeds its bound is dropped. */
  write(fd: 1 | 2, buffer: Uint8Array): boolean {
    if (fd === 2) {
      this.#stderr.append(buffer);
      return true;
    }
    if (!this.#stdout.append(buffer)) return false;
    this.#io?.write(1, buffer);
    return true;
  }
}
