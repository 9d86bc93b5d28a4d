import assert from "node:assert/strict";
import { test } from "node:test";
import { firstError } from "../../bin/support/compile-log.ts";

const LOGS = [
  [
    "C++",
    "In file included from v.cpp:1:\nlib.h:2:3: warning: unused\nv.cpp:3:11: error: use of undeclared identifier 'y'\n    3 |   int x = y;\n      |           ^\nv.cpp:4:1: error: more\n2 errors generated.\n",
    "v.cpp:3:11: error: use of undeclared identifier 'y'",
  ],
  [
    "a missing header",
    "v.cpp:1:10: fatal error: 'x.h' file not found\n1 error generated.\n",
    "v.cpp:1:10: fatal error: 'x.h' file not found",
  ],
  [
    "a program of the package",
    "judge error: the package's validator does not compile: In file included from main.cpp:4:\nc.h:3:11: error: no member\n1 error generated.\n",
    "judge error: the package's validator does not compile: c.h:3:11: error: no member",
  ],
  [
    "a judge error of another kind",
    "judge error: the validator ended with 3\n",
    "judge error: the validator ended with 3",
  ],
  ["the linker", "linker: error: b.cpp: undefined symbol: f()\n", "linker: error: b.cpp: undefined symbol: f()"],
  [
    "Python",
    "  File \"a.py\", line 2\n    print(1\n         ^\nSyntaxError: '(' was never closed\n",
    "a.py:2: SyntaxError: '(' was never closed",
  ],
  [
    "JavaScript",
    "SyntaxError: unexpected token: ';'\n    at a.js:1:71\n",
    "a.js:1:71: SyntaxError: unexpected token: ';'",
  ],
  [
    "TypeScript",
    "a.ts: error (line 1): Expression expected\nconst x = ;\n",
    "a.ts: error (line 1): Expression expected",
  ],
  ["something else", "no memory\n\nfor this\n", "no memory | for this"],
  ["nothing", "\n", ""],
] as const;

for (const [of, log, line] of LOGS)
  test(`compile log: ${of}: the first error in one line`, () => {
    assert.equal(firstError(log), line);
  });

test("compile log: megabytes in one line: cut", () => {
  assert.ok(firstError(`v.cpp:1:1: error: ${"x".repeat(1_000_000)}`).length < 400);
});
