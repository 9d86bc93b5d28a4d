# Fast input: half a million numbers from stdin (made by the benchmark).
import sys

data = sys.stdin.buffer.read().split()
numbers = list(map(int, data))
print(len(numbers), sum(numbers), max(numbers), sys.intern("ok"))
