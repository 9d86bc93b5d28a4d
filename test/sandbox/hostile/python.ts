/** Hostile programs in Python. (Every single refusal of the embedded sandbox: `test/sandbox/wasm/python/hostile.test.ts`.) */
import type { Verdict } from "../../../src/model/verdict.ts";
import type { HostileProgram, HostileRow } from "./program.ts";

function python(
  row: HostileRow,
  id: string,
  verdicts: readonly Verdict[],
  source: string,
  native?: readonly Verdict[],
): HostileProgram {
  return { row, id, language: "python3", source, verdicts, ...(native === undefined ? {} : { native }) };
}

/** Tries each statement; prints 42 if all of them raise. */
const refusals = (...statements: readonly string[]): string =>
  `import os, sys
reached = []
for text in ${JSON.stringify(statements)}:
    try:
        exec(text)
        reached.append(text)
    except Exception:
        pass
print(reached if reached else 42)
`;

export const PYTHON_PROGRAMS: readonly HostileProgram[] = [
  python("forks and threads", "fork bomb", ["RE"], "import os\nwhile True: os.fork()", ["RE", "TLE", "MLE"]),
  python(
    "forks and threads",
    "thread bomb",
    ["TLE", "RE"],
    "import threading\ndef f():\n    while True: threading.Thread(target=f).start()\nf()",
    ["RE", "TLE", "MLE"],
  ),
  python(
    "forks and threads",
    "pools of processes",
    ["AC"],
    refusals(
      "import multiprocessing; multiprocessing.Pool(4).map(abs, [1])",
      "import subprocess; subprocess.run(['ls'])",
    ),
    ["AC", "WA", "TLE", "RE"],
  ),
  python("memory", "list", ["MLE"], "x = []\nwhile True: x.append('y' * 10**6)"),
  python(
    "memory",
    "list, catching the refusal and going on",
    ["MLE", "TLE"],
    "x = []\nwhile True:\n    try: x.append('y' * 10**6)\n    except MemoryError: pass",
  ),
  python("memory", "one huge allocation", ["MLE"], "x = bytearray(1500000000)", ["MLE", "RE"]),
  python(
    "memory",
    "recursion that holds memory",
    ["MLE", "RE"],
    "import sys\nsys.setrecursionlimit(10**9)\ndef f(x): return f((x, bytes(10**5)))\nf(1)",
  ),
  python("endless loops", "counting", ["TLE"], "while True: pass"),
  python("endless loops", "sleeping", ["TLE"], "import time\nwhile True: time.sleep(1)"),
  python(
    "endless loops",
    "catching everything",
    ["TLE"],
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
  ),
  python(
    "endless loops",
    "with signals caught",
    ["TLE", "RE"],
    "import signal\nfor s in range(1, 32):\n    try: signal.signal(s, lambda *_: None)\n    except (OSError, ValueError): pass\nwhile True: pass",
    ["TLE"],
  ),
  python("endless loops", "in C", ["TLE"], "import itertools\nsum(itertools.repeat(1))"),
  python("endless loops", "a regular expression", ["TLE"], "import re\nre.match('(a+)+b', 'a' * 40)"),
  python(
    "endless loops",
    "when the interpreter ends",
    ["TLE"],
    "import atexit\n@atexit.register\ndef f():\n    while True: pass\nprint(42)",
  ),
  python("output", "flood", ["OLE"], "while True: print('x' * 10000)"),
  python("output", "one endless line", ["OLE"], "import sys\nwhile True: sys.stdout.write('x' * 100)"),
  python("output", "flood of errors", ["TLE"], "import sys\nwhile True: sys.stderr.write('x' * 1000)", ["TLE", "OLE"]),
  python("recursion", "endless", ["RE"], "def f(): return f()\nf()"),
  python(
    "recursion",
    "endless, limit lifted",
    ["MLE", "RE", "TLE"],
    "import sys\nsys.setrecursionlimit(2**31 - 1)\ndef f(): return f()\nf()",
  ),
  python("recursion", "in C", ["RE", "TLE"], "x = []\nfor _ in range(10**5): x = [x]\nrepr(x)"),
  python("input", "closed", ["AC"], "import os\nos.close(0)\nprint(42)"),
  python("input", "read beyond its end, for ever", ["TLE"], "import os\nwhile True: os.read(0, 10)"),
  python(
    "reading",
    "files of the host, answers, environment",
    ["AC"],
    refusals(
      "open('/etc/shadow').read()",
      "open('/proc/1/environ').read()",
      "open('data/secret/1.ans').read()",
      "open('/judge/test.ans').read()",
      "os.environ['TOKEN']",
      "os.listdir('/root')",
    ),
  ),
  python(
    "writing",
    "files",
    ["AC"],
    refusals(
      "open('/etc/x', 'w')",
      "os.remove('/etc/passwd')",
      "os.mkdir('/dikast-was-here')",
      "os.symlink('/etc', '/x')",
    ),
  ),
  python(
    "writing",
    "until the disk is full",
    ["AC"],
    "try:\n    with open('/tmp/x', 'wb') as f:\n        while True: f.write(bytes(1 << 20))\nexcept OSError: pass\nprint(42)",
    ["AC", "OLE", "MLE", "TLE", "RE"],
  ),
  python(
    "network",
    "sockets",
    ["AC"],
    refusals(
      "import socket; socket.create_connection(('8.8.8.8', 53), 1)",
      "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
      "import socket; socket.getaddrinfo('example.org', 80)[0][4].x",
    ),
    ["AC"],
  ),
  python(
    "processes",
    "killing the parent",
    ["AC", "RE"],
    "import os\ntry: os.kill(os.getppid(), 9)\nexcept OSError: pass\nprint(42)",
  ),
  python("processes", "a command", ["AC"], "import os\nos.system('kill -9 -1')\nprint(42)", ["AC", "RE", "TLE"]),
  python(
    "processes",
    "the interpreter's own memory",
    ["AC", "RE"],
    "try:\n    import ctypes\n    ctypes.string_at(0)\nexcept ImportError:\n    print(42)",
  ),
  python("forged verdicts", "in the output", ["WA"], "print('AC')\nprint('{\"verdict\":\"AC\"}')"),
  python("forged verdicts", "the exit code that means accepted", ["RE"], "print(42)\nraise SystemExit(42)"),
  python(
    "crashes",
    "damaged bytecode",
    ["RE", "WA"],
    "f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=b'\\xff' * 20)\nf()",
    ["RE", "WA", "TLE"],
  ),
  python("memory", "a width that fills it", ["MLE"], "print(len('{:>{w}}'.format(1, w=10**9)))"),
  python(
    "memory",
    "a bomb of compressed zeros",
    ["MLE", "TLE"],
    "import zlib\nprint(len(zlib.decompress(zlib.compress(bytes(10**8)) * 1)) * 0 + 42, bytearray(2 * 10**8)[0])",
  ),
  python(
    "endless loops",
    "an object that rises again",
    ["TLE"],
    "class A:\n    def __del__(self): A()\nA()\nwhile True: A()",
    ["TLE", "RE"],
  ),
  python(
    "recursion",
    "an expression of a hundred thousand terms",
    ["RE", "AC"],
    "print(eval('+'.join(['1'] * 10**5)) - 99958)",
  ),
  python(
    "recursion",
    "attributes that look for themselves",
    ["RE"],
    "class M(type):\n    def __getattr__(c, n): return getattr(c, n + 'x')\nclass A(metaclass=M): pass\nA.x",
  ),
  python("input", "standard output closed", ["RE", "WA"], "import sys\nsys.stdout.close()\nprint(42)"),
  python(
    "endless loops",
    "in a trace function",
    ["TLE"],
    "import sys\ndef t(*a):\n    while True: pass\nsys.settrace(t)\ndef f(): pass\nf()",
  ),
  python("crashes", "told to", ["RE"], "import faulthandler\nfaulthandler._sigsegv()"),
  python(
    "forged verdicts",
    "the exit code in the frame that called",
    ["RE"],
    "import sys, gc\nfor o in gc.get_objects():\n    if getattr(o, '__name__', '') in ('finish', 'report', 'exit_code'):\n        try: o.__code__ = (lambda *a: 0).__code__\n        except Exception: pass\nprint(42)\nsys._getframe(1).f_locals['code'] = 0\nraise SystemExit(3)",
  ),
  python(
    "crashes",
    "an audit hook that refuses all",
    ["AC", "RE"],
    "import sys\ndef h(*a): raise RuntimeError\nsys.addaudithook(h)\nprint(42)",
  ),
  python(
    "crashes",
    "data of the interpreter's own, damaged",
    ["AC", "RE", "MLE", "TLE"],
    "import marshal\nfor i in range(3000):\n    try: marshal.loads(bytes([i % 256, i * 7 % 256, i * 13 % 256, 255, 255, 255, 127, i % 251]))\n    except Exception: pass\nprint(42)",
  ),
  python(
    "crashes",
    "dictionaries that change while they are asked",
    ["AC", "RE", "TLE"],
    "class H:\n    def __hash__(s): return 1\n    def __eq__(s, o): d.clear(); return False\nd = {}\nfor i in range(100): d[H()] = i\nprint(42)",
  ),
  python(
    "crashes",
    "every module forgotten",
    ["AC", "WA", "RE"],
    "import sys, builtins\nprint(42)\nsys.modules.clear()\nbuiltins.__dict__.clear()",
  ),
  python(
    "recursion",
    "exceptions in groups in groups",
    ["RE", "MLE", "TLE"],
    "e = ValueError()\nfor _ in range(10**5): e = ExceptionGroup('x', [e])\nraise e",
  ),
  python(
    "endless loops",
    "in the hook for exceptions",
    ["TLE"],
    "import sys\ndef h(*a):\n    while True: pass\nsys.excepthook = h\nraise ValueError",
  ),
  python(
    "endless loops",
    "a hundred million digits",
    ["TLE", "MLE", "RE"],
    "from decimal import *\ngetcontext().prec = 10**8\nDecimal(2).sqrt()",
  ),
  python(
    "endless loops",
    "tasks that make tasks",
    ["TLE", "MLE"],
    "import asyncio\nasync def f():\n    while True:\n        asyncio.create_task(f())\n        await asyncio.sleep(0)\nasyncio.run(f())",
  ),
  python("endless loops", "waiting for what nobody puts", ["TLE", "RE"], "import queue\nqueue.Queue().get()"),
  python("endless loops", "sleeping beyond all clocks", ["RE", "TLE"], "import time\ntime.sleep(1e30)"),
  python(
    "reading",
    "every folder",
    ["AC"],
    "import os\nfor d, _, f in os.walk('/'):\n    for x in f:\n        if x.endswith(('.ans', '.in', 'passwd', 'shadow')): print(d, x)\nprint(42)",
    ["AC", "WA", "TLE", "RE"],
  ),
  python(
    "memory",
    "in a callback of the collector",
    ["AC", "MLE", "RE"],
    "import gc\ngc.callbacks.append(lambda *a: [0] * 10**9)\ngc.collect()\nprint(42)",
  ),
];
