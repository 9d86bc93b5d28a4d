# "At least" is not "more than".
n, k, d = map(int, input().split())
deep = 0
answer = -1
for hour, depth in enumerate(map(int, input().split()), 1):
    deep = deep + 1 if depth > d else 0
    if deep == k:
        answer = hour - k + 1
        break
print(answer)
