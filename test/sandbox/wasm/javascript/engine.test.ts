import assert from "node:assert/strict";
import { after, test } from "node:test";
import { InterpreterWorker, type Job, type Ran } from "../interpreter/harness.ts";

const worker = new InterpreterWorker();
after(() => worker.close());

const run = (source: string, job: Partial<Job> = {}): Promise<Ran> =>
  worker.run({ name: "main.js", stdin: "1 2\n20\n300", ...job, source });
const EXITED_0 = { type: "exited", code: 0 };

const READERS: Readonly<Record<string, string>> = {
  "fs.readFileSync(0)": "sum(require('fs').readFileSync(0, 'utf8'))",
  "fs.readFileSync('/dev/stdin')": "sum(require('fs').readFileSync('/dev/stdin').toString())",
  "fs.readFileSync(process.stdin.fd)": "sum(require('node:fs').readFileSync(process.stdin.fd, { encoding: 'utf-8' }))",
  "fs.readSync":
    "const b = Buffer.alloc(100); const n = require('fs').readSync(0, b, 0, 100, null); sum(b.toString('utf8', 0, n))",
  "process.stdin data and end": "let t = ''; process.stdin.on('data', (c) => (t += c)).on('end', () => sum(t))",
  "process.stdin with setEncoding":
    "let t = ''; process.stdin.setEncoding('utf8'); process.stdin.resume(); process.stdin.on('data', (c) => (t += c)); process.stdin.on('end', () => sum(t))",
  "process.stdin readable":
    "let t = ''; process.stdin.on('readable', () => { let c; while ((c = process.stdin.read()) !== null) t += c; }); process.stdin.on('end', () => sum(t))",
  "process.stdin by for await": "(async () => { let t = ''; for await (const c of process.stdin) t += c; sum(t); })()",
  "readline events":
    "const l = []; const rl = require('readline').createInterface({ input: process.stdin, terminal: false }); rl.on('line', (x) => l.push(x)); rl.on('close', () => sum(l.join(' ')))",
  "readline by for await":
    "(async () => { const l = []; for await (const x of require('readline').createInterface({ input: process.stdin })) l.push(x); sum(l.join(' ')); })()",
  "readline iterator":
    "(async () => { const it = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator](); const n = async () => (await it.next()).value; sum([await n(), await n(), await n()].join(' ')); })()",
  "readline question":
    "const rl = require('readline').createInterface({ input: process.stdin, output: process.stdout }); rl.question('', (a) => rl.question('', (b) => rl.question('', (c) => { rl.close(); sum(a + ' ' + b + ' ' + c); })))",
  "readline/promises":
    "(async () => { const rl = require('node:readline/promises').createInterface({ input: process.stdin }); const l = [await rl.question(''), await rl.question(''), await rl.question('')]; rl.close(); sum(l.join(' ')); })()",
};
for (const [name, body] of Object.entries(READERS)) {
  test(`javascript: input by ${name}: all of it is read`, async () => {
    const ran = await run(
      `const sum = (t) => console.log(t.trim().split(/\\s+/).reduce((a, b) => a + Number(b), 0));\n${body}`,
    );
    assert.deepEqual([ran.stdout, ran.stderr, ran.status], ["323\n", "", EXITED_0]);
  });
}

