/** The sample problem of a new contest: small, complete, with a submission for each common verdict. */

const PROBLEM_YAML = (
  uuid: string,
): string => `# The format: https://www.kattis.com/problem-package-format/spec/2025-09.html
problem_format_version: 2025-09
# Names this problem for ever; a copy that becomes another problem needs a new one (any UUID generator).
uuid: ${uuid}
name:
  en: Sum
# cc by-sa, cc by, cc0, public domain, educational, permission, or unknown
license: cc0
credits:
  authors: [Your Name]
rights_owner: Your Name
keywords: [arithmetic]
# pass-fail or scoring; add "interactive" where a validator talks to the program.
type: pass-fail
limits:
  # Seconds. Leave it out, and \`dikast verify\` derives it from the accepted submissions.
  time_limit: 1.0
  # MiB
  memory: 256
`;

const STATEMENT = `A baker sold $n$ loaves today and wrote down the price of each. How much did she take?

## Input

The first line contains an integer $n$ ($1 \\le n \\le 100\\,000$), the number of loaves.
The second line contains $n$ integers, the prices in cents, each between $1$ and $10^9$.

## Output

Print the sum of all prices in cents.
`;

const VALIDATOR = `# Checks every .in file: exit code 42 means that it keeps what the statement promises.
import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9][0-9]*\\n[1-9][0-9]*( [1-9][0-9]*)*\\n", text), "format"
n, *prices = map(int, text.split())
assert 1 <= n <= 100_000, "n"
assert len(prices) == n, "as many prices as the first line says"
assert all(price <= 10**9 for price in prices), "price"
sys.exit(42)
`;

const ACCEPTED_PYTHON = `n = int(input())
print(sum(map(int, input().split())))
`;

const ACCEPTED_CPP = `#include <iostream>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    std::cin >> n;
    long long sum = 0;
    for (int i = 0; i < n; i++) {
        long long price;
        std::cin >> price;
        sum += price;
    }
    std::cout << sum << "\\n";
}
`;

const WRONG_CPP = `// Wrong: the sum does not fit into 32 bits.
#include <iostream>

int main() {
    int n;
    std::cin >> n;
    unsigned sum = 0;
    for (int i = 0; i < n; i++) {
        unsigned price;
        std::cin >> price;
        sum += price;
    }
    std::cout << sum << "\\n";
}
`;

const SLOW_PYTHON = `# Too slow: counts every single cent.
n = int(input())
total = 0
for price in map(int, input().split()):
    for _ in range(price):
        total += 1
print(total)
`;

const CRASH_PYTHON = `# Crashes: there is no third line.
n = int(input())
prices = list(map(int, input().split()))
print(sum(prices), input())
`;

/** Files by path, below the problem's folder. */
export function sampleProblem(uuid: string): Readonly<Record<string, string>> {
  const many = Array.from({ length: 2_000 }, (_, index) => 1_000_000_000 - index * 7);
  const tests: Readonly<Record<string, readonly number[]>> = {
    "sample/1": [250, 320, 180],
    "sample/2": [1],
    "secret/01-one": [1_000_000_000],
    "secret/02-small": [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5],
    "secret/03-large-sum": [1_000_000_000, 1_000_000_000, 1_000_000_000, 1_000_000_000, 1_000_000_000],
    "secret/04-many": many,
  };
  const data = Object.entries(tests).flatMap(([name, prices]) => [
    [`data/${name}.in`, `${prices.length}\n${prices.join(" ")}\n`] as const,
    [`data/${name}.ans`, `${prices.reduce((sum, price) => sum + price, 0)}\n`] as const,
  ]);
  return {
    "problem.yaml": PROBLEM_YAML(uuid),
    "statement/problem.en.md": STATEMENT,
    ...Object.fromEntries(data),
    "input_validators/validate.py": VALIDATOR,
    "submissions/accepted/sum.py": ACCEPTED_PYTHON,
    "submissions/accepted/sum.cpp": ACCEPTED_CPP,
    "submissions/wrong_answer/overflow.cpp": WRONG_CPP,
    "submissions/time_limit_exceeded/cent-by-cent.py": SLOW_PYTHON,
    "submissions/run_time_error/third-line.py": CRASH_PYTHON,
  };
}
