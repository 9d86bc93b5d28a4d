# Forgets the way back.
n = int(input())
posts = [complex(*map(int, input().split())) for _ in range(n)]
print(sum(abs(posts[i] - posts[i - 1]) for i in range(1, n)))
