/** What the hook asks of Git. */
import { execFile } from "node:child_process";
import path from "node:path";
import { CommandError } from "../support/output.ts";

const GIT_TIMEOUT_MS = 30_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

export class GitRepository {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws CommandError if there is no Git or no repository. */
  static async open(directory: string): Promise<GitRepository> {
    const repository = new GitRepository(directory);
    const inside = await repository.#text("rev-parse", "--is-inside-work-tree").catch((error: Error) => error);
    if (inside instanceof Error) {
      const missing = (inside as NodeJS.ErrnoException).code === "ENOENT";
      throw new CommandError(
        missing ? "DIKAST_GIT_MISSING" : "DIKAST_GIT_NO_REPOSITORY",
        missing
          ? `git cannot be run in "${directory}": is it installed?`
          : `"${directory}" is no Git repository; make one with  git init`,
      );
    }
    if (inside.trim() !== "true") throw new CommandError("DIKAST_GIT_BARE", `"${directory}" has no working tree`);
    return repository;
  }

  /** Where hooks lie, also with `core.hooksPath` and in worktrees. */
  async hooksDirectory(): Promise<string> {
    return path.resolve(this.#directory, (await this.#text("rev-parse", "--git-path", "hooks")).trim());
  }

  /** The repository's own folder, for a log and what was submitted. */
  async gitDirectory(): Promise<string> {
    return path.resolve(this.#directory, (await this.#text("rev-parse", "--git-dir")).trim());
  }

  async head(): Promise<string> {
    return (await this.#text("rev-parse", "HEAD")).trim();
  }

  async message(commit: string): Promise<string> {
    return await this.#text("log", "-1", "--format=%B", commit);
  }

  /** Files that the commit adds or changes, relative to the working tree's top. */
  async changedFiles(commit: string): Promise<readonly string[]> {
    const options = ["--root", "--no-commit-id", "--name-only", "-r", "-z", "--no-renames", "--diff-filter=AM"];
    const names = await this.#text("diff-tree", ...options, commit);
    return names.split("\0").filter((name) => name !== "");
  }

  /** The file as it was committed. @throws if it is larger than `bytesMax`. */
  async content(commit: string, file: string, bytesMax: number): Promise<Buffer> {
    const size = Number(await this.#text("cat-file", "-s", `${commit}:${file}`));
    if (!(size <= bytesMax))
      throw new CommandError("DIKAST_SOURCE_TOO_LARGE", `${file} is larger than ${bytesMax} bytes`);
    return await this.#run("cat-file", "blob", `${commit}:${file}`);
  }

  async #text(...args: readonly string[]): Promise<string> {
    return (await this.#run(...args)).toString("utf8");
  }

  async #run(...args: readonly string[]): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const options = {
      cwd: this.#directory,
      encoding: "buffer",
      timeout: GIT_TIMEOUT_MS,
      maxBuffer: OUTPUT_BYTES_MAX,
    } as const;
    execFile("git", ["--no-pager", "--literal-pathspecs", ...args], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    return await promise;
  }
}
