// Nested arrays of floats: a product of matrices.
const n = 160;
const a = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => ((i * j) % 17) / 3));
const b = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => ((i + j) % 13) / 7));
const c = Array.from({ length: n }, () => new Array(n).fill(0));
for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) c[i][j] += a[i][k] * b[k][j];
console.log(c.flat().reduce((x, y) => x + y).toFixed(6));
