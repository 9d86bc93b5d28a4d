import re
import sys

NUMBER = r"(0|-?[1-9][0-9]*)"
first = sys.stdin.readline()
assert re.fullmatch(r"[1-9][0-9]*\n", first)
n = int(first)
assert 2 <= n <= 2000
for _ in range(n):
    line = sys.stdin.readline()
    assert re.fullmatch(NUMBER + " " + NUMBER + r"\n", line)
    assert all(abs(value) <= 10**6 for value in map(int, line.split()))
assert sys.stdin.readline() == ""
sys.exit(42)
