import re
import sys

first = sys.stdin.readline()
assert re.fullmatch(r"[1-9][0-9]* [1-9][0-9]* (0|[1-9][0-9]*)\n", first)
n, k, d = map(int, first.split())
assert 1 <= k <= n <= 100_000 and d <= 10_000
second = sys.stdin.readline()
assert re.fullmatch(r"(0|[1-9][0-9]*)( (0|[1-9][0-9]*))*\n", second)
depths = list(map(int, second.split()))
assert len(depths) == n and max(depths) <= 10_000
assert sys.stdin.readline() == ""
sys.exit(42)
