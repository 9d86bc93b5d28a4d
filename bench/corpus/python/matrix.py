# Nested lists of floats: a product of matrices.
n = 180
a = [[(i * j) % 17 / 3.0 for j in range(n)] for i in range(n)]
b = [[(i + j) % 13 / 7.0 for j in range(n)] for i in range(n)]
c = [[0.0] * n for _ in range(n)]
for i in range(n):
    row, out = a[i], c[i]
    for k in range(n):
        x, other = row[k], b[k]
        for j in range(n):
            out[j] += x * other[j]
print(f"{sum(map(sum, c)):.6f} {c[7][11]:.6f}")
