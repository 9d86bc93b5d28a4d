# Counts passages, not different ones.
n, k = map(int, input().split())
print(n - k + 1)
