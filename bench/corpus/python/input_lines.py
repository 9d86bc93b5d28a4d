# Line by line: the same input by sys.stdin, and much output.
import sys

total = 0
out = []
for line in sys.stdin:
    n = int(line)
    total += n
    if n % 3 == 0:
        out.append(str(n))
print("\n".join(out))
print(total)
