import re
import sys

first = sys.stdin.readline()
assert re.fullmatch(r"[1-9][0-9]*\n", first)
n = int(first)
assert 1 <= n <= 1000
second = sys.stdin.readline()
assert re.fullmatch(r"[1-9][0-9]*( [1-9][0-9]*)*\n", second)
tokens = list(map(int, second.split()))
assert len(tokens) == n and max(tokens) <= 10**9
assert sys.stdin.readline() == ""
sys.exit(42)
