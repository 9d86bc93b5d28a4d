import assert from "node:assert/strict";
import { after, test } from "node:test";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { InterpreterWorker, type Ran } from "../interpreter/harness.ts";

const worker = new InterpreterWorker();
after(() => worker.close());

const SECOND = 1_000 * COST_PER_VIRTUAL_MS;
const LIMITS = { costMax: SECOND, memoryBytesMax: 128 * 2 ** 20, stdoutBytesMax: 2 ** 20 };

async function isUnharmed(): Promise<void> {
  const ran = await worker.run({ name: "main.js", source: "console.log([1, 2].map((x) => x * 2))" });
  assert.deepEqual([ran.status, ran.stdout], [{ type: "exited", code: 0 }, "[ 2, 4 ]\n"]);
}

const hostile = (name: string, source: string, check: (ran: Ran) => void): void => {
  test(`javascript: hostile: ${name}`, async () => {
    check(await worker.run({ name: "main.js", source, limits: LIMITS }));
    await isUnharmed();
  });
};
const ends = (type: Ran["status"]["type"]) => (ran: Ran) => assert.equal(ran.status.type, type, ran.stderr);
const prints = (expected: string) => (ran: Ran) => assert.deepEqual([ran.stdout, ran.stderr], [expected, ""]);

hostile("endless loop: cost-exceeded, the whole budget charged", "for (;;);", (ran) => {
  assert.deepEqual([ran.status.type, ran.cost], ["cost-exceeded", SECOND]);
});
hostile(
  "endless loop that catches everything: cost-exceeded",
  "for (;;) { try { for (;;); } catch {} finally { continue; } }",
  ends("cost-exceeded"),
);
hostile("endless promises: cost-exceeded", "const f = () => Promise.resolve().then(f); f()", ends("cost-exceeded"));
hostile("endless ticks: cost-exceeded", "const f = () => process.nextTick(f); f()", ends("cost-exceeded"));
hostile("endless timers: cost-exceeded", "setInterval(() => {}, 1)", ends("cost-exceeded"));
hostile("a timer far away: cost-exceeded", "setTimeout(() => {}, 1e9)", ends("cost-exceeded"));
hostile("catastrophic regular expression: cost-exceeded", "/(a+)+b/.test('a'.repeat(40))", ends("cost-exceeded"));
hostile(
  "endless work in C: cost-exceeded",
  "let x = 3n; for (;;) x = (x * x) % (10n ** 5000n + 7n)",
  ends("cost-exceeded"),
);
hostile(
  "an exit listener that never ends: cost-exceeded",
  "process.on('exit', () => { for (;;); })",
  ends("cost-exceeded"),
);
hostile(
  "memory by strings: memory-exceeded",
  "const x = []; for (;;) x.push(new Uint8Array(1e6).fill(x.length))",
  ends("memory-exceeded"),
);
hostile("memory by one huge allocation: memory-exceeded", "new Uint8Array(1e9).fill(1)", ends("memory-exceeded"));
hostile(
  "memory by an object: memory-exceeded or out of time",
  "const x = {}; for (let i = 0; ; i++) x['k' + i] = [i]",
  (ran) => assert.ok(["memory-exceeded", "cost-exceeded"].includes(ran.status.type)),
);
hostile("output flood: output-exceeded", "for (;;) console.log('x'.repeat(1000))", ends("output-exceeded"));
hostile(
  "one endless line: output-exceeded",
  "for (;;) process.stdout.write('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')",
  ends("output-exceeded"),
);
hostile("one huge string to print: output-exceeded", "console.log('x'.repeat(5e6))", ends("output-exceeded"));
hostile(
  "flood on stderr: cut, does not stop the program",
  "for (let i = 0; i < 1000; i++) console.error('x'.repeat(1000)); console.log('end')",
  (ran) => {
    assert.deepEqual([ran.stdout, ran.stderr.length], ["end\n", 65_536]);
  },
);
hostile("endless recursion: a RangeError", "const f = () => f() + 1; f()", (ran) => {
  assert.deepEqual(ran.status, { type: "exited", code: 1 });
  assert.match(ran.stderr, /RangeError/);
});
hostile(
  "recursion through C (toString, sort): RangeErrors",
  "const t = (f) => { try { f(); } catch (e) { console.log(e.name); } };\nt(() => { const o = { toString() { return `${o}`; } }; String(o); });\nt(() => { const f = () => [1, 2].sort(f); f(); });",
  prints("RangeError\nRangeError\n"),
);
hostile("recursion in the parser: refused", "eval('['.repeat(1e5))", (ran) =>
  assert.deepEqual(ran.status, { type: "exited", code: 1 }),
);
hostile("recursion in regular expressions: refused", "new RegExp('('.repeat(1e6) + ')'.repeat(1e6)).test('x')", (ran) =>
  assert.ok(["exited", "cost-exceeded", "memory-exceeded"].includes(ran.status.type)),
);

