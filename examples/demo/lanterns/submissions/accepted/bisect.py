import sys
from bisect import bisect_right

data = list(map(int, sys.stdin.buffer.read().split()))
n, d = data[0], data[1]
x = sorted(data[2:])
print(sum(bisect_right(x, x[i] + d, i) - i - 1 for i in range(n)))
