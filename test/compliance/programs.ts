/**
 * The programs of the sandbox's compliance suite, in several languages. Each also carries what the fake is to do (`@FAKE@`), so that one
 * suite runs on the real sandboxes and on the fake.
 */
import type { Language } from "../../src/model/language.ts";

export type Behaviour =
  | "sum"
  | "wrong"
  | "loop"
  | "allocate"
  | "flood"
  | "crash"
  | "exit-3"
  | "reject"
  | "peek-at-host"
  | "guess"
  | "listen-first";

type Sources = Partial<Record<Language, string>>;

export const PROGRAMS: Readonly<Record<Behaviour, Sources>> = {
  sum: {
    c: '// @FAKE@ sum\n#include <stdio.h>\nint main(void) { long long s = 0, x; while (scanf("%lld", &x) == 1) s += x; printf("%lld\\n", s); return 0; }\n',
    cpp: "// @FAKE@ sum\n#include <bits/stdc++.h>\nint main() { long long s = 0, x; while (std::cin >> x) s += x; std::cout << s << std::endl; }\n",
    python3: "# @FAKE@ sum\nimport sys\nprint(sum(map(int, sys.stdin.read().split())))\n",
    javascript:
      "// @FAKE@ sum\nconst text = require('fs').readFileSync(0, 'utf8');\nconsole.log(String(text.split(/\\s+/).filter(Boolean).map(Number).reduce((a, b) => a + b, 0)));\n",
  },
  wrong: {
    cpp: "// @FAKE@ print -1\n#include <iostream>\nint main() { std::cout << -1 << std::endl; }\n",
    python3: "# @FAKE@ print -1\nprint(-1)\n",
    javascript: "// @FAKE@ print -1\nconsole.log(-1);\n",
  },
  loop: {
    c: "// @FAKE@ loop\nint main(void) { volatile unsigned x = 0; for (;;) x = x + 1; }\n",
    cpp: "// @FAKE@ loop\nint main() { volatile unsigned x = 0; for (;;) x = x + 1; }\n",
    python3: "# @FAKE@ loop\nwhile True:\n    pass\n",
    javascript: "// @FAKE@ loop\nfor (;;);\n",
  },
  allocate: {
    cpp: '// @FAKE@ allocate\n#include <vector>\n#include <cstdio>\nint main() { std::vector<std::vector<char>> all; for (;;) { all.emplace_back(1 << 20, 1); if (all.size() == 1000000) puts("!"); } }\n',
    python3: "# @FAKE@ allocate\nblocks = []\nwhile True:\n    blocks.append(bytearray(1 << 20))\n",
    javascript: "// @FAKE@ allocate\nconst all = [];\nfor (;;) all.push(new Uint8Array(1 << 20).fill(1));\n",
  },
  flood: {
    c: '// @FAKE@ flood\n#include <stdio.h>\nint main(void) { for (;;) puts("0123456789012345678901234567890123456789"); }\n',
    cpp: '// @FAKE@ flood\n#include <cstdio>\nint main() { for (;;) puts("0123456789012345678901234567890123456789"); }\n',
    python3: "# @FAKE@ flood\nwhile True:\n    print('0123456789' * 100)\n",
    javascript: "// @FAKE@ flood\nfor (;;) console.log('0123456789'.repeat(100));\n",
  },
  crash: {
    cpp: "// @FAKE@ crash\n#include <cstdlib>\nint main() { std::abort(); }\n",
    python3: "# @FAKE@ crash\nprint(1 // 0)\n",
    javascript: "// @FAKE@ crash\nthrow new Error('on purpose');\n",
  },
  "exit-3": {
    c: "// @FAKE@ exit 3\nint main(void) { return 3; }\n",
    cpp: "// @FAKE@ exit 3\nint main() { return 3; }\n",
    python3: "# @FAKE@ exit 3\nimport sys\nsys.exit(3)\n",
    javascript: "// @FAKE@ exit 3\nprocess.exit(3);\n",
  },
  reject: {
    c: "// @FAKE@ reject\nint main(void) { return undeclared; }\n",
    cpp: "// @FAKE@ reject\nint main() { return undeclared; }\n",
  },
  "peek-at-host": {
    cpp: `// @FAKE@ print nothing
#include <bits/stdc++.h>
int main() {
  bool found = false;
  for (const char *path : {"/etc/shadow", "/proc/1/environ", "data/secret/1.ans", "/judge/test.ans", "."}) found |= bool(std::ifstream(path).get() != EOF);
  found |= getenv("HOME") != nullptr || getenv("PATH") != nullptr;
  puts(found ? "something" : "nothing");
}
`,
    python3: `# @FAKE@ print nothing
found = False
for path in ["/etc/shadow", "/proc/1/environ", "data/secret/1.ans", "/judge/test.ans"]:
    try:
        open(path).read()
        found = True
    except OSError:
        pass
print("something" if found else "nothing")
`,
  },
  guess: {
    cpp: `// @FAKE@ guess
#include <iostream>
#include <string>
int main() {
  int low = 1, high = 1000;
  for (;;) {
    int middle = (low + high) / 2;
    std::cout << middle << std::endl;
    std::string answer;
    if (!(std::cin >> answer) || answer == "correct") return 0;
    if (answer == "lower") high = middle - 1; else low = middle + 1;
  }
}
`,
    python3: `# @FAKE@ guess
low, high = 1, 1000
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    answer = input()
    if answer == "correct":
        break
    if answer == "lower":
        high = middle - 1
    else:
        low = middle + 1
`,
  },
  "listen-first": {
    cpp: "// @FAKE@ loop\n#include <iostream>\n#include <string>\nint main() { std::string line; std::getline(std::cin, line); std::cout << 500 << std::endl; }\n",
    python3: "# @FAKE@ loop\nline = input()\nprint(500, flush=True)\n",
  },
};

