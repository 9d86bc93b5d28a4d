// Backtracking over arrays: hard sudoku grids.
// Sizes: 2 15 100
#include <bits/stdc++.h>
using namespace std;
int grid[81], rows[9], columns[9], boxes[9];
long long nodes = 0;
bool solve() {
  nodes++;
  int best = -1, bestCount = 10, bestMask = 0;
  for (int i = 0; i < 81; i++) {
    if (grid[i]) continue;
    int mask = 511 & ~(rows[i / 9] | columns[i % 9] | boxes[i / 27 * 3 + i % 9 / 3]);
    int count = __builtin_popcount(mask);
    if (count < bestCount) best = i, bestCount = count, bestMask = mask;
  }
  if (best < 0) return true;
  int r = best / 9, c = best % 9, b = best / 27 * 3 + c / 3;
  for (int d = 0; d < 9; d++) {
    if (!(bestMask >> d & 1)) continue;
    grid[best] = d + 1, rows[r] |= 1 << d, columns[c] |= 1 << d, boxes[b] |= 1 << d;
    if (solve()) return true;
    grid[best] = 0, rows[r] &= ~(1 << d), columns[c] &= ~(1 << d), boxes[b] &= ~(1 << d);
  }
  return false;
}
int main() {
  int rounds;
  cin >> rounds;
  const char* puzzles[] = {
    "800000000003600000070090200050007000000045700000100030001000068008500010090000400",
    "000000010400000000020000000000050407008000300001090000300400200050100000000806000",
    "000000012000035000000600070700000300000400800100000000000120000080000040050000600",
    "100007090030020008009600500005300900010080002600004000300000010040000007007000300"};
  unsigned hash = 0;
  for (int round = 0; round < rounds; round++)
    for (auto p : puzzles) {
      memset(rows, 0, sizeof rows), memset(columns, 0, sizeof columns), memset(boxes, 0, sizeof boxes);
      for (int i = 0; i < 81; i++) {
        grid[i] = p[i] - '0';
        if (grid[i]) rows[i / 9] |= 1 << (grid[i] - 1), columns[i % 9] |= 1 << (grid[i] - 1), boxes[i / 27 * 3 + i % 9 / 3] |= 1 << (grid[i] - 1);
      }
      solve();
      for (int x : grid) hash = hash * 131 + x;
    }
  cout << hash << " " << nodes << "\n";
}
