# The most frequent token need not have a majority.
from collections import Counter

input()
print(Counter(input().split()).most_common(1)[0][0])
