import re
import sys

first = sys.stdin.readline()
assert re.fullmatch(r"[1-9][0-9]* (0|[1-9][0-9]*)\n", first)
n, d = map(int, first.split())
assert 1 <= n <= 100_000 and d <= 10**9
second = sys.stdin.readline()
assert re.fullmatch(r"(0|[1-9][0-9]*)( (0|[1-9][0-9]*))*\n", second)
positions = list(map(int, second.split()))
assert len(positions) == n and max(positions) <= 10**9
assert sys.stdin.readline() == ""
sys.exit(42)
