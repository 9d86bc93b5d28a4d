n, d = map(int, input().split())
x = list(map(int, input().split()))
pairs = 0
for i in range(n):
    for j in range(i):
        if abs(x[i] - x[j]) <= d:
            pairs += 1
print(pairs)
