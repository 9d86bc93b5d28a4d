# One call for every letter is deeper than Python goes.
n, k = map(int, input().split())
notes = input()


def passages(start, seen):
    if start + k > n:
        return len(seen)
    seen.add(hash(notes[start : start + k]))
    return passages(start + 1, seen)


print(passages(0, set()))
