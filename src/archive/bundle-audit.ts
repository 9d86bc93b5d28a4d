/** The bundles of an archive: each is what the manifest or the log names, and opens with its key to what was promised. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { AuditedContest } from "../../sessions/index.ts";
import type { Manifest } from "../model/index.ts";
import { chunkLength, openIndex } from "../node/bundles/index.ts";
import { openSealed } from "../node/packing/index.ts";
import type { WantedBundle } from "./collect.ts";
import { Fault } from "./fault.ts";

export interface BundleAuditOptions {
  /** Where bundles are opened. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly contents: AuditedContest;
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly wanted: readonly WantedBundle[];
  readonly remark: (text: string) => void;
}

interface OpenBundle {
  readonly problem: string;
  readonly revision: number;
  readonly index: NonNullable<ReturnType<typeof openIndex>>;
  readonly sealed: boolean;
  /** Its chunks so far. */
  readonly file: string;
  next: number;
}

export class BundleAudit {
  /** Bundles whose content was opened with its key. */
  opened = 0;
  seen = 0;
  readonly #options: BundleAuditOptions;
  #bundle: OpenBundle | undefined;

  constructor(options: BundleAuditOptions) {
    this.#options = options;
  }

  /** The problem of the bundle whose chunks are not all there yet. */
  get unfinished(): string | undefined {
    return this.#bundle?.problem;
  }

  async onBundle(payload: Uint8Array): Promise<void> {
    const wanted = this.#options.wanted[this.seen];
    const index = wanted === undefined ? undefined : openIndex(wanted.bundle, payload);
    if (wanted === undefined || index === undefined) {
      throw new Fault(
        "bundle",
        `the bundle of ${wanted?.problem ?? "no problem"} is another one than the manifest names`,
      );
    }
    this.seen += 1;
    const file = path.join(this.#options.directory, "bundle");
    await mkdir(this.#options.directory, { recursive: true });
    await rm(file, { force: true });
    const { problem, revision, sealed } = wanted;
    this.#bundle = { problem, revision, sealed, index, file, next: 0 };
  }

  async onChunk(payload: Uint8Array): Promise<void> {
    const bundle = this.#bundle;
    if (bundle === undefined) return;
    const expected = bundle.index.chunkHashes[bundle.next];
    const isRight =
      payload.length === chunkLength(bundle.index, bundle.next) &&
      createHash("sha256").update(payload).digest("hex") === expected;
    if (!isRight) throw new Fault("bundle", `chunk ${bundle.next} of the bundle of ${bundle.problem} was changed`);
    bundle.next += 1;
    if (bundle.sealed) await appendFile(bundle.file, payload);
    if (bundle.next < bundle.index.chunkHashes.length) return;
    this.#bundle = undefined;
    if (bundle.sealed) await this.#open(bundle);
  }

  async #open({ problem, revision, file }: OpenBundle): Promise<void> {
    const replaced = this.#options.contents.revisions.get(problem)?.[revision - 1];
    const key = replaced === undefined ? this.#options.keys.get(problem) : replaced.key;
    if (key === undefined) {
      this.#options.remark(`the key of ${problem} was not released: its bundle stays closed`);
      return;
    }
    const named = this.#options.manifest.problems.find(({ id }) => id === problem)?.package;
    const content = (replaced === undefined ? named : replaced.package) ?? undefined;
    const target = problemDirectory(this.#options.directory, problem, revision);
    await mkdir(path.dirname(target), { recursive: true });
    try {
      await openSealed(createReadStream(file), key, target, content);
    } catch (error) {
      if (!isBundleError(error)) throw error;
      throw new Fault("bundle", `the bundle of ${problem} does not open: ${error.message}`);
    }
    this.opened += 1;
  }

  onEnd(): void {
    if (this.seen === 0 && this.#options.wanted.length > 0)
      this.#options.remark("the archive holds no bundles: no verdict can be executed again");
    else if (this.seen < this.#options.wanted.length) {
      throw new Fault("bundle", `the bundle of ${this.#options.wanted[this.seen]?.problem ?? ""} is missing`);
    }
  }
}

/** The opened package of a problem, by the revision of its test data. */
export function problemDirectory(directory: string, problem: string, revision: number): string {
  return path.join(directory, "problems", `${problem}@${revision}`);
}

function isBundleError(error: unknown): error is Error {
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith("DIKAST_BUNDLE_");
}