const ENDS: readonly (readonly [string, string, number, string, RegExp])[] = [
  ["process.exit(3)", "console.log('a'); process.exit(3); console.log('b')", 3, "a\n", /^$/],
  ["process.exitCode", "process.exitCode = 4", 4, "", /^$/],
  ["an exit listener", "process.on('exit', (c) => console.log('bye', c))", 0, "bye 0\n", /^$/],
  [
    "an uncaught error",
    "function f() {\n  throw new TypeError('bad');\n}\nf();",
    1,
    "",
    /^Uncaught TypeError: bad\n\s+at f \(\/program\/main\.js:2:/,
  ],
  ["an error in a timer", "setTimeout(() => { throw new Error('late') }, 5)", 1, "", /Error: late/],
  ["a rejected promise", "Promise.reject(new Error('lost'))", 1, "", /Error: lost/],
  ["an async main that fails", "(async () => { await null; null.x })()", 1, "", /TypeError/],
  [
    "a rejection handled later",
    "const p = Promise.reject(new Error('x')); p.catch(() => console.log('caught'))",
    0,
    "caught\n",
    /^$/,
  ],
  ["a syntax error", "let let = 1", 1, "", /SyntaxError/],
  ["a thrown string", "throw 'text'", 1, "", /Uncaught 'text'/],
  [
    "an error that throws when it is looked at",
    "console.log(1); throw new Proxy({}, { get() { throw 2; } })",
    1,
    "1\n",
    /^Uncaught /,
  ],
  [
    "an error whose stack throws",
    "const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { throw 2; } }); throw e",
    1,
    "",
    /^Uncaught /,
  ],
  [
    "a listener for errors that throws",
    "process.on('uncaughtException', () => { throw 2; }); throw 1",
    7,
    "",
    /^Uncaught 2/,
  ],
  [
    "a process that lies about its listeners",
    "process.listenerCount = () => { throw 2; }; throw 1",
    1,
    "",
    /^Uncaught 2/,
  ],
  ["a byte order mark and a hash bang", "\uFEFF#!/usr/bin/env node\nconsole.log(1)", 0, "1\n", /^$/],
];
for (const [name, source, code, stdout, stderr] of ENDS) {
  test(`javascript: ${name}: exit code ${code}`, async () => {
    const ran = await run(source);
    assert.deepEqual([ran.status, ran.stdout], [{ type: "exited", code }, stdout], ran.stderr);
    assert.match(ran.stderr, stderr);
  });
}

test("javascript: hundreds of thousands of steps of the event loop: each starts with the whole call stack", async () => {
  const { status, stdout } = await run(
    "let n = 0; const f = () => (n++ < 130_000 ? setImmediate(f) : console.log(n)); f();",
  );
  assert.deepEqual([status, stdout], [EXITED_0, "130001\n"]);
});

test("javascript: ticks, promises, timers, immediates: in Node's order", async () => {
  const ran = await run(`
    setTimeout(() => console.log("timeout 20"), 20);
    setTimeout(() => console.log("timeout 1"), 1);
    setImmediate(() => console.log("immediate"));
    Promise.resolve().then(() => console.log("promise")).then(() => console.log("promise 2"));
    queueMicrotask(() => console.log("microtask"));
    process.nextTick(() => console.log("tick"));
    let n = 0;
    const interval = setInterval(() => { if (++n === 2) clearInterval(interval); console.log("interval", n); }, 15);
    console.log("main");`);
  assert.deepEqual(ran.stdout.trim().split("\n"), [
    "main",
    "tick",
    "promise",
    "microtask",
    "promise 2",
    "immediate",
    "timeout 1",
    "interval 1",
    "timeout 20",
    "interval 2",
  ]);
});

test("javascript: a timer: takes its time on the virtual clock only", async () => {
  const ran = await run(
    "const s = Date.now(); setTimeout(() => console.log(Math.round((Date.now() - s) / 1000)), 3000)",
  );
  assert.equal(ran.stdout, "3\n");
});

test("javascript: an ES module: imports, top-level await, import.meta", async () => {
  const more = {
    "lib.mjs": "export const twice = (x) => 2 * x; export default 5;",
    "old.cjs": "module.exports = { seven: 7 };",
  };
  const source = `import fs, { readFileSync } from "fs";
    import * as readline from "node:readline";
    import five, { twice } from "./lib.mjs";
    import old from "./old.cjs";
    const text = await Promise.resolve(readFileSync(0, "utf8"));
    console.log(twice(21), five, old.seven, typeof fs.readFileSync, typeof readline.createInterface, text.length);`;
  for (const name of ["main.mjs", "main.js"]) {
    const ran = await run(source, { name, more });
    assert.deepEqual([ran.stdout, ran.stderr], ["42 5 7 function function 10\n", ""]);
  }
});

test("javascript: CommonJS: require of own files, JSON, module.exports", async () => {
  const more = {
    "lib.js": "exports.f = (x) => x + 1; exports.main = require.main === module;",
    "data.json": '{"a":[1]}',
  };
  const ran = await run(
    "const { f, main } = require('./lib'); console.log(f(1), main, require.main === module, require('./data.json'), __filename)",
    { more },
  );
  assert.deepEqual([ran.stdout, ran.stderr], ["2 false true { a: [ 1 ] } /program/main.js\n", ""]);
});

test("typescript: types, enums, generics: stripped, lines stay", async () => {
  const source =
    "interface P { x: number }\nenum Kind { A = 1, B }\nfunction f<T extends P>(p: T): number { return p.x as number; }\nconsole.log(f({ x: 42 }), Kind.B, Kind[1]);\nlet s: string | undefined; s!.length;";
  const ran = await run(source, { name: "main.ts" });
  assert.equal(ran.stdout, "42 2 A\n");
  const plain = await run("type A = {\n  b: number;\n};\nconst a: A = null as any;\nconsole.log(a.b);", {
    name: "main.ts",
  });
  assert.match(plain.stderr, /main\.ts:5/);
  const wrong = await run("let x: = 3;", { name: "main.ts" });
  assert.match(wrong.stderr, /main\.ts: error \(line 1\)/);
});

test("typescript: a module: require is there, as what compilers make of it has it; decorators do not compile", async () => {
  const ran = await run("const n: string = require('fs').readFileSync(0, 'utf8'); console.log(n.length); export {};", {
    name: "main.ts",
    stdin: "abc",
  });
  assert.deepEqual([ran.stdout, ran.stderr], ["3\n", ""]);
  const plain = await run("console.log(typeof require); export {};");
  assert.equal(plain.stdout, "undefined\n");
  const decorated = await run("function d(t: unknown) {}\n@d class A {}", { name: "main.ts", command: "check" });
  assert.match(decorated.stderr, /SyntaxError/);
});

for (const source of [
  "import { f } from './nowhere.mjs'; f();",
  "import _ from 'lodash'; _();",
  "export * from '../../x.js'; await import('node:http');",
]) {
  test(`javascript: ${source.split(";")[0]}, which is not there: compiles as with Node, and fails when it runs`, async () => {
    const check = await run(source, { command: "check" });
    assert.deepEqual([check.status, check.stderr], [EXITED_0, ""]);
    const ran = await run(source);
    assert.deepEqual(ran.status, { type: "exited", code: 1 });
    assert.match(ran.stderr, /Cannot find module/);
  });
}

test("javascript: a syntax check: names file and line, runs nothing", async () => {
  const good = await run("console.log(1)", { command: "check" });
  assert.deepEqual([good.status, good.stdout], [EXITED_0, ""]);
  const module = await run("import fs from 'fs'; await 1;", { command: "check" });
  assert.deepEqual(module.status, EXITED_0);
  const bad = await run("let x = 1;\nlet y = ;\n", { command: "check" });
  assert.deepEqual(bad.status, { type: "exited", code: 1 });
  assert.match(bad.stderr, /SyntaxError.*main\.js:2/s);
});

test("javascript: deep recursion: 100,000 frames work, endless is a RangeError that can be caught", async () => {
  const ran = await run(`
    const f = (n) => (n === 0 ? 0 : 1 + f(n - 1));
    console.log(f(100000));
    try { (function g() { return 1 + g(); })(); } catch (e) { console.log(e instanceof RangeError, e.message); }`);
  assert.deepEqual([ran.stdout, ran.stderr], ["100000\ntrue Maximum call stack size exceeded\n", ""]);
});

test("javascript: two runs of one program: the same cost, memory and output, whatever ran between", async () => {
  const source =
    "console.log(Math.random(), Date.now(), performance.now(), process.hrtime.bigint(), new Date().toString())";
  const first = await run(source);
  await run("const x = []; for (let i = 0; i < 1e5; i++) x.push(Math.random())");
  assert.equal(first.stderr, "");
  assert.deepEqual(await run(source), first);
});

test("javascript: an interactive program: gets what is written to it line by line", async () => {
  const source =
    "const rl = require('readline').createInterface({ input: process.stdin }); console.log('? 1'); const got = []; rl.on('line', (l) => { got.push(l); if (got.length === 2) { console.log('!', ...got); rl.close(); } else console.log('? 2'); })";
  const ran = await run(source, { script: ["seven\n", "eight\n", "never\n"] });
  assert.equal(ran.stdout, "? 1\n? 2\n! seven eight\n");
});

test("javascript: a validator: reads its files, writes feedback, exits 42", async () => {
  const source =
    "const fs = require('fs'); const [, , input, feedback] = process.argv; fs.writeFileSync(feedback + 'judgemessage.txt', 'saw ' + fs.readFileSync(input, 'utf8')); fs.appendFileSync(feedback + 'judgemessage.txt', '!'); process.exit(42)";
  const ran = await run(source, {
    args: ["/judge/input", "/feedback/"],
    files: { "/judge/input": "data" },
    writableDirectory: "/feedback",
  });
  assert.deepEqual([ran.status, ran.stderr], [{ type: "exited", code: 42 }, ""]);
  assert.deepEqual(ran.writtenFiles, { "/feedback/judgemessage.txt": "saw data!" });
});

test("javascript: Buffer, TextDecoder, BigInt, typed arrays, Intl-free formatting: as Node prints them", async () => {
  const source =
    "console.log(Buffer.from('héllo').toString('hex'), Buffer.from('aGk=', 'base64').toString(), new TextDecoder().decode(new TextEncoder().encode('ü')), 2n ** 70n, new Int32Array([1, -2]), Buffer.from([1, 255]))";
  const ran = await run(source);
  assert.equal(ran.stdout, "68c3a96c6c6f hi ü 1180591620717411303424n Int32Array(2) [ 1, -2 ] <Buffer 01 ff>\n");
});
