/** Structured logs: JSON lines in the data directory (pino). One older file is kept, so that a node never fills a disk. */
import { mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { type Logger, pino } from "pino";
import type { LogLevel } from "../config/index.ts";
import { LogFile } from "./log-file.ts";

export type { Logger };

export const LOG_FILE = path.join("log", "dikast.log");
/** The log of earlier runs is moved aside beyond this size. */
const LOG_BYTES_MAX = 32 * 1024 * 1024;

export interface Log {
  readonly logger: Logger;
  /** Writes what is buffered; for every way a process can end. */
  flush(): void;
}

export function openLog(dataDirectory: string, level: LogLevel, bindings: Readonly<Record<string, string>>): Log {
  const file = path.join(dataDirectory, LOG_FILE);
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    if (statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  } catch {
    // No log yet.
  }
  const sink = new LogFile(file);
  const logger = pino(
    { level, base: { pid: process.pid, ...bindings }, timestamp: pino.stdTimeFunctions.isoTime },
    sink,
  );
  return { logger, flush: () => sink.flushSync() };
}
