/** Durations on the command line. */
import { InvalidArgumentError } from "commander";
import { parseDurationMs } from "../../src/packages/index.ts";

/** `60`, `90s`, `2m`, in milliseconds: for options that count seconds where no unit is given. */
export function secondsOrDuration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new InvalidArgumentError("a number of seconds, or a duration such as 2m30s, is needed");
  return ms;
}
