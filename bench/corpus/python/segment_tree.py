# A class with methods, called often.
class Tree:
    def __init__(self, n):
        self.n = n
        self.sums = [0] * (2 * n)

    def add(self, i, value):
        i += self.n
        while i:
            self.sums[i] += value
            i >>= 1

    def query(self, low, high):
        low += self.n
        high += self.n
        total = 0
        while low < high:
            if low & 1:
                total += self.sums[low]
                low += 1
            if high & 1:
                high -= 1
                total += self.sums[high]
            low >>= 1
            high >>= 1
        return total


N = 1 << 16
tree = Tree(N)
seed, check = 5, 0
for step in range(60_000):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    tree.add((seed >> 3) % N, seed % 100)
    low = (seed >> 7) % N
    check ^= tree.query(low, min(N, low + 5000)) + step
print(check)
