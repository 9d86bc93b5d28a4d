// Sorting numbers, objects and strings with comparators.
let seed = 4242;
const data = [];
for (let i = 0; i < 60000; i++) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  data.push({ a: seed % 1000, b: seed >> 10, i });
}
data.sort((x, y) => x.a - y.a || x.b - y.b);
const names = data.map((d) => `${d.a}-${d.b % 997}`).sort();
data.sort((x, y) => y.i - x.i);
console.log(data[0].i, names[1234], new Set(names).size, [...names.keys()].length);
