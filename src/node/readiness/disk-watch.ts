/** Looks at the disk from time to time while a node runs: its owner hears of it before it is full, not when the node stops for it. */
import { statfs } from "node:fs/promises";
import { DISK_FREE_BYTES_MIN, DISK_WARN_BYTES, sizeText } from "./checks.ts";

export type DiskLevel = "roomy" | "low" | "nearly-full";

export interface DiskWatchOptions {
  readonly directory: string;
  readonly onChange: (level: DiskLevel, text: string) => void;
  /** For tests; else of the file system. */
  readonly freeBytes?: () => Promise<number>;
  readonly everyMs?: number;
}

const EVERY_MS = 20_000;
/** A level is left for a better one only well above its bound: a disk at the bound is not told of again and again. */
const HYSTERESIS = 1.1;

export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #level: DiskLevel = "roomy";
  #text = "";

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** What to tell people; null: there is room. */
  get warning(): string | null {
    return this.#level === "roomy" ? null : this.#text;
  }

  start(): void {
    void this.look();
    this.#timer = setInterval(() => void this.look(), this.#options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    const { directory, onChange, freeBytes = async () => await freeBytesOf(directory) } = this.#options;
    // A file system that does not tell is no reason to stop a node.
    const free = await freeBytes().catch(() => Number.POSITIVE_INFINITY);
    const level = levelOf(free, this.#level);
    this.#text = textOf(level, free, directory);
    if (level === this.#level) return;
    this.#level = level;
    onChange(level, this.#text);
  }
}

async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function levelOf(free: number, before: DiskLevel): DiskLevel {
  const within = (bound: number, isIn: boolean): boolean => free < bound * (isIn ? HYSTERESIS : 1);
  if (within(DISK_FREE_BYTES_MIN, before === "nearly-full")) return "nearly-full";
  return within(DISK_WARN_BYTES, before !== "roomy") ? "low" : "roomy";
}

function textOf(level: DiskLevel, free: number, directory: string): string {
  switch (level) {
    case "roomy":
      return `there is room again on the disk of ${directory}`;
    case "low":
      return `only ${sizeText(free)} are left on the disk of ${directory}: make room soon`;
    case "nearly-full":
      return `the disk of ${directory} is nearly full (${sizeText(free)} left): make room now, or this node stops when nothing is left (it loses nothing by that)`;
  }
}
