# Dynamic programming over two strings.
seed = 77


def text(n):
    global seed
    out = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        out.append("abcd"[(seed >> 5) % 4])
    return "".join(out)


a, b = text(1300), text(1400)
previous = list(range(len(b) + 1))
for i, x in enumerate(a, 1):
    current = [i]
    for j, y in enumerate(b, 1):
        if x == y:
            current.append(previous[j - 1])
        else:
            current.append(1 + min(previous[j], current[-1], previous[j - 1]))
    previous = current
print(previous[-1])
