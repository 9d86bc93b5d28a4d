import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { readScripts } from "../../src/packages/scripts.ts";
import { readPackage } from "../../src/packages/index.ts";
import { packageFiles, writeFolder } from "../support/folders.ts";

interface Row {
  readonly title: string;
  readonly build?: string;
  readonly run?: string;
  readonly names: readonly string[];
  readonly language?: string;
  readonly sources?: readonly string[];
  /** `$@` for all from a place on, `$1` for a place; undefined where arguments pass as they come. */
  readonly call?: readonly string[];
  readonly refused?: RegExp;
}

const ROWS: readonly Row[] = [
  {
    title: "run starts Python beside itself",
    run: '#!/bin/sh\nexec python3 "$(dirname "$0")/validate.py" "$@"\n',
    names: ["run", "validate.py"],
    language: "python3",
    sources: ["validate.py"],
  },
  {
    title: "run finds its folder first",
    run: '#!/bin/bash\nset -euo pipefail\nDIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\npypy3 -u $DIR/v.py "$1" "$2" "$3" --strict\n',
    names: ["run", "v.py"],
    language: "python3",
    sources: ["v.py"],
    call: ["$1", "$2", "$3", "--strict"],
  },
  {
    title: "run finds its folder with backticks and changes into it",
    run: '#!/bin/sh\ncd `dirname $0`\n./v.py "$@"\nexit $?\n',
    names: ["run", "v.py"],
    language: "python3",
    sources: ["v.py"],
  },
  {
    title: "build makes run of all sources",
    build: "#!/bin/sh\ng++ -Wall -O2 -std=gnu++17 \\\n  *.cpp -o run # done\n",
    names: ["a.cpp", "b.cpp", "build", "lib.h"],
    language: "cpp",
    sources: ["a.cpp", "b.cpp"],
  },
  {
    title: "build copies a script to run",
    build: "cp v.py run && chmod +x run\n",
    names: ["v.py", "build"],
    language: "python3",
    sources: ["v.py"],
  },
  {
    title: "run hands on other arguments, and looks at how the program ended",
    build: "cc -g -O1 -Wall -D_FORTIFY_SOURCE=2 -ansi -pedantic jury.c -o jury -lm\n",
    run: '#!/usr/bin/env sh\nTESTIN="$1";  shift\nTESTANS="$1"; shift\nFEEDBACKDIR="$1"; shift\noutfile="$FEEDBACKDIR/out"\ntouch $outfile\necho "COMMAND: " ./jury "$TESTIN" "$outfile" >&2\n./jury "$TESTIN" "${outfile}" "$@"\nret=$?\necho "$outfile" >&2\nexit $ret\n',
    names: ["build", "jury.c", "run"],
    language: "c",
    sources: ["jury.c"],
    call: ["$1", "$3/out", "$@4"],
  },
  {
    title: "single quotes, escapes, empty words",
    run: `exec python3 ./v.py 'a $1 b' c\\ d "" "x\\"$2"\n`,
    names: ["v.py"],
    language: "python3",
    sources: ["v.py"],
    call: ["a $1 b", "c d", "", 'x"$2'],
  },
  {
    title: "a macro that may mean something",
    build: "g++ -DBIG=7 a.cpp -o run\n",
    names: ["a.cpp"],
    refused: /line 1.*"-DBIG=7"/,
  },
  { title: "make", build: "#!/bin/sh\nmake\n", names: ["a.cpp"], refused: /build script.*line 2.*"make"/ },
  {
    title: "several programs, none of them named run",
    build: "g++ a.cpp -o checker\ng++ a.cpp -o other\n",
    names: ["a.cpp"],
    refused: /no program that is named run/,
  },
  {
    title: "a source that is not there",
    build: "g++ b.cpp -o run\n",
    names: ["a.cpp"],
    refused: /there is no "b.cpp"/,
  },
  { title: "conditions", run: '#!/bin/sh\nif [ "$1" = x ]; then exit 42; fi\n', names: ["run"], refused: /line 2/ },
  { title: "a pipe", run: "cat | ./v.py\n", names: ["v.py"], refused: /line 1/ },
  { title: "input from elsewhere", run: './v.py "$@" < "$2"\n', names: ["v.py"], refused: /line 1/ },
  {
    title: "output that the submission would read",
    run: 'echo hello\n./v.py "$@"\n',
    names: ["v.py"],
    refused: /prints/,
  },
  { title: "two programs", run: './v.py "$@"\n./w.py "$@"\n', names: ["v.py", "w.py"], refused: /line 2/ },
  { title: "a compiled program", run: "\u007fELF\u0002\u0000\u0000", names: ["run"], refused: /compiled program/ },
  {
    title: "Python without its ending",
    run: "#!/usr/bin/env python3\nimport sys\n",
    names: ["run"],
    refused: /ends with .py/,
  },
  { title: "nothing", run: "#!/bin/sh\n", names: ["run"], refused: /calls no program/ },
  { title: "a variable that nobody set", run: './v.py "$X"\n', names: ["v.py"], refused: /"\$X" is not set/ },
  { title: "a program outside of the folder", run: '/usr/local/bin/v.py "$@"\n', names: ["v.py"], refused: /line 1/ },
];

