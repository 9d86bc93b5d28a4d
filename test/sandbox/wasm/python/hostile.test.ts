import assert from "node:assert/strict";
import { after, test } from "node:test";
import { COST_PER_VIRTUAL_MS } from "../../../../sandbox/wasm/meter/index.ts";
import { InterpreterWorker, type Ran } from "../interpreter/harness.ts";

const python = new InterpreterWorker();
after(() => python.close());

const SECOND = 1_000 * COST_PER_VIRTUAL_MS;
const LIMITS = { costMax: SECOND, memoryBytesMax: 256 * 2 ** 20, stdoutBytesMax: 2 ** 20 };

async function isUnharmed(): Promise<void> {
  const ran = await python.run({ source: "print(sum(range(10)))" });
  assert.deepEqual([ran.status, ran.stdout], [{ type: "exited", code: 0 }, "45\n"]);
}

const hostile = (name: string, source: string, check: (ran: Ran) => void): void => {
  test(`python: hostile: ${name}`, async () => {
    check(await python.run({ source, limits: LIMITS }));
    await isUnharmed();
  });
};

const ends = (type: Ran["status"]["type"]) => (ran: Ran) => assert.equal(ran.status.type, type, ran.stderr);
/** The program itself says what it got; anything but a clean refusal fails. */
const prints = (expected: string) => (ran: Ran) => assert.deepEqual([ran.stdout, ran.stderr], [expected, ""]);

hostile("endless loop: cost-exceeded, the whole budget charged", "while True: pass", (ran) => {
  assert.equal(ran.status.type, "cost-exceeded");
  assert.equal(ran.cost, SECOND);
});
hostile(
  "endless loop that catches everything: cost-exceeded",
  "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
  ends("cost-exceeded"),
);
hostile("endless loop in C (big integers): cost-exceeded", "x = 3\nwhile True: x = x * x", (ran) =>
  assert.ok(["cost-exceeded", "memory-exceeded"].includes(ran.status.type)),
);
hostile("endless sum in C: cost-exceeded", "import itertools\nsum(itertools.repeat(1))", ends("cost-exceeded"));
hostile(
  "catastrophic regular expression: cost-exceeded",
  "import re\nre.match('(a+)+b', 'a' * 40)",
  ends("cost-exceeded"),
);
hostile("sleep: charged to the virtual clock", "import time\ntime.sleep(100)", ends("cost-exceeded"));
hostile(
  "a short sleep: takes its time on the virtual clock",
  "import time\nstart = time.perf_counter()\ntime.sleep(0.1)\nprint(0.1 <= time.perf_counter() - start < 0.2)",
  prints("True\n"),
);
hostile("output flood: output-exceeded", "while True: print('x' * 10000)", ends("output-exceeded"));
hostile("one endless line: output-exceeded", "import sys\nwhile True: sys.stdout.write('x')", ends("output-exceeded"));
hostile(
  "flood on stderr: cut, does not stop the program",
  "import sys\nfor _ in range(1000): sys.stderr.write('x' * 1000)\nprint('end')",
  (ran) => {
    assert.deepEqual([ran.stdout, ran.stderr.length], ["end\n", 65_536]);
  },
);
hostile("memory by list: memory-exceeded", "x = []\nwhile True: x.append('y' * 10**6)", ends("memory-exceeded"));
hostile("memory by one huge allocation: memory-exceeded", "x = bytearray(10**9)", ends("memory-exceeded"));
hostile(
  "memory by recursion: memory-exceeded",
  "import sys\nsys.setrecursionlimit(10**9)\ndef f(x): return f((x, bytes(10**5)))\nf(1)",
  ends("memory-exceeded"),
);
hostile("endless recursion: RecursionError", "def f(): return f()\nf()", (ran) => {
  assert.deepEqual(ran.status, { type: "exited", code: 1 });
  assert.match(ran.stderr, /RecursionError/);
});
hostile("recursion in the parser: refused", "eval('(' * 100000)", (ran) =>
  assert.deepEqual(ran.status, { type: "exited", code: 1 }),
);
hostile(
  "nested data in C (comparison): refused, not crashed",
  "x, y = [], []\nfor _ in range(10**6): x, y = [x], [y]\ntry: x == y\nexcept RecursionError: print('refused')",
  (ran) => assert.equal(ran.stdout, "refused\n"),
);

const refused = (body: string): string =>
  `try:\n${body.replace(/^/gm, "  ")}\nexcept (OSError, ImportError, AttributeError, RuntimeError, ValueError) as error:\n  print('refused')\nelse:\n  print('done')`;
