# Generators, itertools, comprehensions.
from itertools import accumulate, chain, combinations, permutations, product


def chunks(n):
    for i in range(n):
        yield [i, i * i % 97, i % 11]


print(sum(1 for p in permutations(range(8)) if p[0] < p[-1] and p[3] != 3))
print(max(accumulate(x - 5 for x in chain.from_iterable(chunks(150_000)))))
print(sum(a * b + c for a, b, c in product(range(60), repeat=3) if (a + b + c) % 7 == 0))
print(len({frozenset(c) for c in combinations(range(24), 4)}))