test("packages: scripts: a build script that makes nothing: as if it were not there", () => {
  assert.equal(readScripts({ build: "#!/bin/sh\nset -e\n", run: undefined }, ["a.cpp"]), undefined);
});

for (const { title, build, run, names, language, sources, call, refused } of ROWS) {
  test(`packages: scripts: ${title}: ${refused === undefined ? "understood" : "refused with its line"}`, () => {
    const read = readScripts({ build, run }, names);
    if (refused !== undefined) {
      assert.equal(read?.type, "refused");
      assert.match(read.reason, refused);
      return;
    }
    assert.equal(read?.type, "program", JSON.stringify(read));
    assert.deepEqual(read.program.sources, sources);
    assert.equal(read.program.language, language);
    const shown = read.program.call?.map((argument) =>
      argument.type === "rest"
        ? `$@${argument.from}`
        : argument.parts.map((part) => (typeof part === "number" ? `$${part}` : part)).join(""),
    );
    assert.deepEqual(shown, call);
  });
}

test("packages: scripts: any text: understood or refused, in a moment", () => {
  const piece = fc.constantFrom(
    "$",
    "(",
    ")",
    '"',
    "'",
    "`",
    "\\",
    "{",
    "}",
    ">",
    "<",
    "&",
    ";",
    "|",
    "#",
    " ",
    "a",
    "1",
    "$(dirname ",
    "=",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 120 }), (pieces) => {
      const startMs = performance.now();
      const read = readScripts({ build: undefined, run: pieces.join("") }, ["a"]);
      assert.equal(read?.type, "refused");
      assert.ok(performance.now() - startMs < 1_000);
    }),
    { numRuns: 500 },
  );
});

test("packages: scripts: a line made to be slow: refused in a moment", () => {
  const startMs = performance.now();
  for (const piece of ['"$(a)', "$(a)", "$(a(b)", '"\\\\', "a=b", '"$(', "`a"]) {
    const run = `"${piece.repeat(3_900 / piece.length)}\n`;
    assert.equal(readScripts({ build: undefined, run }, ["a"])?.type, "refused");
  }
  assert.ok(performance.now() - startMs < 2_000);
});

test("packages: scripts: a validator of run and Python: its files and its arguments", async () => {
  const files = packageFiles("name: N\nvalidation: custom\n", {
    "output_validators/check/run": '#!/bin/sh\npython3 v.py "$2" "$3"\n',
    "output_validators/check/v.py": "import lib\n",
    "output_validators/check/lib.py": "",
  });
  await using folder = await writeFolder(files);
  const { problem, warnings } = await readPackage(folder.directory);
  assert.deepEqual(problem.validator, {
    type: "custom",
    program: {
      language: "python3",
      files: ["output_validators/check/v.py", "output_validators/check/lib.py"],
      call: [
        { type: "text", parts: [2] },
        { type: "text", parts: [3] },
      ],
    },
  });
  assert.deepEqual(warnings, []);
});

test("packages: scripts: one that is not understood: every verdict a judge error, with the sentence", async () => {
  const files = packageFiles("name: N\nvalidation: custom\n", {
    "output_validators/check/build": "make\n",
    "output_validators/check/v.cpp": "int main() {}\n",
  });
  await using folder = await writeFolder(files);
  const { problem, warnings } = await readPackage(folder.directory);
  assert.equal(problem.validator.type, "missing");
  assert.match(warnings[0]?.message ?? "", /build script cannot be used here \(line 1\): "make"/);
});