const REFUSED: Readonly<Record<string, string>> = {
  "import js": "import js",
  "import pyodide_js": "import pyodide_js",
  "import pyodide.code": "import pyodide.code; pyodide.code.run_js('1')",
  "import _pyodide_core": "import _pyodide_core",
  "import _pyodide": "import _pyodide",
  ctypes: "import ctypes",
  fork: "import os; os.fork()",
  "os.system": "import os\nif os.system('ls') != 0: raise OSError",
  "os.popen": "import os; os.popen('ls').read()",
  subprocess: "import subprocess; subprocess.run(['ls'])",
  exec: "import os; os.execv('/bin/sh', ['sh'])",
  multiprocessing: "import multiprocessing; multiprocessing.Process(target=print).start()",
  sockets: "import socket; socket.create_connection(('127.0.0.1', 80))",
  "socket pair": "import socket; socket.socketpair()",
  urllib: "import urllib.request; urllib.request.urlopen('http://example.org')",
  "files of the host": "open('/etc/passwd').read()",
  "/proc": "open('/proc/self/environ').read()",
  "writing a file": "open('x.txt', 'w')",
  "writing to /tmp": "open('/tmp/x', 'w')",
  "temporary files": "import tempfile; tempfile.TemporaryFile()",
  "a directory": "import os; os.mkdir('/x')",
  "removing the library": "import os; os.remove('/lib/python3.14/os.py')",
  "a symbolic link": "import os; os.symlink('/etc', '/x')",
  "a pipe": "import os; os.pipe()",
  kill: "import os; os.kill(os.getppid(), 9)",
  "a mapped file": "import mmap; mmap.mmap(0, 10)",
};
for (const [name, body] of Object.entries(REFUSED)) {
  hostile(`${name}: refused with an ordinary exception`, refused(body), prints("refused\n"));
}

hostile("offsets that are negative or huge: refused", refused("import os\nos.pread(0, 5, -5)"), prints("refused\n"));
hostile(
  "thread bomb: one after the other, until the cost is spent",
  "import threading\ndef f(): threading.Thread(target=f).start()\nwhile True: f()",
  (ran) => assert.notEqual(ran.status.type, "abstained"),
);
hostile(
  "waiting for a lock that nobody frees: cost-exceeded or refused",
  "import threading\nl = threading.Lock(); l.acquire(); l.acquire()",
  (ran) => assert.ok(["cost-exceeded", "trapped"].includes(ran.status.type) || ran.stderr !== "", JSON.stringify(ran)),
);
hostile(
  "the environment: nothing of the host",
  "import os, sys, platform\nprint(sorted(os.environ), os.getcwd(), sorted(os.listdir('/')), sys.platform)",
  prints(
    "['HOME', 'LANG', 'PYTHONDONTWRITEBYTECODE', 'PYTHONHASHSEED', 'PYTHONHOME', 'PYTHONNOUSERSITE', 'PYTHONUTF8', 'PYTHON_COLORS'] /program ['dev', 'lib', 'program', 'run'] emscripten\n",
  ),
);
hostile(
  "_ctypes reaches for the host's functions: trapped, nothing happens",
  "import _ctypes\nprint(hasattr(_ctypes, 'dlopen'))\n_ctypes.call_function(1, (1, 2, 3))",
  (ran) => assert.ok(ran.status.type === "trapped" || (ran.status.type === "exited" && ran.status.code === 1)),
);
hostile(
  "closing the standard streams: an ordinary end",
  "import os, sys\nsys.stdout.close()\nos.close(0)\nos.close(2)\nos.close(1)",
  (ran) => assert.equal(ran.status.type, "exited"),
);
hostile("a signal to itself: an ordinary end", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", (ran) =>
  assert.notDeepEqual(ran.status, { type: "exited", code: 0 }),
);
hostile(
  "deadly C code (null pointer by bytecode): trapped or refused",
  "f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=b'\\xff' * 20)\nf()",
  (ran) => assert.notEqual(ran.status.type, "abstained"),
);

for (const [name, source] of Object.entries({
  empty: "",
  binary: new TextDecoder("latin1").decode(Uint8Array.from({ length: 300 }, (_, i) => 255 - (i % 256))),
  "with NULs": "print(1)\0print(2)",
  huge: "x = 1\n".repeat(200_000),
  "one huge expression": `x = ${"1+".repeat(200_000)}1`,
  "one huge number": `x = ${"9".repeat(1_000_000)}`,
})) {
  test(`python: hostile: a source that is ${name}: compiles or is refused`, async () => {
    const ran = await python.run({ source, command: "check", limits: { costMax: 5 * SECOND } });
    assert.ok(
      ["exited", "memory-exceeded", "cost-exceeded", "trapped"].includes(ran.status.type),
      JSON.stringify(ran.status),
    );
    await isUnharmed();
  });
}
