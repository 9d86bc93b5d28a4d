/** What goes to the runner in a container and back: lists of byte strings (`runner.c` tells the layout). */
import { SandboxError } from "../sandbox.ts";

/** More than a submission's files and output; a container that says more is given up. */
const PARTS_MAX = 4_096;

export type Part = string | number | Uint8Array;

export function encodeMessage(parts: readonly Part[]): Uint8Array {
  const encoded = parts.map((part) => (typeof part === "object" ? Buffer.from(part) : Buffer.from(String(part))));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(encoded.length);
  return Buffer.concat([
    head,
    ...encoded.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  ]);
}

/** Puts one message at a time together from pieces of a stream; bounded. */
export class MessageReader {
  readonly #bytesMax: number;
  #pieces: Buffer[] = [];
  #size = 0;

  /** @param bytesMax of one message; a longer one is an error. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * @returns the message, when this piece completes it.
   * @throws SandboxError for what no runner says.
   */
  add(piece: Buffer): readonly Buffer[] | undefined {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size > this.#bytesMax) throw damaged("says more than its limits allow");
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    this.#pieces = [bytes];
    const parts = parse(bytes);
    if (parts === undefined) return undefined;
    this.#pieces = [];
    this.#size = 0;
    return parts;
  }
}

function parse(bytes: Buffer): readonly Buffer[] | undefined {
  if (bytes.length < 4) return undefined;
  const count = bytes.readUInt32BE(0);
  if (count > PARTS_MAX) throw damaged("speaks another language");
  const parts: Buffer[] = [];
  let at = 4;
  for (let index = 0; index < count; index++) {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) return undefined;
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (at !== bytes.length) throw damaged("says more than it was asked");
  return parts;
}

function damaged(how: string): SandboxError {
  return new SandboxError("DIKAST_SANDBOX_RUNNER", `the runner in a container ${how}`);
}
