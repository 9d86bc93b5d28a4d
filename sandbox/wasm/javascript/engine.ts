/** Runs JavaScript programs: each in a new instance of QuickJS, restored from the snapshot of a started one. */
import type { Program, RunInput, RunLimits, RunStatus, ValidatorOutcome } from "../../engine.ts";
import { DiskCache } from "../interpreter/disk-cache.ts";
import { type InterpreterOptions, type InterpreterSettings, settingsOf } from "../interpreter/options.ts";
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";
import type { ProgramIo } from "../interpreter/program-io.ts";
import { dropMemory } from "../interpreter/reclaim.ts";
import { RunAccount } from "../interpreter/run-account.ts";
import { LearningModule } from "../interpreter/native-code.ts";
import { CODE_KEPT_AFTER, WARMING_RUNS, withQuickStart } from "../interpreter/tiering.ts";
import { restoreSnapshot } from "../interpreter/snapshot.ts";
import { type PreparedJavaScript, prepareJavaScript, STACK_BYTES } from "./boot.ts";
import { Files } from "./files.ts";
import { type Binding, quickJsImports } from "./imports.ts";
import { commonJs, EVALUATE, QuickJs, type Value } from "./quickjs.ts";

export type JavaScriptProgram = Program & { readonly type: "javascript" };

export interface JavaScriptEngine {
  /** @param io where the program talks to another one; stdin of `input` is then not used. */
  run(program: JavaScriptProgram, input: RunInput, limits: RunLimits, io?: ProgramIo): ValidatorOutcome;
  /** Runs a little of everything, so that the first program finds its interpreter compiled to machine code. */
  warm(): void;
  /** Compiles every source without running it. */
  checkSyntax(
    program: JavaScriptProgram,
    limits: RunLimits,
  ): { readonly outcome: ValidatorOutcome; readonly valid: boolean };
}

const PROGRAM_DIRECTORY = "/program";
const CHECKED_NAME = /\.[cm]?[jt]s$/;

const NO_INPUT: RunInput = { args: [], stdin: new Uint8Array(0) };
const WARM_LIMITS: RunLimits = {
  costMax: 10_000 * COST_PER_VIRTUAL_MS,
  memoryBytesMax: 2 ** 28,
  stdoutBytesMax: 2 ** 20,
  stderrBytesMax: 2 ** 16,
};
/** What most programs do: parse numbers, loop, call, sort, use maps, print. */
const WARM_SOURCE = `
const text = require("fs").readFileSync(0, "utf8");
function work(n) {
  const data = Array.from({ length: n }, (_, i) => i).join(" ").split(" ").map(Number);
  const map = new Map(), table = {}, typed = new Int32Array(n);
  for (const x of data) { map.set(x % 97, (map.get(x % 97) ?? 0) + 1); table["k" + x] = x; typed[x] = x * 2; }
  data.sort((a, b) => b - a);
  const fib = (k) => (k < 2 ? k : fib(k - 1) + fib(k - 2));
  return data.map((x) => \`\${x}:\${(x / 3).toFixed(3)}\`).join("").length + fib(15) + Number(3n ** 50n % 1000007n) + typed[5];
}
for (let i = 0; i < 20; i++) console.log(work(500), text.length);
`;

/** Loads or makes the prepared runtime; takes tens of milliseconds. */
export function createJavaScriptEngine(options: InterpreterOptions): JavaScriptEngine {
  const settings = settingsOf(options, "javascript");
  const cache = new DiskCache(settings.cacheDirectory);
  const prepared = withQuickStart(() => prepareJavaScript(cache, settings.meter));
  const learning = { cache, kind: "javascript-code", wireHash: prepared.key, keptAfter: CODE_KEPT_AFTER };
  const code = new LearningModule(prepared.module, learning);
  return {
    run: (program, input, limits, io) => execute({ prepared, code, settings, program, input, limits, io }, runMain),
    warm: () => {
      const sources = [{ name: "main.js", bytes: new TextEncoder().encode(WARM_SOURCE) }];
      const program: JavaScriptProgram = { type: "javascript", sources };
      const job: Job = { prepared, code, settings, program, input: NO_INPUT, limits: WARM_LIMITS, io: undefined };
      code.warm(WARMING_RUNS, () => void execute(job, runMain));
    },
    checkSyntax: (program, limits) => {
      const outcome = execute({ prepared, code, settings, program, input: NO_INPUT, limits, io: undefined }, checkAll);
      return { outcome, valid: outcome.status.type === "exited" && outcome.status.code === 0 };
    },
  };
}

