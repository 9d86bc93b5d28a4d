// Dynamic programming over two strings.
let seed = 77;
const text = (n) => Array.from({ length: n }, () => "abcd"[((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 5) % 4]).join("");
const a = text(1000);
const b = text(1100);
let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
for (let i = 1; i <= a.length; i++) {
  const current = [i];
  for (let j = 1; j <= b.length; j++) {
    current.push(a[i - 1] === b[j - 1] ? previous[j - 1] : 1 + Math.min(previous[j], current[j - 1], previous[j - 1]));
  }
  previous = current;
}
console.log(previous.at(-1));
