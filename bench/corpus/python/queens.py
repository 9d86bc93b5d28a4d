# Recursion over bit masks.
def solve(columns, left, right, full):
    if columns == full:
        return 1
    count = 0
    free = full & ~(columns | left | right)
    while free:
        bit = free & -free
        free ^= bit
        count += solve(columns | bit, (left | bit) << 1, (right | bit) >> 1, full)
    return count


print(solve(0, 0, 0, (1 << 10) - 1))
