# Union-find with path halving.
seed = 2024


def rand(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    return (seed >> 33) % n


N, M = 40_000, 160_000
edges = sorted((rand(10**6), rand(N), rand(N)) for _ in range(M))
parent = list(range(N))
size = [1] * N


def find(x):
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


total = used = 0
for w, a, b in edges:
    a, b = find(a), find(b)
    if a != b:
        if size[a] < size[b]:
            a, b = b, a
        parent[b] = a
        size[a] += size[b]
        total += w
        used += 1
print(total, used)
