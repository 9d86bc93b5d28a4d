// A binary heap of one's own: shortest paths in a random graph.
let seed = 12345;
const rand = (n) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed % n;
};
const N = 20000;
const graph = Array.from({ length: N }, () => []);
for (let i = 0; i < 80000; i++) {
  const a = rand(N);
  const b = rand(N);
  const w = rand(1000) + 1;
  graph[a].push([b, w]);
  graph[b].push([a, w]);
}
const heap = [];
function push(item) {
  let i = heap.push(item) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent][0] <= heap[i][0]) break;
    [heap[parent], heap[i]] = [heap[i], heap[parent]];
    i = parent;
  }
}
function pop() {
  const top = heap[0];
  const last = heap.pop();
  if (heap.length > 0) {
    heap[0] = last;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child++;
      if (heap[i][0] <= heap[child][0]) break;
      [heap[i], heap[child]] = [heap[child], heap[i]];
      i = child;
    }
  }
  return top;
}
const dist = new Array(N).fill(Infinity);
dist[0] = 0;
push([0, 0]);
while (heap.length > 0) {
  const [d, u] = pop();
  if (d > dist[u]) continue;
  for (const [v, w] of graph[u]) {
    if (d + w < dist[v]) {
      dist[v] = d + w;
      push([d + w, v]);
    }
  }
}
console.log(dist.reduce((sum, d) => (d < Infinity ? sum + d : sum), 0));
