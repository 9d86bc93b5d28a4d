// BigInt: factorials, powers, printing.
let f = 1n;
for (let i = 1n; i < 1500n; i++) f *= i;
let [a, b] = [0n, 1n];
for (let i = 0; i < 20000; i++) [a, b] = [b, a + b];
let p = 1n;
const m = 10n ** 60n + 7n;
for (let i = 0; i < 20000; i++) p = (p * 1234567890123456789n) % m;
console.log([...String(f)].reduce((sum, d) => sum + Number(d), 0), String(a % 10n ** 30n), String(p));