interface Job {
  readonly prepared: PreparedJavaScript;
  readonly code: LearningModule;
  readonly settings: InterpreterSettings;
  readonly program: JavaScriptProgram;
  readonly input: RunInput;
  readonly limits: RunLimits;
  readonly io: ProgramIo | undefined;
}

interface Running {
  readonly job: Job;
  readonly js: QuickJs;
  readonly internal: Value;
  readonly account: RunAccount;
  readonly rejections: Rejections;
}

function execute(job: Job, body: (running: Running) => RunStatus): ValidatorOutcome {
  const outcome = executeOnce(job, body);
  dropMemory(outcome.memoryBytes);
  return outcome;
}

function executeOnce(job: Job, body: (running: Running) => RunStatus): ValidatorOutcome {
  const { prepared, settings, limits, input } = job;
  const bound: { binding?: Binding; account?: RunAccount } = {};
  const accountOf = (): RunAccount => bound.account ?? notReady();
  const js = new QuickJs(job.code.module, {
    ...quickJsImports(() => bound.binding ?? notReady()),
    ...settings.meter.imports,
  });
  const { memoryBytes, state } = prepared.snapshot;
  js.memory.grow((memoryBytes - js.memory.buffer.byteLength) / 65_536);
  restoreSnapshot(js.guest.all(), prepared.snapshot);
  (js.instance.exports["__stack_pointer"] as WebAssembly.Global).value = state["stackPointer"];
  js.scratch = state["scratch"] ?? 0;
  const internal = (state["internal"] ?? 0) as Value;

  const files = new Files(job.program.sources, PROGRAM_DIRECTORY, input, limits.stdoutBytesMax);
  const rejections = new Rejections(js);
  let stdinRead = 0;
  const nowMs = (): number => accountOf().cost / settings.costPerVirtualMs;
  bound.binding = {
    js,
    internal,
    onRejection: (promise, reason, handled) => rejections.note(promise, reason, handled),
    host: {
      charge: (fuel) => accountOf().charge(fuel),
      read: (max) => {
        if (job.io !== undefined) return job.io.read(Math.min(max, 65_536));
        const part = input.stdin.subarray(stdinRead, stdinRead + max);
        stdinRead += part.length;
        return part;
      },
      write: (fd, bytes) => accountOf().write(fd, bytes, job.io),
      file: (path) => files.read(path),
      store: (path, bytes, append) => files.store(path, bytes, append),
      nowMs,
      sleep: (ms) => accountOf().chargeCost(Math.ceil((ms > 0 ? ms : 0) * settings.costPerVirtualMs)),
      exit: (code) => accountOf().end({ type: "exited", code: code & 255 }),
    },
  };
  // The stack lies in the memory, but a program's limit is for what it allocates.
  const memoryBytesMax = limits.memoryBytesMax + STACK_BYTES;
  const account = new RunAccount(settings.meter.gauge(js.instance), settings.rate, { ...limits, memoryBytesMax });
  bound.account = account;
  const status = withQuickStart(() => account.settle(() => body({ job, js, internal, account, rejections })));
  job.code.learn(js.instance);
  return { ...account.outcome(status, js.guest.size - STACK_BYTES), writtenFiles: files.written() };
}

