// Recursion over bit masks.
function solve(columns, left, right, full) {
  if (columns === full) return 1;
  let count = 0;
  for (let free = full & ~(columns | left | right); free; free &= free - 1) {
    const bit = free & -free;
    count += solve(columns | bit, (left | bit) << 1, (right | bit) >> 1, full);
  }
  return count;
}
console.log(solve(0, 0, 0, (1 << 10) - 1));
