import assert from "node:assert/strict";
import { after, test } from "node:test";
import { InterpreterWorker } from "../interpreter/harness.ts";

const python = new InterpreterWorker();
after(() => python.close());

const EXITED_0 = { type: "exited", code: 0 };

test("python: a program that reads and prints: its output, exit code 0", async () => {
  const ran = await python.run({ source: "a, b = map(int, input().split())\nprint(a + b)", stdin: "20 22\n" });
  assert.deepEqual([ran.stdout, ran.stderr, ran.status], ["42\n", "", EXITED_0]);
});

const READERS: Readonly<Record<string, string>> = {
  "sys.stdin": "print(sum(int(line) for line in sys.stdin))",
  "sys.stdin.readline": "print(sum(int(sys.stdin.readline()) for _ in range(3)))",
  "sys.stdin.read": "print(sum(map(int, sys.stdin.read().split())))",
  "sys.stdin.buffer.read": "print(sum(map(int, sys.stdin.buffer.read().split())))",
  "open(0)": "print(sum(map(int, open(0).read().split())))",
  "os.read": "print(sum(map(int, os.read(0, 100).split())))",
  "/dev/stdin": "print(sum(map(int, open('/dev/stdin').read().split())))",
  fileinput: "import fileinput; print(sum(int(line) for line in fileinput.input()))",
  "input in a loop": "t = 0\ntry:\n  while True: t += int(input())\nexcept EOFError: print(t)",
};
for (const [name, source] of Object.entries(READERS)) {
  test(`python: input by ${name}: all of it is read`, async () => {
    const ran = await python.run({ source: `import sys, os\n${source}`, stdin: "1\n20\n300" });
    assert.deepEqual([ran.stdout, ran.stderr], ["321\n", ""]);
  });
}

const EXITS: readonly (readonly [string, string, number, RegExp])[] = [
  ["sys.exit()", "import sys; sys.exit()", 0, /^$/],
  ["sys.exit(3)", "import sys; sys.exit(3)", 3, /^$/],
  ["sys.exit(256)", "import sys; sys.exit(256)", 0, /^$/],
  ["sys.exit(text)", "import sys; sys.exit('no')", 1, /^no\n$/],
  ["quit()", "quit()", 0, /^$/],
  ["os._exit(7)", "import os; os._exit(7)", 7, /^$/],
  ["an uncaught exception", "def f():\n  return 1 // 0\nf()", 1, /^Traceback.*line 3.*in f.*ZeroDivisionError/s],
  ["a syntax error", "print(1", 1, /SyntaxError: '\(' was never closed/],
  ["an exception in atexit", "import atexit; atexit.register(lambda: print('bye'))", 0, /^$/],
];
for (const [name, source, code, stderr] of EXITS) {
  test(`python: ${name}: exit code ${code}`, async () => {
    const ran = await python.run({ source });
    assert.deepEqual(ran.status, { type: "exited", code });
    assert.match(ran.stderr, stderr);
    assert.doesNotMatch(ran.stderr, /_dikast|<string>/);
  });
}

test("python: output before an exit by exception: is flushed", async () => {
  const ran = await python.run({ source: "print('before')\nraise ValueError('x')" });
  assert.equal(ran.stdout, "before\n");
  assert.match(ran.stderr, /ValueError: x\n$/);
});

test("python: several source files: the first runs and imports the others", async () => {
  const ran = await python.run({
    source: "from helper import f\nprint(f(2))",
    more: { "helper.py": "f = lambda x: x * 21" },
  });
  assert.deepEqual([ran.stdout, ran.stderr], ["42\n", ""]);
});

test("python: arguments and __name__: as a script has them", async () => {
  const ran = await python.run({ source: "import sys\nprint(sys.argv, __name__, __file__)", args: ["-x", "y z"] });
  assert.equal(ran.stdout, "['main.py', '-x', 'y z'] __main__ /program/main.py\n");
});

test("python: million-deep recursion: works within memory", async () => {
  const source =
    "import sys\nsys.setrecursionlimit(2 * 10**6)\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(10**6))";
  const ran = await python.run({ source, limits: { memoryBytesMax: 2 ** 30 } });
  assert.deepEqual([ran.stdout, ran.stderr], ["1000000\n", ""]);
});

test("python: recursion through C (lru_cache, __add__): RecursionError far beyond CPython's usual depth", async () => {
  const source = [
    "import sys, functools",
    "sys.setrecursionlimit(10**7)",
    "@functools.lru_cache(None)",
    "def f(n): return 0 if n == 0 else 1 + f(n - 1)",
    "print(f(15000))",
    "try: f(10**6)",
    "except RecursionError as error: print('refused')",
  ].join("\n");
  const ran = await python.run({ source });
  assert.deepEqual([ran.stdout, ran.stderr], ["15000\nrefused\n", ""]);
});

