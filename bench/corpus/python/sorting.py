# Sorting: by value, by key, stable, of tuples.
seed = 4242
data = []
for i in range(200_000):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    data.append((seed % 1000, seed // 1024, i))
data.sort()
data.sort(key=lambda t: (-t[0], t[1] % 7))
names = sorted(f"{a}-{b % 997}" for a, b, _ in data)
data.sort(key=lambda t: t[2], reverse=True)
print(data[0], data[-1], names[12345], len(set(names)))
