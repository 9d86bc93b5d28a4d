# Breadth-first search on a grid with a deque and sets.
from collections import deque

H = W = 420
seed = 31337
wall = set()
for _ in range(H * W // 4):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    wall.add((seed >> 4) % (H * W))
wall.discard(0)
seen = {0: 0}
queue = deque([(0, 0)])
while queue:
    r, c = queue.popleft()
    d = seen[r * W + c] + 1
    for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        y, x = r + dr, c + dc
        if 0 <= y < H and 0 <= x < W:
            at = y * W + x
            if at not in wall and at not in seen:
                seen[at] = d
                queue.append((y, x))
print(len(seen), max(seen.values()))
