# Integers in a bytearray: all primes below 3,000,000.
def sieve(n):
    prime = bytearray([1]) * (n + 1)
    prime[0] = prime[1] = 0
    i = 2
    while i * i <= n:
        if prime[i]:
            prime[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
        i += 1
    return prime


prime = sieve(3_000_000)
total = 0
for i, p in enumerate(prime):
    if p:
        total = (total + i) % 1_000_000_007
print(total, sum(prime))
