// Strings, maps, sorting.
let seed = 7;
const letters = "etaoinshrdlu";
const words = [];
for (let i = 0; i < 150000; i++) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  const n = seed >> 8;
  words.push(letters[n % 12] + letters[Math.floor(n / 12) % 12] + letters[Math.floor(n / 144) % 12]);
}
const counts = new Map();
for (const word of words.join(" ").split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
console.log(sorted.slice(0, 3), words.join(" ").replace(/e/g, "").indexOf("tns"));
