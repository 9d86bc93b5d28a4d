/**
 * One node per data directory. The lock file names its holder; a holder that died (killed, power cut) is recognized by
 * process id and start time, so the lock heals itself even when the id was given to another process meanwhile.
 */
import { readFileSync, unlinkSync } from "node:fs";
import { link, open, readFile, stat, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

export const LOCK_FILE = "lock";

interface Holder {
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
  /** Clock ticks since boot, from /proc; empty where the system has none. */
  readonly started: string;
  readonly boot: string;
}

export class LockError extends Error {
  override readonly name = "LockError";
  readonly code = "DIKAST_LOCKED";
  readonly pid: number;
  readonly since: string;
  constructor(directory: string, pid: number, since: string) {
    super(
      `the data directory ${directory} is in use by process ${pid} since ${since}; ` +
        "stop that node first, or choose another directory with --data-dir",
    );
    this.pid = pid;
    this.since = since;
  }
}

export interface Lock {
  release(): Promise<void>;
  /** For exit handlers. */
  releaseSync(): void;
}

/** @throws LockError naming the living holder. */
export async function lockDirectory(directory: string): Promise<Lock> {
  const file = path.join(directory, LOCK_FILE);
  const holder: Holder = {
    pid: process.pid,
    since: new Date().toISOString(),
    started: startOf(process.pid) ?? "",
    boot: bootId(),
  };
  const own = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(own, JSON.stringify(holder), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (await linked(own, file)) return lockAt(file, JSON.stringify(holder));
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) continue;
      const other = parseHolder(text);
      if (other !== undefined && isAlive(other)) throw new LockError(directory, other.pid, other.since);
      await removeDead(file, text);
    }
    throw new Error(`cannot lock ${directory}: others keep taking the lock`);
  } finally {
    await unlink(own).catch(() => undefined);
  }
}

/** The living holder's process id, or undefined. */
export async function holderOf(directory: string): Promise<number | undefined> {
  const text = await readFile(path.join(directory, LOCK_FILE), "utf8").catch(() => undefined);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && isAlive(holder) ? holder.pid : undefined;
}

async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** A healer that died in between blocks others for so long. */
const HEALING_MS_MAX = 3_000;

/** Only one process at a time may remove a dead lock, and it looks again first: nobody removes the lock of a successor. */
async function removeDead(file: string, deadText: string): Promise<void> {
  const guard = `${file}.healing`;
  try {
    await (await open(guard, "wx")).close();
  } catch {
    const since = await stat(guard).catch(() => undefined);
    if (since !== undefined && Date.now() - since.mtimeMs > HEALING_MS_MAX) await unlink(guard).catch(() => undefined);
    await setTimeout(20);
    return;
  }
  try {
    if ((await readFile(file, "utf8").catch(() => undefined)) === deadText) await unlink(file);
  } finally {
    await unlink(guard).catch(() => undefined);
  }
}

function lockAt(file: string, text: string): Lock {
  const releaseSync = (): void => {
    try {
      if (readFileSync(file, "utf8") === text) unlinkSync(file);
    } catch {
      // Gone already: the directory was removed.
    }
  };
  return { releaseSync, release: async () => releaseSync() };
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    if (!Number.isSafeInteger(value.pid) || typeof value.since !== "string") return undefined;
    return { pid: value.pid as number, since: value.since, started: value.started ?? "", boot: value.boot ?? "" };
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.boot !== bootId()) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const started = startOf(holder.pid);
  return started === undefined || holder.started === "" || started === holder.started;
}

/** When a process started, in clock ticks since boot (proc(5), /proc/pid/stat field 22); undefined elsewhere than on Linux. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the command, may contain anything but ends at the last parenthesis; a zombie is dead.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "zombie" : fields[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
