/** Runs corpus programs in this thread, with or without the meter. */
import { type CostTable, METER_EXPORT, meterModule } from "../../sandbox/wasm/meter/index.ts";
import { GuestMemory, type RunMeter, RunMeter as Meter, WasiSystem } from "../../sandbox/wasm/wasi/index.ts";
import { STACK_BYTES } from "../../sandbox/wasm/clang/index.ts";

const LIMITS = { costMax: 10 ** 15, memoryBytesMax: 2 ** 30, stdoutBytesMax: 2 ** 24, stderrBytesMax: 2 ** 20 };

export interface Executed {
  /** CPU time of this thread. */
  readonly ms: number;
  readonly cost: number;
  readonly stdout: string;
}

export class Prepared {
  readonly #module: WebAssembly.Module;
  readonly #metered: boolean;

  constructor(wasm: Uint8Array, metered: boolean, costs?: CostTable) {
    this.#metered = metered;
    this.#module = new WebAssembly.Module(metered ? meterModule(wasm, costs && { costs }).bytes : wasm);
  }

  run(stdin: string): Executed {
    const system = new WasiSystem({
      input: { args: [], stdin: new TextEncoder().encode(stdin) },
      limits: LIMITS,
      io: undefined,
    });
    const { exports } = new WebAssembly.Instance(this.#module, system.imports());
    const meter = this.#metered ? new Meter({ exports }, LIMITS, STACK_BYTES) : UNMETERED;
    const memory = exports[this.#metered ? METER_EXPORT.memory : "memory"] as WebAssembly.Memory;
    system.attach(new GuestMemory(memory), meter);
    const start = process.threadCpuUsage();
    (exports["_start"] as () => void)();
    const { user, system: kernel } = process.threadCpuUsage(start);
    return { ms: (user + kernel) / 1000, cost: meter.cost, stdout: new TextDecoder().decode(system.stdout) };
  }
}

const UNMETERED = { cost: 0, exhausted: false, charge: () => undefined, stop: () => undefined } as unknown as RunMeter;
