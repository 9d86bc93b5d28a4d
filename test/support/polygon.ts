/** Polygon packages, written by hand. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Tree } from "./trees.ts";

const TESTLIB = readFileSync(path.join(import.meta.dirname, "testlib.h"), "utf8");

/** Prints any number that divides n; the checker accepts each. */
const CHECKER = `#include "testlib.h"
using namespace std;
int n;
int main(int argc, char* argv[]) {
    registerTestlibCmd(argc, argv);
    n = inf.readInt();
    int answer = ans.readInt(), given = ouf.readInt();
    if (answer == 0) quitf(_fail, "the jury has no answer");
    if (given < 1 || n % given != 0) quitf(_wa, "%d does not divide %d", given, n);
    quitf(_ok, "%d divides %d", given, n);
}
`;

export const BATCH: Tree = {
  "problem.xml": `<?xml version="1.0" encoding="utf-8" standalone="no"?>
<problem revision="4" short-name="divisor" url="https://polygon.codeforces.com/p1/someone/divisor">
  <names><name language="english" value="Divisor &amp; Co"/><name language="russian" value="Делитель"/></names>
  <statements>
    <statement charset="UTF-8" language="english" mathjax="true" path="statements/english/problem.tex" type="application/x-tex"/>
  </statements>
  <judging cpu-name="x" cpu-speed="3600" input-file="" output-file="" run-count="1">
    <testset name="pretests"><time-limit>9</time-limit><memory-limit>1048576</memory-limit><test-count>0</test-count>
      <input-path-pattern>p/%d</input-path-pattern><answer-path-pattern>p/%d.a</answer-path-pattern><tests/></testset>
    <testset name="tests">
      <time-limit>1500</time-limit>
      <memory-limit>268435456</memory-limit>
      <test-count>3</test-count>
      <input-path-pattern>tests/%02d</input-path-pattern>
      <answer-path-pattern>tests/%02d.a</answer-path-pattern>
      <tests><test method="manual" sample="true"/><test cmd="gen 1" method="generated"/><test method="manual"/></tests>
    </testset>
  </judging>
  <files><resources><file path="files/testlib.h" type="h.g++"/><file path="files/olymp.sty"/></resources></files>
  <assets>
    <checker type="testlib"><source path="files/check.cpp" type="cpp.g++17"/><binary path="check.exe" type="exe.win32"/></checker>
    <validators><validator><source path="files/val.cpp" type="cpp.g++17"/></validator></validators>
    <solutions>
      <solution tag="main"><source path="solutions/one.cpp" type="cpp.g++17"/></solution>
      <solution tag="wrong-answer"><source path="solutions/two.py" type="python.3"/></solution>
      <solution tag="presentation-error"><source path="solutions/empty.py" type="python.3"/></solution>
      <solution tag="time-limit-exceeded-or-accepted"><source path="solutions/slow.py" type="python.3"/></solution>
      <solution tag="accepted"><source path="solutions/old.pas" type="pas.fpc"/></solution>
    </solutions>
  </assets>
  <tags><tag value="math"/></tags>
</problem>
`,
  "statement-sections/english/legend.tex": "Find a divisor of $n$.\r\n",
  "statement-sections/english/input.tex": "An integer $n$.\n",
  "statement-sections/english/output.tex": "Any divisor.\n",
  "statement-sections/english/picture.png": "png",
  "statements/english/problem.tex": "\\begin{problem}{Divisor}{}{}{}{}\nFind.\n\\InputFile\nn\n\\end{problem}\n",
  "files/testlib.h": TESTLIB,
  "files/check.cpp": CHECKER,
  "files/val.cpp":
    '#include "testlib.h"\nint main(int argc, char* argv[]) {\n    registerValidation(argc, argv);\n    inf.readInt(1, 1000, "n");\n    inf.readEoln();\n    inf.readEof();\n}\n',
  "solutions/one.cpp": "#include <iostream>\nint main() { std::cout << 1 << std::endl; }\n",
  "solutions/two.py": "print(2)\n",
  "solutions/empty.py": "pass\n",
  "solutions/slow.py": "print(1)\n",
  "solutions/old.pas": "begin end.\n",
  "tests/01": "6\r\n",
  "tests/01.a": "1\r\n",
  "tests/02": "8\n",
  "tests/02.a": "1\n",
  "tests/03": "9\n",
  "tests/03.a": "1\n",
};

