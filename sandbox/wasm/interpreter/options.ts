/** What the engines of the interpreters have in common. */
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";
import { STACK_BYTES_MAX } from "../wasi/index.ts";
import type { MeterPort } from "./meter-port.ts";
import { meterPort } from "./metered.ts";
import type { CostRate } from "./run-account.ts";

/**
 * What an interpreter's fuel costs, fitted once so that 1 virtual second is about 1 s of the same interpreter built for the
 * reference machine: CPython against `python3`, QuickJS against `qjs` (`bench/python.ts`, `bench/javascript.ts`). Part of
 * the judge profile.
 */
export const LANGUAGE_RATES = {
  python: { numerator: 5, denominator: 6 },
  javascript: { numerator: 1, denominator: 1 },
} as const satisfies Readonly<Record<string, CostRate>>;

export interface InterpreterOptions {
  /** Prepared runtimes are kept here, by content hash. */
  readonly cacheDirectory: string;
  /** The sandbox's own unless given: tests run without. */
  readonly meter?: MeterPort;
  readonly rate?: CostRate;
}

export interface InterpreterSettings {
  readonly cacheDirectory: string;
  readonly meter: MeterPort;
  readonly rate: CostRate;
  /** Cost units of one virtual millisecond: what a program's clocks show. */
  readonly costPerVirtualMs: number;
}

export function settingsOf(options: InterpreterOptions, language: keyof typeof LANGUAGE_RATES): InterpreterSettings {
  return {
    cacheDirectory: options.cacheDirectory,
    meter: options.meter ?? meterPort(STACK_BYTES_MAX),
    rate: options.rate ?? LANGUAGE_RATES[language],
    costPerVirtualMs: COST_PER_VIRTUAL_MS,
  };
}
