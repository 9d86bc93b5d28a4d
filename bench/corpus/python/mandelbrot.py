# Complex numbers.
inside = 0
for y in range(160):
    for x in range(200):
        c = complex(x / 100 - 1.5, y / 80 - 1.0)
        z = 0j
        for _ in range(60):
            z = z * z + c
            if z.real * z.real + z.imag * z.imag > 4:
                break
        else:
            inside += 1
print(inside)
