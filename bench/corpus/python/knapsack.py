# Dynamic programming over a list.
seed = 99
items = []
for _ in range(120):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    items.append((seed % 200 + 1, seed // 256 % 1000))
W = 20_000
best = [0] * (W + 1)
for weight, value in items:
    for w in range(W, weight - 1, -1):
        candidate = best[w - weight] + value
        if candidate > best[w]:
            best[w] = candidate
print(best[W])
