/** Readiness on one screen. */
import type { Check, Readiness } from "../../src/node/readiness/index.ts";
import { print, printable, styled } from "./output.ts";

const MARKS = {
  ok: ["green", "ok  "],
  warn: ["yellow", "note"],
  fail: ["red", "FAIL"],
  wait: ["cyan", "wait"],
} as const;

export function printReadiness({ ready, healthy, checks }: Readiness): void {
  for (const check of checks) print(checkLine(check));
  if (ready) print(styled(["green", "bold"], "Ready."));
  else if (healthy) print(styled("cyan", "Not ready yet: wait for what is marked, then run dikast doctor again."));
  else print(styled(["red", "bold"], "Not ready: mend what is marked FAIL."));
}

function checkLine({ id, state, text, fix }: Check): string {
  const [style, mark] = MARKS[state];
  const line = `  ${styled(style, mark)}  ${id.padEnd(10)}  ${printable(text)}`;
  return fix === "" || state === "ok" ? line : `${line}\n                    → ${printable(fix)}`;
}