test("python: resource.getrusage: the virtual time, and fields for the rest", async () => {
  const source =
    "import resource\nsum(range(10**6))\nu = resource.getrusage(resource.RUSAGE_SELF)\nprint(0 < u.ru_utime < 1, u.ru_maxrss, u.ru_nivcsw)";
  const ran = await python.run({ source });
  assert.deepEqual([ran.stdout, ran.stderr], ["True 0 0\n", ""]);
});

test("python: a main function in a thread with a large stack: runs, as contest programs do it", async () => {
  const source = [
    "import sys, threading, resource",
    "resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
    "sys.setrecursionlimit(1 << 20)",
    "threading.stack_size(1 << 27)",
    "def depth(n): return 0 if n == 0 else 1 + depth(n - 1)",
    "def main():",
    "  print(depth(int(input())), threading.current_thread().name)",
    "thread = threading.Thread(target=main)",
    "thread.start()",
    "thread.join()",
    "print(thread.is_alive(), threading.current_thread().name, threading.active_count())",
  ].join("\n");
  const ran = await python.run({ source, stdin: "100000\n" });
  assert.deepEqual([ran.stderr, ran.stdout], ["", "100000 Thread-1 (main)\nFalse MainThread 1\n"]);
});

test("python: pools of threads and asyncio: what is submitted and scheduled runs, in order of time", async () => {
  const source = [
    "import asyncio, time",
    "from concurrent.futures import ThreadPoolExecutor, as_completed",
    "with ThreadPoolExecutor(4) as pool:",
    "  print(list(pool.map(lambda x: x * x, range(4))), pool.submit(int, 'x').exception())",
    "async def after(n):",
    "  await asyncio.sleep(n)",
    "  print(n, end=' ')",
    "  return n",
    "async def main():",
    "  queue = asyncio.Queue()",
    "  worker = asyncio.create_task(queue.get())",
    "  print(await asyncio.gather(after(0.2), after(0.1)), await asyncio.to_thread(len, 'abc'))",
    "  queue.put_nowait('item')",
    "  try: await asyncio.wait_for(asyncio.Event().wait(), 0.5)",
    "  except TimeoutError: print(await worker, 'late')",
    "start = time.time()",
    "asyncio.run(main())",
    "print(0.7 <= time.time() - start < 1.5)",
  ].join("\n");
  const ran = await python.run({ source });
  const pool = "[0, 1, 4, 9] invalid literal for int() with base 10: 'x'\n";
  assert.deepEqual([ran.stderr, ran.stdout], ["", `${pool}0.1 0.2 [0.2, 0.1] 3\nitem late\nTrue\n`]);
});

test("python: an exception in a thread: is printed, the program goes on", async () => {
  const ran = await python.run({
    source: "import threading\ndef f(): raise ValueError('in thread')\nthreading.Thread(target=f).start()\nprint('on')",
  });
  assert.deepEqual([ran.status, ran.stdout], [EXITED_0, "on\n"]);
  assert.match(ran.stderr, /Exception in thread.*ValueError: in thread/s);
});

test("python: the standard library: every module imports, or is one that needs what a sandbox lacks", async () => {
  const source = [
    "import sys, warnings",
    "warnings.simplefilter('ignore')",
    "skip = {'antigravity', 'this', 'idlelib', 'turtle', 'turtledemo', 'tkinter'}",
    "missing = []",
    "for name in sorted(sys.stdlib_module_names - skip):",
    "  if name.startswith('_'): continue",
    "  try: __import__(name)",
    "  except ModuleNotFoundError: missing.append(name)",
    "print(' '.join(missing))",
  ].join("\n");
  const ran = await python.run({ source });
  assert.equal(ran.stderr, "");
  const expected =
    "ctypes curses dbm doctest ensurepip grp msvcrt multiprocessing nt pdb pwd pydoc pydoc_data readline syslog venv winreg winsound";
  assert.equal(ran.stdout.trim(), expected);
});

test("python: a package that is not there: an ordinary exception that says why", async () => {
  const ran = await python.run({ source: "try: import numpy\nexcept ImportError as e: print(e)\nimport pandas.core" });
  assert.equal(ran.stdout, "No module named 'numpy': this sandbox has the standard library only\n");
  assert.match(ran.stderr, /ModuleNotFoundError: No module named 'pandas'/);
});

