/**
 * Where the log is written. A disk that is full, or gone, costs log lines and nothing else: pino's own destination throws where nobody
 * catches it, and when it is told to flush it waits for ever, with the whole process.
 */
import { openSync, write, writeSync } from "node:fs";

/** Lines that wait for the disk; older ones are dropped. */
const WAITING_CHARACTERS_MAX = 1024 * 1024;

export class LogFile {
  readonly #fd: number;
  #waiting = "";
  #writing = false;

  /** @throws when the file cannot be opened. */
  constructor(file: string) {
    this.#fd = openSync(file, "a", 0o600);
  }

  write(line: string): void {
    this.#waiting = this.#waiting.length + line.length > WAITING_CHARACTERS_MAX ? line : this.#waiting + line;
    if (!this.#writing) this.#writeNext();
  }

  /** Tries once; for every way a process can end. */
  flushSync(): void {
    const text = this.#waiting;
    this.#waiting = "";
    if (text === "") return;
    try {
      writeSync(this.#fd, text);
    } catch {
      // Lost.
    }
  }

  #writeNext(): void {
    const text = this.#waiting;
    this.#waiting = "";
    if (text === "") return;
    this.#writing = true;
    write(this.#fd, text, () => {
      // With an error the text is lost; the next one may have more luck.
      this.#writing = false;
      this.#writeNext();
    });
  }
}
