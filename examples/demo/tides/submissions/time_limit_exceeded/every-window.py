# Looks at every hour of every window.
n, k, d = map(int, input().split())
depths = list(map(int, input().split()))
answer = -1
for start in range(n - k + 1):
    if sum(1 for depth in depths[start : start + k] if depth >= d) == k:
        answer = start + 1
        break
print(answer)