test("python: what contest programs import and do: all of it works", async () => {
  const source = [
    "import sys, os, io, re, math, heapq, bisect, itertools, functools, collections, decimal, fractions, random, string, array, dataclasses, typing, copy, operator, statistics, queue, threading, time, datetime, json, enum",
    "from sys import stdin, setrecursionlimit",
    "read = io.BytesIO(os.read(0, os.fstat(0).st_size or 10**7)).readline",
    "n = int(read()); a = array.array('q', map(int, read().split()))",
    "decimal.getcontext().prec = 30",
    "print(n, sum(a), decimal.Decimal(2).sqrt(), fractions.Fraction(1, 3) + 1, statistics.median(a))",
    "@dataclasses.dataclass(order=True)",
    "class P: x: int; y: int = 0",
    "print(sorted([P(2), P(1, 5)]), copy.deepcopy({1: [2]}), functools.reduce(operator.xor, a))",
    "q = queue.PriorityQueue(); q.put((2, 'b')); q.put((1, 'a')); print(q.get(), math.comb(10, 3), math.isqrt(99))",
    "setrecursionlimit(10**6)",
    "f = lambda k: 0 if k == 0 else f(k - 1) + 1",
    "threading.stack_size(2**27)",
    "t = threading.Thread(target=lambda: print(f(200000))); t.start(); t.join()",
    "os.write(1, b'end\\n')",
  ].join("\n");
  const ran = await python.run({ source, stdin: "3\n1 2 9\n" });
  assert.equal(ran.stderr, "");
  assert.deepEqual(ran.stdout.split("\n"), [
    "end",
    "3 12 1.41421356237309504880168872421 4/3 2",
    "[P(x=1, y=5), P(x=2, y=0)] {1: [2]} 10",
    "(1, 'a') 120 9",
    "200000",
    "",
  ]);
});

test("python: memory beyond the limit: memory-exceeded, also when the program catches MemoryError", async () => {
  for (const source of [
    "x = [0] * 10**8",
    "try:\n  x = 'a' * 2**29\nexcept MemoryError: print('caught')",
    "x = [0] * 10**9",
  ]) {
    const ran = await python.run({ source, limits: { memoryBytesMax: 128 * 2 ** 20 } });
    assert.deepEqual([ran.status, ran.stdout], [{ type: "memory-exceeded" }, ""], source);
  }
});

test("python: output beyond the limit: cut there, output-exceeded", async () => {
  const ran = await python.run({ source: "while True: print('x' * 1000)", limits: { stdoutBytesMax: 100_000 } });
  assert.deepEqual([ran.status, ran.stdout.length], [{ type: "output-exceeded" }, 100_000]);
});

test("python: two runs of one program: the same cost, memory and output, whatever ran between", async () => {
  const source =
    "import random, time, os\nprint(random.random(), time.time(), time.perf_counter(), os.urandom(4), id(object()), {'a', 'b', 'c'})";
  const first = await python.run({ source });
  await python.run({ source: "import random\nx = [random.random() for _ in range(10**5)]" });
  assert.equal(first.stderr, "");
  assert.deepEqual(await python.run({ source }), first);
});

test("python: an interactive program: gets what is written to it line by line", async () => {
  const source = "print('? 1', flush=True)\na = input()\nprint('? 2', flush=True)\nb = input()\nprint('!', a, b)";
  const ran = await python.run({ source, script: ["seven\n", "eight\n"] });
  assert.equal(ran.stdout, "? 1\n? 2\n! seven eight\n");
});

test("python: a validator: reads its files, writes feedback, exits 42", async () => {
  const source = [
    "import sys",
    "text = open(sys.argv[1]).read()",
    "with open(sys.argv[2] + 'judgemessage.txt', 'w') as f: f.write('saw ' + text)",
    "with open(sys.argv[2] + 'judgemessage.txt', 'a') as f: f.write('!')",
    "sys.exit(42)",
  ].join("\n");
  const ran = await python.run({
    source,
    args: ["/judge/input", "/feedback/"],
    files: { "/judge/input": "data" },
    writableDirectory: "/feedback",
  });
  assert.deepEqual([ran.status, ran.stderr], [{ type: "exited", code: 42 }, ""]);
  assert.deepEqual(ran.writtenFiles, { "/feedback/judgemessage.txt": "saw data!" });
});

test("python: a syntax check: names file and line of what does not compile, runs nothing", async () => {
  const good = await python.run({ source: "print(1)", command: "check" });
  assert.deepEqual([good.status, good.stdout], [EXITED_0, ""]);
  const bad = await python.run({ source: "x = 1\nfor\n", command: "check" });
  assert.deepEqual(bad.status, { type: "exited", code: 1 });
  assert.match(bad.stderr, /File "main.py", line 2\n.*SyntaxError/s);
});
