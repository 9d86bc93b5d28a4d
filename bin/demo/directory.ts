/** The demo's data directories: temporary, removed at the end; what a killed demo left is removed by the next one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";

const PREFIX = "dikast-demo-";

export function makeDirectory(): string {
  removeLeftovers();
  const directory = mkdtempSync(path.join(tmpdir(), PREFIX));
  writeFileSync(path.join(directory, "pid"), `${process.pid}`);
  return directory;
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = path.join(tmpdir(), name);
    try {
      const pid = Number(readFileSync(path.join(directory, "pid"), "utf8"));
      if (!isAlive(pid)) removeDirectory(directory);
    } catch {
      // Not ours, or just being made or removed by another demo.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
