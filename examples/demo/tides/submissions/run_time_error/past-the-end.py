# Walks past the last hour when the ferry has to wait.
n, k, d = map(int, input().split())
depths = list(map(int, input().split()))
start = 0
while True:
    if all(depths[start + i] >= d for i in range(k)):
        print(start + 1)
        break
    start += 1
