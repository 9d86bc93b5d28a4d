/** Hostile programs in JavaScript. (Every single refusal of the embedded sandbox: `test/sandbox/wasm/javascript/hostile.test.ts`.) */
import type { Verdict } from "../../../src/model/verdict.ts";
import type { HostileProgram, HostileRow } from "./program.ts";

function javascript(
  row: HostileRow,
  id: string,
  verdicts: readonly Verdict[],
  source: string,
  native?: readonly Verdict[],
): HostileProgram {
  return { row, id, language: "javascript", source, verdicts, ...(native === undefined ? {} : { native }) };
}

/** Tries each expression; prints 42 if all of them throw. */
const refusals = (...expressions: readonly string[]): string =>
  `const reached = [];
for (const text of ${JSON.stringify(expressions)}) {
  try { new Function('require', text)(require); reached.push(text); } catch {}
}
console.log(reached.length === 0 ? 42 : reached);
`;

export const JAVASCRIPT_PROGRAMS: readonly HostileProgram[] = [
  javascript(
    "forks and threads",
    "processes and workers",
    ["AC"],
    refusals(
      "require('child_process').execSync('ls')",
      "new (require('worker_threads').Worker)('for (;;);', { eval: true })",
    ),
    ["AC", "WA", "TLE", "RE"],
  ),
  javascript("memory", "buffers", ["MLE"], "const x = []; for (;;) x.push(new Uint8Array(1e6).fill(x.length))", [
    "MLE",
    "RE",
  ]),
  javascript(
    "memory",
    "buffers, catching the refusal and going on",
    ["MLE", "TLE"],
    "const x = []; for (;;) try { x.push(new Uint8Array(1e6).fill(7)); } catch {}",
    ["MLE", "TLE", "RE"],
  ),
  javascript("memory", "one huge allocation", ["MLE"], "new Uint8Array(1.5e9).fill(1); console.log(42)", ["MLE", "RE"]),
  javascript("memory", "a string that doubles", ["MLE", "RE"], "let s = 'x'; for (;;) { s += s; s.charCodeAt(5); }"),
  javascript("endless loops", "counting", ["TLE"], "for (;;);"),
  javascript("endless loops", "promises", ["TLE"], "const f = () => Promise.resolve().then(f); f()", ["TLE", "MLE"]),
  javascript("endless loops", "timers", ["TLE"], "setInterval(() => {}, 1)"),
  javascript("endless loops", "a promise that nobody keeps", ["RE", "WA"], "await new Promise(() => {});", [
    "RE",
    "WA",
  ]),
  javascript(
    "endless loops",
    "catching everything",
    ["TLE"],
    "for (;;) { try { for (;;); } catch {} finally { continue; } }",
  ),
  javascript("endless loops", "a regular expression", ["TLE"], "/(a+)+b/.test('a'.repeat(40))"),
  javascript("endless loops", "at its exit", ["TLE"], "process.on('exit', () => { for (;;); })"),
  javascript("output", "flood", ["OLE"], "for (;;) console.log('x'.repeat(1000))"),
  javascript("output", "one endless line", ["OLE"], "for (;;) process.stdout.write('x'.repeat(100))", ["OLE", "MLE"]),
  javascript("output", "flood of errors", ["TLE"], "for (;;) console.error('x'.repeat(1000))", ["TLE", "OLE", "MLE"]),
  javascript("recursion", "endless", ["RE"], "const f = () => f() + 1; f()"),
  javascript("recursion", "in C", ["RE"], "const o = { toString() { return `${o}`; } }; String(o)"),
  javascript(
    "reading",
    "files of the host, answers, environment",
    ["AC"],
    refusals(
      "require('fs').readFileSync('/etc/shadow')",
      "require('fs').readFileSync('/proc/1/environ')",
      "require('fs').readFileSync('data/secret/1.ans')",
      "require('fs').readFileSync('/judge/test.ans')",
      "process.env.TOKEN.length",
      "require('../../../etc/shadow')",
    ),
  ),
  javascript(
    "writing",
    "files",
    ["AC"],
    refusals("require('fs').writeFileSync('/etc/x', 'x')", "require('fs').unlinkSync('/etc/passwd')"),
  ),
  javascript("network", "sockets", ["AC"], refusals("fetch.length.x()", "require('http').x.y", "require('net').x.y")),
  javascript(
    "processes",
    "killing the parent",
    ["AC", "RE"],
    "try { process.kill(process.ppid, 9); } catch {} console.log(42)",
    ["AC", "RE"],
  ),
  javascript(
    "processes",
    "the engine's own bindings",
    ["AC"],
    refusals("process.binding('fs').x.y", "process.dlopen({ exports: {} }, 'x')"),
  ),
  javascript("forged verdicts", "in the output", ["WA"], "console.log('AC'); console.log('{\"verdict\":\"AC\"}')"),
  javascript("forged verdicts", "the exit code that means accepted", ["RE"], "console.log(42); process.exit(42)"),
  javascript("crashes", "an error nobody catches", ["RE"], "console.log(42); throw null"),
  javascript("memory", "an array filled", ["MLE"], "const a = new Array(1e9).fill(0); console.log(42, a.length)", [
    "MLE",
    "RE",
  ]),
  javascript("memory", "a number that squares", ["RE", "MLE", "TLE"], "let x = 2n; for (;;) x *= x;"),
  javascript("endless loops", "ticks", ["TLE"], "(function f() { process.nextTick(f); })()", ["TLE", "MLE"]),
  javascript("endless loops", "immediates", ["TLE"], "(function f() { setImmediate(f); })()"),
  javascript(
    "endless loops",
    "prototypes that never come to an end",
    ["TLE"],
    "Object.prototype.toString = () => { for (;;); }; Promise.prototype.then = null; globalThis.process = null; ({}) + ''",
  ),
  javascript(
    "recursion",
    "a proxy that asks itself",
    ["RE"],
    "const p = new Proxy({}, { get: (_, k, r) => r[k] }); p.x",
  ),
  javascript(
    "recursion",
    "brackets in JSON",
    ["RE", "AC"],
    "JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)); console.log(42)",
  ),
  javascript(
    "processes",
    "modules of the host",
    ["AC"],
    "const found = []; for (const name of ['node:child_process', 'std', 'qjs:std', 'qjs:os', 'bjson', '/etc/passwd', 'data:text/javascript,1', 'file:///etc/passwd', 'https://example.org/x.js']) try { await import(name); found.push(name); } catch {} console.log(found.length === 0 ? 42 : found);",
    ["WA"],
  ),
  javascript("recursion", "twice in each frame", ["TLE"], "function f() { try { f(); } finally { f(); } } f();", [
    "TLE",
    "RE",
  ]),
  javascript(
    "crashes",
    "an error that throws when it is looked at",
    ["RE"],
    "console.log(42); throw new Proxy({}, { get() { throw 1; }, has() { throw 1; } })",
  ),
  javascript(
    "crashes",
    "a listener for errors that throws",
    ["RE"],
    "console.log(42); process.on('uncaughtException', () => { throw 2; }); throw 1",
  ),
  javascript(
    "crashes",
    "an array that shrinks while it is sorted",
    ["AC"],
    "const a = Array.from({ length: 10000 }, (_, i) => i); a.sort((x, y) => { a.length = 0; return y - x; }); console.log(42)",
  ),
  javascript(
    "crashes",
    "a buffer that shrinks while it is written",
    ["AC", "RE"],
    "const b = new ArrayBuffer(1000, { maxByteLength: 2000 }); const u = new Uint8Array(b); u.fill({ valueOf() { b.resize(8); return 5; } }); u.sort(() => { b.resize(0); return 1; }); console.log(u[900] ?? 42)",
    ["AC", "RE", "WA"],
  ),
  javascript(
    "crashes",
    "everything frozen or deleted",
    ["AC", "WA", "RE"],
    "console.log(42); Object.freeze(Object.prototype); for (const k of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[k]; } catch {}",
  ),
  javascript(
    "memory",
    "a buffer of half a terabyte",
    ["RE", "MLE"],
    "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 40 }); b.resize(2 ** 39)",
  ),
  javascript("memory", "timers without end", ["MLE", "TLE"], "for (;;) setTimeout(() => {}, 0)"),
  javascript(
    "endless loops",
    "a set that grows while it is walked",
    ["TLE"],
    "const s = new Set([1]); for (const x of s) { s.delete(x); s.add(x + 1); }",
  ),
  javascript(
    "endless loops",
    "in what makes the text of an error",
    ["TLE", "RE"],
    "const e = new Error(); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e",
  ),
  javascript(
    "endless loops",
    "what every promise waits for",
    ["TLE"],
    "Object.prototype.then = () => { for (;;); }; await {};",
  ),
  javascript("recursion", "brackets without end in JSON", ["RE", "TLE"], "JSON.parse('['.repeat(1e6))"),
  javascript("recursion", "of evaluation", ["RE", "TLE"], "const f = () => eval('f()'); f()"),
];
