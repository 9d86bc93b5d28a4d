// Dynamic programming over an array.
let seed = 99;
const W = 20000;
const best = new Array(W + 1).fill(0);
for (let i = 0; i < 120; i++) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  const weight = (seed % 200) + 1;
  const value = Math.floor(seed / 256) % 1000;
  for (let w = W; w >= weight; w--) best[w] = Math.max(best[w], best[w - weight] + value);
}
console.log(best[W]);
