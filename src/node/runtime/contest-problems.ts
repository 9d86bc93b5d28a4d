/** The contest's problems at one node: what the manifest and the organizers say of them, carried out on its library. */
import type { Sandbox } from "../../../sandbox/index.ts";
import type { Notice } from "../../../sessions/index.ts";
import { fromHex } from "../../model/index.ts";
import type { BundleFiles } from "../bundles/index.ts";
import type { Store } from "../store/index.ts";
import { revisionName } from "./judging.ts";
import type { Logger } from "./logging.ts";
import type { NodeMachine } from "./machines.ts";
import { Preparation } from "./preparing.ts";
import type { ProblemLibrary } from "./problem-library.ts";
import type { ProblemView } from "./problem-text.ts";

export type ReplacedNotice = Extract<Notice, { readonly type: "problem-replaced" }>;

export interface ReleasedKey {
  readonly problem: string;
  /** Hex. */
  readonly key: string;
}

export interface ContestProblemsOptions {
  readonly library: ProblemLibrary;
  readonly machine: NodeMachine;
  readonly files: BundleFiles;
  /** Keeps released keys. */
  readonly keys: Store;
  /** Null: this node evaluates nothing. */
  readonly sandbox: (() => Promise<Sandbox>) | null;
  readonly logger: Logger;
}

/** Without evaluations for so long, a node compiles what problems are judged with. */
const QUIET_MS = 3_000;

export class ContestProblems {
  readonly #options: ContestProblemsOptions;
  readonly #preparation: Preparation | null;

  constructor(options: ContestProblemsOptions) {
    this.#options = options;
    const { library, machine, sandbox, logger } = options;
    this.#preparation =
      sandbox === null
        ? null
        : new Preparation({
            library,
            sandbox,
            isBusy: () => {
              const { evaluating, queued } = machine.status();
              return evaluating + queued > 0;
            },
            quietMs: QUIET_MS,
            onFailed: (problem, error) => logger.warn({ problem, err: error }, "not prepared"),
          });
  }

  /** In the manifest's order, and how far this node is with each. */
  views(): readonly ProblemView[] {
    const known = new Map(this.#options.library.status().map((status) => [status.problem, status]));
    return this.#entries().map(({ id, label, name }) => {
      const status = known.get(id);
      return {
        id,
        label,
        name,
        state: status?.state ?? "wanted",
        chunksDone: status?.chunksDone ?? 0,
        chunksTotal: status?.chunksTotal ?? 0,
        fault: status?.fault ?? null,
      };
    });
  }

  /** The problem's short name for its short name or its letter on the board. */
  named(text: string): string | undefined {
    const problems = this.#entries();
    const byId = problems.find(({ id }) => id === text);
    return (byId ?? problems.find(({ label }) => label.toLowerCase() === text.toLowerCase()))?.id;
  }

  /** The library is told what there is. */
  expect(): void {
    this.#options.library.expect(
      this.#entries().flatMap(({ id, sealedBundle, package: content }) =>
        sealedBundle === null ? [] : [{ problem: id, bundle: sealedBundle, content }],
      ),
    );
  }

  /** A problem can be read here: what judges it may be compiled. */
  opened(problem: string): void {
    this.#preparation?.want(problem);
  }

  async hasBundles(): Promise<boolean> {
    for (const { openBundle, sealedBundle } of this.#entries())
      for (const bundle of [openBundle, sealedBundle])
        if (bundle !== null && !(await this.#options.files.isComplete(bundle))) return false;
    return true;
  }

  /** They name the problems; the archive holds them. Only whoever speaks as a sage is in a hurry. */
  keepOpenBundles(inMs: number): void {
    const { library, machine } = this.#options;
    const bundles = this.#entries().flatMap(({ openBundle }) => (openBundle === null ? [] : [openBundle]));
    library.keep(bundles, machine.sage() === null ? inMs : 0);
  }

  /** Judging with it waits until its bundle is here. */
  replace({ problem, revision, sealedBundle, package: content, key }: ReplacedNotice): void {
    const { library } = this.#options;
    const name = revisionName(problem, revision);
    library.expect([{ problem: name, bundle: sealedBundle, content }]);
    library.release(name, fromHex(key));
  }

  release(released: readonly ReleasedKey[]): void {
    const { library, keys, logger } = this.#options;
    for (const { problem, key } of released) library.release(problem, fromHex(key));
    const writes = released.map(({ problem, key }) => ({ key: problem, value: fromHex(key) }));
    keys.write(writes).catch((error: unknown) => logger.error({ err: error }, "keys not stored"));
  }

  async stop(): Promise<void> {
    await this.#preparation?.stop();
  }

  #entries() {
    return this.#options.machine.manifest()?.problems ?? [];
  }
}
