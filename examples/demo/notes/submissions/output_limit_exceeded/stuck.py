n, k = map(int, input().split())
notes = input()
i = 0
while i <= n - k:
    print("passage", notes[i : i + k])  # and i stays where it is