function xml(text: string): string {
  return (BATCH["problem.xml"] as string).replace(/<judging[\s\S]*<\/assets>/, text);
}

const LIMITS = `<time-limit>1000</time-limit><memory-limit>67108864</memory-limit>
<input-path-pattern>tests/%02d</input-path-pattern><answer-path-pattern>tests/%02d.a</answer-path-pattern>`;

/** Guess a number: the interactor answers "<", ">" or "=", its output goes to the checker, which allows ten questions. */
export const INTERACTIVE: Tree = {
  ...BATCH,
  "problem.xml": xml(`<judging><testset name="tests">${LIMITS}<tests><test/><test/></tests></testset></judging>
  <files><resources><file path="files/testlib.h"/></resources></files>
  <assets>
    <checker><source path="files/check.cpp" type="cpp.g++17"/></checker>
    <interactor><source path="files/interactor.cpp" type="cpp.g++17"/></interactor>
    <solutions>
      <solution tag="main"><source path="solutions/search.py" type="python.3"/></solution>
      <solution tag="wrong-answer"><source path="solutions/count.py" type="python.3"/></solution>
      <solution tag="wrong-answer"><source path="solutions/mute.py" type="python.3"/></solution>
    </solutions>
  </assets>`),
  "files/interactor.cpp": `#include "testlib.h"
#include <iostream>
using namespace std;
int n;
int main(int argc, char* argv[]) {
    registerInteraction(argc, argv);
    n = inf.readInt();
    for (int asked = 1;; asked++) {
        int guess = ouf.readInt();
        cout << (guess < n ? ">" : guess > n ? "<" : "=") << endl;
        if (guess == n) {
            tout << asked << endl;
            quitf(_ok, "found");
        }
        if (asked == 2000) quitf(_wa, "too many questions");
    }
}
`,
  "files/check.cpp": `#include "testlib.h"
int n;
int main(int argc, char* argv[]) {
    registerTestlibCmd(argc, argv);
    n = ouf.readInt();
    if (n > ans.readInt()) quitf(_wa, "%d questions", n);
    quitf(_ok, "%d questions", n);
}
`,
  "solutions/search.py": `low, high = 1, 1000
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    answer = input()
    if answer == "=":
        break
    if answer == ">":
        low = middle + 1
    else:
        high = middle - 1
`,
  "solutions/count.py":
    'for guess in range(1, 1001):\n    print(guess, flush=True)\n    if input() == "=":\n        break\n',
  "solutions/mute.py": "pass\n",
  "tests/01": "700\n",
  "tests/01.a": "10\n",
  "tests/02": "1000\n",
  "tests/02.a": "10\n",
};

/** Groups with points, dependencies, and a checker that gives points itself. */
export const SCORING: Tree = {
  ...BATCH,
  "problem.xml": xml(`<judging><testset name="tests">${LIMITS}
  <tests><test sample="true" group="0"/><test group="big" points="0"/><test group="big" points="60"/><test group="small" points="10"/><test group="small" points="10"/><test group="odd" points="5"/><test group="odd" points="15"/></tests>
  <groups>
    <group name="0" points="0" points-policy="complete-group"/>
    <group name="big" points="60" points-policy="complete-group"><dependencies><dependency group="small"/><dependency group="0"/></dependencies></group>
    <group name="small" points-policy="each-test"/>
    <group name="odd" points-policy="each-test"/>
  </groups></testset></judging>
  <files><resources><file path="files/testlib.h"/></resources></files>
  <assets>
    <checker><source path="files/check.cpp" type="cpp.g++17"/></checker>
    <solutions><solution tag="main"><source path="solutions/one.cpp" type="cpp.g++17"/></solution></solutions>
  </assets>`),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].flatMap((number) => [
      [`tests/0${number}`, `${number * 2}\n`],
      [`tests/0${number}.a`, "1\n"],
    ]),
  ),
};
