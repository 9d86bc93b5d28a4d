/** Temporary directories that go away with their test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

export async function temporaryDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "dikast-test-"));
  context.after(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}