const REFUSED: Readonly<Record<string, string>> = {
  child_process: "require('child_process').execSync('ls')",
  worker_threads: "require('worker_threads')",
  net: "require('net').connect(80)",
  http: "require('node:http')",
  vm: "require('vm')",
  "import of net": "import('net').then(() => console.log('done'), () => console.log('refused')); throw 0",
  "files of the host": "require('fs').readFileSync('/etc/passwd')",
  "/proc": "require('fs').readFileSync('/proc/self/environ')",
  "path traversal": "require('../../../etc/passwd')",
  "writing a file": "require('fs').writeFileSync('x.txt', 'x')",
  "removing a file": "require('fs').unlinkSync('/program/main.js')",
  "a file of the host by import": "require('/etc/hostname')",
  "process.binding": "process.binding('fs')",
  "process.dlopen": "process.dlopen({}, 'x')",
  "std and os of qjs": "std.open('/etc/passwd', 'r')",
  fetch: "fetch('http://example.org')",
  WebAssembly: "new WebAssembly.Module(new Uint8Array(8))",
  "SharedArrayBuffer waits": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
};
for (const [name, body] of Object.entries(REFUSED)) {
  hostile(
    `${name}: refused with an ordinary error`,
    `try { ${body}; console.log('done'); } catch { console.log('refused'); }`,
    (ran) => {
      assert.deepEqual([ran.stderr, ran.status], ["", { type: "exited", code: 0 }]);
      assert.match(ran.stdout, /^(?:refused\n)+$/);
    },
  );
}

hostile(
  "the engine's constructors: lead nowhere but into the sandbox",
  "const g = (async function* () {}).constructor('return globalThis')().next; console.log([].constructor.constructor('return this')() === globalThis, typeof g, Object.keys(process.env).length)",
  prints("true function 0\n"),
);
hostile(
  "the guest's own internals, overwritten: only the program itself is harmed",
  "Array.prototype.push = () => { throw 1 }; Object.prototype.toString = null; Map.prototype.get = () => 7; Promise.prototype.then = null; globalThis.process = null; console.log = null;",
  (ran) => assert.equal(ran.status.type, "exited"),
);
hostile(
  "the internal hooks, called by hand: give nothing away",
  "for (const s of Object.getOwnPropertySymbols(globalThis)) { try { globalThis[s]('fs'); globalThis[s]('/etc/passwd'); } catch (e) {} }\nconsole.log('ok')",
  prints("ok\n"),
);
hostile(
  "crashing the interpreter by bytecode: not possible to load any",
  "console.log(typeof bjson, typeof std, typeof os, typeof scriptArgs)",
  prints("undefined undefined undefined undefined\n"),
);
hostile(
  "resizable and detached buffers handed to the host: nothing is read beyond them",
  "const b = new ArrayBuffer(16, { maxByteLength: 1 << 20 }); const v = new Uint8Array(b); b.resize(0); process.stdout.write(v); const d = new Uint8Array(8); if (d.buffer.transfer) { d.buffer.transfer(); process.stdout.write(d); } console.log('ok')",
  prints("ok\n"),
);

for (const [name, source] of Object.entries({
  empty: "",
  binary: new TextDecoder("latin1").decode(Uint8Array.from({ length: 300 }, (_, i) => 255 - (i % 256))),
  "with NULs": "console.log(1)\0console.log(2)",
  huge: "x = 1;\n".repeat(200_000),
  "one huge expression": `x = ${"1+".repeat(200_000)}1`,
  "deeply nested": `x = ${"[".repeat(100_000)}`,
  "closing the wrapper early": "}); console.log('outside'); (function () {",
})) {
  for (const file of ["main.js", "main.mjs", "main.ts"]) {
    test(`${file.endsWith("ts") ? "typescript" : "javascript"}: hostile: ${file} that is ${name}: compiles or is refused`, async () => {
      const ran = await worker.run({ name: file, source, command: "check", limits: { costMax: 10 * SECOND } });
      assert.ok(
        ["exited", "memory-exceeded", "cost-exceeded", "trapped"].includes(ran.status.type),
        JSON.stringify(ran.status),
      );
      await isUnharmed();
    });
  }
}
