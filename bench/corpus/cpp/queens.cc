// Backtracking with bit masks: 14 queens; and with arrays: 10 queens.
// Sizes: 12 14 15
#include <cstdio>
int solve(int n, int row, int columns, int left, int right) {
  if (row == n) return 1;
  int free = ~(columns | left | right) & ((1 << n) - 1), count = 0;
  while (free) {
    int bit = free & -free;
    free ^= bit;
    count += solve(n, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return count;
}
int placed[16];
int slow(int n, int row) {
  if (row == n) return 1;
  int count = 0;
  for (int c = 0; c < n; c++) {
    bool ok = true;
    for (int r = 0; r < row && ok; r++) ok = placed[r] != c && placed[r] - c != row - r && c - placed[r] != row - r;
    if (!ok) continue;
    placed[row] = c;
    count += slow(n, row + 1);
  }
  return count;
}
int main() {
  int n;
  if (std::scanf("%d", &n) != 1) return 1;
  std::printf("%d %d\n", solve(n, 0, 0, 0, 0), slow(n - 4, 0));
}
