import re
import sys

first = sys.stdin.readline()
assert re.fullmatch(r"[1-9][0-9]* [1-9][0-9]*\n", first)
n, k = map(int, first.split())
assert 1 <= k <= n <= 50_000
assert re.fullmatch(r"[a-z]{%d}\n" % n, sys.stdin.readline())
assert sys.stdin.readline() == ""
sys.exit(42)
