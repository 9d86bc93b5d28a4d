// Array methods, closures, destructuring, generators.
function* chunks(n) {
  for (let i = 0; i < n; i++) yield { x: i, y: (i * i) % 97 };
}
let total = 0;
for (const { x, y } of chunks(150000)) total += x % 7 === 0 ? y : 1;
const compose = (...fs) => (x) => fs.reduce((v, f) => f(v), x);
const f = compose((x) => x + 1, (x) => x * 2, (x) => x % 1009);
const mapped = Array.from({ length: 150000 }, (_, i) => f(i)).filter((x) => x % 3 === 0).map((x) => [x, x * x]);
console.log(total, mapped.reduce((s, [x, y]) => (s + x + y) % 1000003, 0));
