# Strings and dictionaries: counting words of a made-up text.
from collections import Counter

seed = 7
letters = "etaoinshrdlu"
words = []
for _ in range(300_000):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    n = seed >> 8
    words.append(letters[n % 12] + letters[n // 12 % 12] + letters[n // 144 % 12])
text = " ".join(words)
counts = Counter(text.split())
lengths = {}
for word in text.upper().split():
    lengths[word[0]] = lengths.get(word[0], 0) + len(word)
print(counts.most_common(3), sorted(lengths.items())[:3])
print(text.count("the"), text.replace("e", "").find("tns"))
