/**
 * Packages with the features that public judges' packages use (Kattis problemtools, DOMjudge's example problems, NWERC, BAPC and
 * GCPC), written anew: each holds the least that shows one of them. Every submission must get what its place says.
 */

/** Files by path. */
export type PackageFiles = Readonly<Record<string, string>>;

const SUM_PY = "print(sum(map(int, input().split())))\n";

/** Helpers that validators of the Kattis family share: streams, feedback files, `is_directory`, varargs. */
const VALIDATE_H = `#pragma once
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <sys/stat.h>
inline std::ifstream judge_in, judge_ans;
inline std::istream author_out(std::cin.rdbuf());
inline const char *feedback;
inline void say(const char *file, const char *format, va_list args) {
  std::ostringstream path;
  path << feedback << "/" << file;
  FILE *out = fopen(path.str().c_str(), "a");
  if (out == nullptr) { std::cerr << "cannot write " << path.str() << std::endl; exit(1); }
  vfprintf(out, format, args);
  fclose(out);
}
inline void wrong_answer(const char *format, ...) { va_list args; va_start(args, format); say("judgemessage.txt", format, args); va_end(args); exit(43); }
inline void write_score(const char *format, ...) { va_list args; va_start(args, format); say("score.txt", format, args); va_end(args); }
inline void accept() { exit(42); }
inline void init_io(int argc, char **argv) {
  struct stat info;
  if (argc < 4 || stat(argv[3], &info) != 0 || !S_ISDIR(info.st_mode)) exit(1);
  judge_in.open(argv[1]);
  judge_ans.open(argv[2]);
  feedback = argv[3];
  if (judge_in.fail() || judge_ans.fail()) exit(1);
}
`;

/** Interactive search with several cases in one run, as DOMjudge's boolfind: tags, random verdicts, trailing output. */
const SEARCH_CPP = (last: string): string => `#include <iostream>
#include <string>
int main() {
  int cases; std::cin >> cases;
  while (cases--) {
    long long n, low = 0; std::cin >> n; long long high = n;
    while (low + 1 < high) {
      long long middle = (low + high) / 2; std::string answer;
      std::cout << "READ " << middle << std::endl;
      std::cin >> answer;
      (answer == "true" ? low : high) = middle;
    }
    std::cout << "OUTPUT " << low << std::endl;
  }
  ${last}
}
`;
const SEARCH_PY = (choice: string, cases = "int(input())"): string => `import random
for _ in range(${cases}):
    low, high = 0, int(input())
    while low + 1 < high:
        middle = (low + high) // 2
        print(f"READ {middle}", flush=True)
        if input() == "true": low = middle
        else: high = middle
    print("OUTPUT", ${choice}, flush=True)
`;

