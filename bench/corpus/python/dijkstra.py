# A heap of tuples: shortest paths in a random graph.
import heapq

seed = 12345


def rand(n):
    global seed
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    return seed % n


N, M = 30_000, 120_000
graph = [[] for _ in range(N)]
for _ in range(M):
    a, b, w = rand(N), rand(N), rand(1000) + 1
    graph[a].append((b, w))
    graph[b].append((a, w))
dist = [float("inf")] * N
dist[0] = 0
heap = [(0, 0)]
while heap:
    d, u = heapq.heappop(heap)
    if d > dist[u]:
        continue
    for v, w in graph[u]:
        if d + w < dist[v]:
            dist[v] = d + w
            heapq.heappush(heap, (d + w, v))
print(sum(d for d in dist if d < float("inf")))