/** Validators in C++ and Python that accept exactly the answer, tell the judges why not, and score 40 points. */
export const VALIDATORS: Sources = {
  cpp: `// @FAKE@ feedback score.txt 40
// @FAKE@ compare
#include <fstream>
#include <iostream>
int main(int argc, char **argv) {
  std::ifstream answer(argv[2]);
  long long wanted, got;
  answer >> wanted;
  std::ofstream(std::string(argv[3]) + "score.txt") << 40 << std::endl;
  if (std::cin >> got && got == wanted) return 42;
  std::ofstream(std::string(argv[3]) + "judgemessage.txt") << "not " << got << std::endl;
  remove((std::string(argv[3]) + "score.txt").c_str());
  return 43;
}
`,
  python3: `# @FAKE@ feedback score.txt 40
# @FAKE@ compare
import sys
wanted = open(sys.argv[2]).read().split()
if sys.stdin.read().split() == wanted:
    with open(sys.argv[3] + "score.txt", "w") as file:
        file.write("40\\n")
    sys.exit(42)
with open(sys.argv[3] + "judgemessage.txt", "w") as file:
    file.write("no\\n")
sys.exit(43)
`,
};

/** Interactors of the guessing game: the number is in the input file, ten guesses. */
export const INTERACTORS: Sources = {
  cpp: `// @FAKE@ answer-guesses
#include <fstream>
#include <iostream>
int main(int argc, char **argv) {
  int secret, guess;
  std::ifstream(argv[1]) >> secret;
  for (int i = 0; i < 10; i++) {
    if (!(std::cin >> guess)) return 43;
    if (guess == secret) { std::cout << "correct" << std::endl; return 42; }
    std::cout << (secret < guess ? "lower" : "higher") << std::endl;
  }
  return 43;
}
`,
  python3: `# @FAKE@ answer-guesses
import sys
secret = int(open(sys.argv[1]).read())
for _ in range(10):
    line = sys.stdin.readline()
    if not line.strip().isdigit():
        sys.exit(43)
    guess = int(line)
    if guess == secret:
        print("correct", flush=True)
        sys.exit(42)
    print("lower" if secret < guess else "higher", flush=True)
sys.exit(43)
`,
};