/** Runs the main program and then the event loop, until nothing is left or the program ends itself. */
function runMain({ job, js, internal, account, rejections }: Running): RunStatus {
  const main = job.program.sources[0];
  if (main === undefined) return { type: "exited", code: 1 };
  const encoder = new TextEncoder();
  const list = js.value("qjs_new_array");
  job.input.args.forEach((argument, index) => {
    const text = js.newText(encoder.encode(argument));
    js.call("qjs_set_prop_uint32", list, index, text);
    js.free(text);
  });
  const file = js.newText(encoder.encode(`${PROGRAM_DIRECTORY}/${main.name}`));
  const isModule = js.value(js.isModule(main.name, main.bytes) ? "qjs_get_true" : "qjs_get_false");
  let result = js.invoke(internal, "main", file, list, isModule);
  for (;;) {
    account.unwind();
    settleStep(js, internal, result);
    runJobs(js, internal, account);
    const reason = rejections.take();
    if (reason !== undefined) settleStep(js, internal, js.invoke(internal, "rejected", reason));
    account.charge(0);
    result = js.invoke(internal, "turn");
    if (!js.isException(result) && js.call("qjs_get_bool", result) === 0) break;
  }
  js.free(result);
  settleStep(js, internal, js.invoke(internal, "finish"));
  return { type: "exited", code: 0 };
}

/** An exception that came out of a step is one that nobody caught. */
function settleStep(js: QuickJs, internal: Value, result: Value): void {
  const failed = js.isException(result);
  js.free(result);
  if (failed) js.free(js.invoke(internal, "fatal", js.value("qjs_get_exception")));
}

/** Ticks before promises' jobs, again and again until neither is left (Node's order). */
function runJobs(js: QuickJs, internal: Value, account: RunAccount): void {
  for (;;) {
    account.unwind();
    const ran = js.invoke(internal, "runTicks");
    const more = !js.isException(ran) && js.call("qjs_get_bool", ran) !== 0;
    settleStep(js, internal, ran);
    if (js.call("qjs_is_job_pending") === 0) {
      if (more) continue;
      return;
    }
    while (js.call("qjs_is_job_pending") !== 0) {
      account.unwind();
      if (js.call("qjs_execute_pending_job") < 0) js.free(js.invoke(internal, "fatal", js.value("qjs_get_exception")));
    }
  }
}

/** Compiles every source; the first that does not compile is reported as the compiler says it. */
function checkAll({ job, js, internal, account }: Running): RunStatus {
  js.free(js.invoke(internal, "check"));
  for (const { name, bytes } of job.program.sources) {
    if (!CHECKED_NAME.test(name)) continue;
    const module = js.isModule(name, bytes);
    if (js.compiles(module ? bytes : commonJs(bytes), name, module ? EVALUATE.module : EVALUATE.script)) continue;
    const thrown = js.value("qjs_get_exception");
    const stack = js.property(thrown, "stack");
    account.write(2, new TextEncoder().encode(`${js.textOf(thrown)}\n${js.textOf(stack)}`), undefined);
    return { type: "exited", code: 1 };
  }
  return { type: "exited", code: 0 };
}

/** Promises that were rejected and have no handler yet; the first that stays so is an uncaught error. */
class Rejections {
  readonly #js: QuickJs;
  /** By the promise's identity. */
  readonly #open = new Map<number, Value>();

  constructor(js: QuickJs) {
    this.#js = js;
  }

  note(promise: Value, reason: Value, handled: boolean): void {
    const identity = this.#js.call("qjs_get_value_ptr", promise);
    const known = this.#open.get(identity);
    if (known !== undefined) this.#js.free(known);
    if (handled) this.#open.delete(identity);
    else this.#open.set(identity, this.#js.value("qjs_dup_value", reason));
  }

  take(): Value | undefined {
    const [first] = this.#open;
    if (first === undefined) return undefined;
    this.#open.delete(first[0]);
    return first[1];
  }
}

function notReady(): never {
  throw new TypeError("a host call before the instance is ready");
}