export const PUBLIC_PACKAGES: Readonly<Record<string, PackageFiles>> = {
  boolfind: {
    "problem.yaml":
      "name: Boolean switch search\nvalidation: custom interactive\nvalidator_flags: --unused argument\nvalidator_args: --unused argument\n",
    "domjudge-problem.ini": "short-name=boolfind\ntimelimit='1'\ncolor='limegreen'\n",
    "data/secret/1.in": "2\n5\n1\n1\n1\n0\n0\n3\n1\n0\n0\n",
    "data/secret/1.ans": "\n",
    "output_validators/boolfind_run/validate.h": VALIDATE_H,
    "output_validators/boolfind_run/validate.cc": `#include <cassert>
#include <unistd.h>
#include <vector>
#include "validate.h"
using namespace std;
static void check_case(int run) {
  int count; assert(judge_in >> count);
  cout << count << endl;
  vector<int> bools(count);
  for (int &b : bools) assert(judge_in >> b);
  for (;;) {
    string operation; int at;
    if (!(author_out >> operation >> at)) wrong_answer("case %d: no query\\n", run);
    if (at < 0 || at >= count) wrong_answer("case %d: %d out of range\\n", run, at);
    if (operation == "OUTPUT") {
      if (at >= count - 1 || !bools[at] || bools[at + 1]) wrong_answer("case %d: wrong, %d\\n", run, at);
      return;
    }
    if (operation != "READ") wrong_answer("case %d: unknown '%s'\\n", run, operation.c_str());
    usleep(100);
    cout << (bools[at] ? "true" : "false") << endl;
  }
}
int main(int argc, char **argv) {
  init_io(argc, argv);
  int runs; assert(judge_in >> runs);
  cout << runs << endl;
  for (int run = 1; run <= runs; run++) check_case(run);
  string trash;
  if (author_out >> trash) wrong_answer("trailing output '%s'\\n", trash.c_str());
  accept();
}
`,
    "submissions/accepted/search.cpp": SEARCH_CPP(""),
    "submissions/accepted/search.py": SEARCH_PY("low"),
    "submissions/wrong_answer/extra.cc": SEARCH_CPP(`std::cout << "EXTRA DATA, NO NEWLINE";`),
    "submissions/wrong_answer/no-output.c": "/* @EXPECTED_RESULTS@: NO-OUTPUT */\nint main(void) { return 0; }\n",
    "submissions/mixed/random.py": `'''\n@EXPECTED_RESULTS@: CORRECT, WRONG-ANSWER\n'''\n${SEARCH_PY("low + random.getrandbits(1)")}`,
    "submissions/mixed/one-tag.c":
      "// @EXPECTED_RESULTS@: RUN-ERROR\n#include <stdlib.h>\nint main(void) { abort(); }\n",
    "submissions/time_limit_exceeded/loop.cc":
      "#include <iostream>\nint main() { int x; std::cin >> x; for (volatile int i = 0;; i++); }\n",
    "submissions/time_limit_exceeded/waits.py": "import sys\nprint(sys.stdin.readlines())\n",
    "submissions/accepted/search.rs": "fn main() {}\n",
    "submissions/check_manually/unknown.c": "// @EXPECTED_RESULTS@: CHECK-MANUALLY\nint main(void) { return 0; }\n",
  },
  hangman: {
    "problem.yaml":
      'name: Hangman\nvalidation: custom multi-pass\nvalidator_flags: --teammessage "There are more testcases."\nlimits:\n  validation_passes: 26\n  time_limit: 2\n',
    "data/secret/1.in": "\n_____\n",
    "data/secret/1.ans": "hello\n",
    "data/secret/with_spaces/testdata.yaml":
      'output_validator_flags: --secret --judgemessage "sentences instead of words"\n',
    "data/secret/with_spaces/2.in": "\n______ _____\n",
    "data/secret/with_spaces/2.ans": "banana apple\n",
    "output_validator/validator.py": `#!/usr/bin/env python3
import argparse, os, random, string, sys, tempfile
parser = argparse.ArgumentParser(prog="hangman")
parser.add_argument("--judgemessage")
parser.add_argument("--teammessage")
parser.add_argument("--secret", action="store_true")
arguments = parser.parse_args(sys.argv[4:])
feedback = sys.argv[3]
team = [line.strip() for line in sys.stdin.readlines()]
if len(team) != 1 or len(team[0]) != 1 or team[0] not in string.ascii_lowercase: sys.exit(43)
with open(os.path.join(feedback, "judgemessage.txt"), "a") as file: print("pass", file=file)
guessed, progress = [line.strip() for line in open(sys.argv[1])]
(answer,) = [line.strip() for line in open(sys.argv[2])]
assert os.path.isdir(feedback)
with tempfile.NamedTemporaryFile(dir=feedback, delete=True) as file: file.write(b"access")
with open(os.path.join(feedback, "judgemessage.txt")) as file: assert len(file.readlines()) == len(guessed) + 1
if team[0] in guessed: sys.exit(43)
new = "".join(c if c == team[0] else progress[i] for i, c in enumerate(answer))
if new == answer: sys.exit(42)
letters = list(guessed + team[0])
random.shuffle(letters)
with open(os.path.join(feedback, "nextpass.in"), "w") as file: print("".join(letters), new, sep="\\n", file=file)
sys.exit(42)
`,
    "submissions/accepted/enumerate.py":
      "guessed, _ = input(), input()\nprint(next(c for c in 'abcdefghijklmnopqrstuvwxyz' if c not in guessed))\n",
    "submissions/accepted/enumerate.cpp":
      "#include <iostream>\n#include <string>\nint main() { std::string g; std::getline(std::cin, g); for (char c = 'a';; c++) if (g.find(c) == std::string::npos) { std::cout << c << std::endl; return 0; } }\n",
    "submissions/wrong_answer/again.py": "print('e')\n",
    "submissions/wrong_answer/capitals.py": "print('A')\n",
    "submissions/time_limit_exceeded/late/main.py": "from words import letter\nprint(letter(input()))\n",
    "submissions/time_limit_exceeded/late/words.py":
      "def letter(guessed):\n    while len(guessed) > 3: pass\n    return next(c for c in 'abcdefghijklmnopqrstuvwxyz' if c not in guessed)\n",
    "submissions.json": '{ "submissions/time_limit_exceeded/late/": { "entry_point": "main.py" } }\n',
  },
  encryption: {
    "problem.yaml":
      "problem_format_version: 2025-09\nname: { en: Alternative Encryption }\ntype: [interactive, multi-pass]\nlimits: { time_limit: 1, validation_passes: 2 }\n",
    "data/secret/1.in": "encrypt\nabc\n",
    "data/secret/1.ans": "\n",
    "output_validator/interactor.cpp": `#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <stdexcept>
#include <string>
int main(int, char **argv) {
  namespace fs = std::filesystem;
  const fs::path feedback = argv[3];
  std::ifstream in(argv[1]);
  std::string action, word, said;
  in >> action >> word;
  std::cout << action << "\\n" << word << std::endl;
  try {
    std::cin >> said;
    if (!std::regex_match(said, std::regex("[a-z]*", std::regex::nosubs | std::regex::optimize))) throw std::runtime_error("no word");
    if (action == "encrypt") {
      for (std::size_t i = 0; i < word.size(); i++) if (said.size() != word.size() || said[i] == word[i]) throw std::runtime_error("not encrypted");
      std::ofstream(feedback / "state.txt") << word << std::endl;
      std::ofstream(feedback / "nextpass.in") << "decrypt " << said << std::endl;
      return 42;
    }
    if (!fs::exists(feedback / "state.txt")) return 1;
    std::string wanted;
    std::ifstream(feedback / "state.txt") >> wanted;
    if (said != wanted) throw std::runtime_error("not decrypted");
  } catch (const std::runtime_error &error) {
    std::ofstream(feedback / "judgemessage.txt") << error.what() << std::endl;
    return 43;
  }
  return 42;
}
`,
    "submissions/accepted/rot13.py": "import codecs\ninput()\nprint(codecs.encode(input(), 'rot13'))\n",
    "submissions/accepted/atbash.c":
      '#include <stdio.h>\nint main(void) { char w[99]; scanf("%*s %98s", w); for (char *p = w; *p; p++) *p = (*p - 97) % 2 ? *p - 1 : *p + 1; puts(w); }\n',
    "submissions/wrong_answer/no-change.py": "input()\nprint(input())\n",
    "submissions/wrong_answer/forgets.py": "print('x' * len(input() and input()))\n",
    "submissions/run_time_error/only-later.py": "assert input() == 'encrypt'\nprint('zzz')\n",
  },
  floats: {
    "problem.yaml": "name: Floats\nvalidator_flags: float_tolerance 1e-6\n",
    ".timelimit": "1\n",
    "data/sample/1.in": "1 3\n",
    "data/sample/1.ans": "0.3333333333\n",
    "data/secret/1.in": "2 3\n",
    "data/secret/1.ans": "6.666666667e-01\n",
    "submissions/accepted/divide.cc":
      '#include <cstdio>\nint main() { double a, b; if (scanf("%lf %lf", &a, &b) == 2) printf("%.12f\\n", a / b); }\n',
    "submissions/accepted/lines.py": "a, b = map(int, input().split())\nprint()\nprint('  ', a / b, '  ')\n",
    "submissions/accepted/two-files/main.cc":
      '#include "divide.hpp"\n#include <iostream>\nint main() { double a, b; std::cin >> a >> b; std::cout.precision(10); std::cout << divide(a, b) << "\\n"; }\n',
    "submissions/accepted/two-files/divide.cc":
      '#include "divide.hpp"\ndouble divide(double a, double b) { return a / b; }\n',
    "submissions/accepted/two-files/divide.hpp": "#pragma once\ndouble divide(double a, double b);\n",
    "submissions/accepted/modules/main.mjs":
      "import { divide } from './divide.mjs';\nimport fs from 'node:fs';\nconst [a, b] = fs.readFileSync(0, 'utf8').split(' ').map(Number);\nconsole.log(divide(a, b));\n",
    "submissions/accepted/modules/divide.mjs": "export const divide = (a, b) => a / b;\n",
    "submissions/wrong_answer/coarse.py": "a, b = map(int, input().split())\nprint(round(a / b, 3))\n",
    "submissions/wrong_answer/extra.py": "a, b = map(int, input().split())\nprint(a / b, a)\n",
    "submissions/wrong_answer/nan.js": "console.log(NaN)\n",
    "submissions/presentation_error/empty.py": "",
    "submissions/run_time_error/assert.cc": "#include <cassert>\nint main(int n, char **) { assert(n == 2); }\n",
    "submissions/run_time_error/vector-at.cc":
      "#include <vector>\nint main(int n, char **) { return std::vector<int>(1).at(n + 5); }\n",
    "submissions/run_time_error/exit-1.py": "import sys\na, b = map(int, input().split())\nprint(a / b)\nsys.exit(1)\n",
    "submissions/run_time_error/memory.py": "x = bytearray(4 * 10**9)\n",
    "submissions/compiler_error/no-semicolon.c": "int main(void) { return 0 }\n",
    "submissions/compiler_error/syntax.py": "print(1\n",
    "submissions/compiler_error/missing-header.cc": '#include "nowhere.h"\nint main() {}\n',
    "generators/gen.py": "raise SystemExit('generators are never run')\n",
    "generators/generators.yaml": "data: {}\n",
    "input_validators/validate.ctd": "INT(1, 10) SPACE INT(1, 10) NEWLINE EOF\n",
  },
  points: {
    "problem.yaml":
      "name: Points\ntype: scoring\nvalidation: custom score\ngrading: { objective: max, show_test_data_groups: true }\n",
    ".timelimit": "1\n",
    "data/testdata.yaml": "grading: default\ngrader_flags: ignore_sample\nrange: 0 60\non_reject: continue\n",
    "data/sample/testdata.yaml": "range: 0 10\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/testdata.yaml": "range: 0 60\non_reject: continue\ngrader_flags: sum always_accept\n",
    "data/secret/small/testdata.yaml": "range: 0 20\ngrader_flags: min\n",
    "data/secret/small/1.in": "3 4\n",
    "data/secret/small/1.ans": "20\n",
    "data/secret/small/2.in": "3 4\n",
    "data/secret/small/2.ans": "30\n",
    "data/secret/large/testdata.yaml": "range: 0 40\ngrader_flags: min\n",
    "data/secret/large/3.in": "3000 4\n",
    "data/secret/large/3.ans": "40\n",
    "output_validators/score/build": "#!/bin/sh\ng++ -O2 -o run score.cc\n",
    "output_validators/score/score.cc": `#include "validate.h"
int main(int argc, char **argv) {
  init_io(argc, argv);
  long a, b, sum; double points;
  judge_in >> a >> b;
  judge_ans >> points;
  if (!(author_out >> sum) || sum != a + b) wrong_answer("%ld is not the sum", sum);
  write_score("%.2f\\n", points);
  accept();
}
`,
    "output_validators/score/validate.h": VALIDATE_H,
    "submissions/accepted/sum.py": SUM_PY,
    "submissions/partially_accepted/small.py": "a, b = map(int, input().split())\nprint(a + b if a < 1000 else 0)\n",
  },
  modern: {
    "problem.yaml":
      "problem_format_version: 2025-09\nname: Groups\ntype: scoring\nlimits: { time_limit: 1 }\nuuid: 5ca6ba5b-36d5-4eff-8aa7-d967cbc4375e\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/test_group.yaml": "score_aggregation: sum\nmax_score: 100\n",
    "data/secret/group1/test_group.yaml": "max_score: 30\nrequire_pass: sample\n",
    "data/secret/group1/1.in": "3 4\n",
    "data/secret/group1/1.ans": "7\n",
    "data/secret/group2/test_group.yaml":
      "max_score: 70\nrequire_pass: [sample, secret/group1]\noutput_validator_args: [case_sensitive]\n",
    "data/secret/group2/1.in": "3000 4\n",
    "data/secret/group2/1.ans": "3004\n",
    "include/python3/limits.py": "LIMIT = 1000\n",
    "include/cpp/limits.h": "constexpr int LIMIT = 1000;\n",
    "submissions/submissions.yaml":
      "accepted: { score: 100 }\n'partially_accepted/small.py': { permitted: [AC, WA], score: 30 }\n",
    "submissions/accepted/sum.py": SUM_PY,
    "submissions/accepted/sum.cpp":
      '#include "limits.h"\n#include <iostream>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b + 0 * LIMIT << std::endl; }\n',
    "submissions/partially_accepted/small.py":
      "from limits import LIMIT\na, b = map(int, input().split())\nprint(a + b if a < LIMIT else 0)\n",
    "submissions/wrong_answer/never.py": "print(0)\n",
  },
  // As olympiads' packages: a library that is compiled with the submission and talks to the validator; a grader of the package.
  hunt: {
    "problem.yaml": "type: scoring\nvalidation: custom score\ngrading:\n  show_test_data_groups: true\n",
    "domjudge-problem.ini": "name = 'Hunt'\ntimelimit = 1\n",
    "data/testdata.yaml": "on_reject: continue\nrange: 0 100\ngrader_flags: ignore_sample\n",
    "data/sample/testdata.yaml": "range: 0 0\ngrader_flags: first_error\n",
    "data/sample/1.in": "16 3\n",
    "data/sample/1.ans": "\n",
    "data/secret/testdata.yaml": "on_reject: continue\ngrader_flags: first_error accept_if_any_accepted\n",
    "data/secret/group1/testdata.yaml": "range: 0 40\ngrader_flags: min points=40\ngrading: custom\n",
    "data/secret/group1/1.in": "16 9\n",
    "data/secret/group1/1.ans": "\n",
    "data/secret/group2/testdata.yaml": "range: 0 60\ngrader_flags: min points=60\ngrading: custom\n",
    "data/secret/group2/1.in": "1000000 999999\n",
    "data/secret/group2/1.ans": "\n",
    "data/secret/group2/2.in": "1000000 0\n",
    "data/secret/group2/2.ans": "\n",
    "graders/grader.py": `#!/usr/bin/env python3
import sys
points = next(int(flag.split("=")[1]) for flag in sys.argv if "points=" in flag)
words = sys.stdin.read().split()
verdicts, scores = words[0::2], list(map(float, words[1::2]))
print("%s %f" % (next((v for v in verdicts if v != "AC"), "AC"), int(min(scores) * points)))
`,
    "include/cpp/hunt.h": "int size();\nint ask(int place);\n",
    "include/cpp/hunt.cpp": `#include "hunt.h"
#include <cstdio>
#include <cstdlib>
namespace {
int n, hidden, asked; bool found;
struct Summary {
  Summary() { if (scanf("%d %d", &n, &hidden) != 2) abort(); atexit([] { printf("secret %d %d\\n", found, asked); fflush(stdout); }); }
} summary;
}
int size() { return n; }
int ask(int place) {
  if (place < 0 || place >= n) { fprintf(stderr, "outside\\n"); _Exit(1); }
  asked++;
  found = found || place == hidden;
  return hidden - place;
}
`,
    "output_validators/validator/validate.h": VALIDATE_H,
    "output_validators/validator/validate.cpp": `#include "validate.h"
int main(int argc, char **argv) {
  init_io(argc, argv);
  std::string word; int found, asked;
  if (!(author_out >> word >> found >> asked) || word != "secret") wrong_answer("no summary\\n");
  write_score("%.9le", found ? (asked <= 20 ? 1.0 : 0.5) : 0.0);
  if (!found) wrong_answer("not found after %d\\n", asked);
  accept();
}
`,
    "submissions/accepted/halves.cpp":
      '#include "hunt.h"\nint main() { int low = 0, high = size(); for (;;) { int middle = (low + high) / 2, answer = ask(middle); if (answer == 0) return 0; if (answer > 0) low = middle + 1; else high = middle; } }\n',
    "submissions/partially_accepted/all.cpp":
      '#include "hunt.h"\nint main() { for (int i = 0; i < size() && ask(i) != 0; i++) {} }\n',
    "submissions/partially_accepted/small.cpp":
      '#include "hunt.h"\nint main() { for (int i = 0; i < 20 && i < size() && ask(i) != 0; i++) {} }\n',
    "submissions/wrong_answer/forged.cpp": '#include <cstdio>\nint main() { printf("found 1 1\\n"); }\n',
    "submissions/run_time_error/outside.cpp": '#include "hunt.h"\nint main() { ask(-1); }\n',
  },
  // Rules for single tests, verdicts that occur beside the one that decides, names of tests and languages that are not there.
  rules: {
    "problem.yaml":
      "problem_format_version: 2025-09\nname: Rules\nuuid: 5ca6ba5b-36d5-4eff-8aa7-d967cbc4375f\nlimits: { time_limit: 0.5 }\n",
    ...Object.fromEntries(
      ["sample/0", "secret/1", "secret/2", "secret/3", "secret/4"].flatMap((id) => [
        [`data/${id}.in`, `${id.at(-1)}\n`],
        [`data/${id}.ans`, `${id.at(-1)}\n`],
      ]),
    ),
    "submissions/submissions.yaml": `
odd.py:
  permitted: [AC]
mine:
  permitted: [AC, WA]
  required: [WA]
mine/odd.py:
  sample: { permitted: [AC] }
  "secret/*{1,3}": { permitted: [AC], message: fine }
  secret/2: { required: [WA] }
slow:
  permitted: [AC, WA, TLE]
  required: [TLE]
  use_for_time_limit: upper
`,
    "submissions/accepted/echo.php": "<?php echo fgets(STDIN);\n",
    "submissions/mine/odd.py": "n = int(input())\nprint(n if n % 2 or n == 0 else 77)\n",
    "submissions/slow/wrong-before.py": "n = int(input())\nwhile n == 3: pass\nprint(n if n % 2 or n == 0 else 77)\n",
    "submissions/run_time_error/two-files/main.mjs": "import { f } from './nowhere.mjs';\nconsole.log(f());\n",
    "submissions/run_time_error/two-files/other.mjs": "export const f = () => 1;\n",
  },
};
