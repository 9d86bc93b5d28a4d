# Long arithmetic: factorials, powers, printing.
import sys

sys.set_int_max_str_digits(0)
f = 1
for i in range(1, 5000):
    f *= i
print(sum(map(int, str(f))))
print(pow(3, 10**2000, 10**300 + 7) % 10**20)
a, b = 0, 1
for _ in range(60_000):
    a, b = b, a + b
print(a % 10**30, len(str(a)))
