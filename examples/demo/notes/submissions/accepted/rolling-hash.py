P = (1 << 61) - 1
BASE = 911382323

n, k = map(int, input().split())
notes = input().encode()
lead = pow(BASE, k, P)
h = 0
seen = set()
for i in range(n):
    h = h * BASE + notes[i]
    if i >= k:
        h -= lead * notes[i - k]
    h %= P
    if i >= k - 1:
        seen.add(h)
print(len(seen))
