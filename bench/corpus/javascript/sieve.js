// Typed arrays: all primes below 2,000,000.
const n = 2_000_000;
const composite = new Uint8Array(n + 1);
let total = 0;
let count = 0;
for (let i = 2; i <= n; i++) {
  if (composite[i]) continue;
  total = (total + i) % 1_000_000_007;
  count++;
  for (let j = i * i; j <= n; j += i) composite[j] = 1;
}
console.log(total, count);
