# Boyer and Moore: tokens of different parties cancel each other out.
n = int(input())
tokens = list(map(int, input().split()))
candidate, lead = None, 0
for token in tokens:
    if lead == 0:
        candidate = token
    lead += 1 if token == candidate else -1
print(candidate if 2 * tokens.count(candidate) > n else "split")
