/**
 * The local API's wire format: JSON Lines over a Unix socket. A request names itself, the answers repeat the name; the last
 * one is `final`. Bounded on both sides.
 */

import type { DisputeCommand, LifeCommand } from "../../sessions/index.ts";
import type { NodeId } from "../model/index.ts";

export type ApiRequest = {
  /** Chosen by the client, unique on its connection while the answer is outstanding. */
  readonly id: number;
  readonly command: ApiCommand;
};

/** What the node answers by itself; everything else goes to its machines. */
export type NodeApiCommand =
  /** Who this node is; answer: {@link NodeInfo}. */
  | { readonly type: "node" }
  /** Every notice from now on, until the connection closes. */
  | { readonly type: "subscribe" }
  /** Connections; answer: `{ peers }`. */
  | { readonly type: "connections" }
  /** The contest's problems; answer: `problems`. */
  | { readonly type: "problems" }
  /** Statement, samples and attachments of an open problem, by letter or short name; answer: `statement` or `failed`. */
  | { readonly type: "statement"; readonly problem: string }
  /** Whether this node is ready to take part; answer: `readiness`. */
  | { readonly type: "readiness" }
  /** The invitation of this sage; answer: `invite` with the text or null, and whether it can expire. */
  | { readonly type: "invite"; readonly untilMs: number | null }
  /** Signs this sage's authority over; null: takes it back, with `force` also from whoever does not answer. Answer: `transferred`, `taken-back` or `failed`. */
  | { readonly type: "transfer-authority"; readonly to: NodeId | null; readonly force: boolean }
  /** Writes a file of this node's user; answer: `exported` with its size. Without `archive`: the submissions as a zip. */
  | {
      readonly type: "export";
      /** Absolute. */
      readonly file: string;
      readonly archive: { readonly sources: boolean; readonly bundles: boolean } | null;
    }
  | { readonly type: "stop" };

export type ApiCommand =
  | NodeApiCommand
  | {
      readonly type: "submit";
      readonly problem: string;
      readonly language: string;
      readonly filename: string;
      /** Base64. */
      readonly source: string;
      /** Files beside the main one; at most 31. */
      readonly companions?: readonly { readonly filename: string; readonly source: string }[];
    }
  | { readonly type: "watch"; readonly submission: string }
  | { readonly type: "submission"; readonly submission: string }
  | { readonly type: "submissions"; readonly of: string | null; readonly countMax: number }
  | { readonly type: "withdraw" }
  | { readonly type: "status" }
  | { readonly type: "board"; readonly full?: boolean }
  | LifeCommand
  | DisputeCommand
  | { readonly type: "peers" }
  | { readonly type: "open-contest"; readonly inMs: number | null }
  | { readonly type: "registrations" }
  | { readonly type: "ban"; readonly node: string; readonly reason: string };

export type ApiResponse =
  | { readonly id: number; readonly final: boolean; readonly body: unknown }
  | { readonly id: number; readonly final: true; readonly error: { readonly code: string; readonly message: string } };

export interface NodeInfo {
  readonly type: "node";
  readonly node: string;
  readonly role: string;
  readonly contest: string;
  readonly pid: number;
  readonly version: string;
  readonly dataDirectory: string;
  readonly addresses: readonly string[];
  /** Sages only. */
  readonly invite: string | null;
  /** What a full solution is worth, and the score it has (null: scores are the points); null: none are given, or not known yet. */
  readonly points:
    | readonly { readonly id: string; readonly pointsMicros: number; readonly fullScoreMicros: number | null }[]
    | null;
  /** This node's sandbox, and the profile (64 hex digits) that the contest is judged by; a node with another one does not evaluate. */
  readonly judge: {
    /** wasm, docker or fake. */
    readonly sandbox: string;
    readonly profile: string;
    /** Null: not known yet. */
    readonly contestProfile: string | null;
    readonly costPerVirtualMs: number;
  };
  /** Problems whose files are open at this node. */
  readonly problemsOpen: number;
  /** Where the disk has little room left; null: it has enough. */
  readonly diskWarning: string | null;
  readonly counters: unknown;
}

/** A submission of 1 MiB in base64 and its envelope. */
export const LINE_BYTES_MAX = 2 * 1024 * 1024;
/** A board of 15,000 rows and more. */
export const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
export const CONNECTIONS_MAX = 64;
export const REQUESTS_PER_CONNECTION_MAX = 64;
/** A subscriber that reads nothing is disconnected when so much waits for it. */
export const UNREAD_BYTES_MAX = 16 * 1024 * 1024;

/** Splits a byte stream into lines. */
export class LineSplitter {
  readonly #bytesMax: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The complete lines, or undefined when a line is longer than allowed. */
  push(chunk: Buffer): readonly string[] | undefined {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#parts.push(chunk.subarray(from, at));
      if (this.#bytes + at - from > this.#bytesMax) return undefined;
      lines.push(Buffer.concat(this.#parts).toString("utf8"));
      this.#parts = [];
      this.#bytes = 0;
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    this.#parts.push(rest);
    this.#bytes += rest.length;
    return this.#bytes > this.#bytesMax ? undefined : lines;
  }
}
