# Sets of tuples: the game of life.
cells = {(x, y) for x in range(60) for y in range(60) if (x * x + 3 * y) % 5 < 2}
for _ in range(40):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    at = (x + dx, y + dy)
                    counts[at] = counts.get(at, 0) + 1
    cells = {at for at, n in counts.items() if n == 3 or n == 2 and at in cells}
print(len(cells), sorted(cells)[:2])
