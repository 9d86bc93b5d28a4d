/**
 * Which functions can call themselves, through others or not, without any of these taking room on the module's own stack, whose
 * end is the same on every machine: how deep they get is up to the engine's stack, whose frames differ between machines and
 * between quick and optimized code.
 */

export interface FunctionShape {
  /** Takes room on the module's own stack, whichever way it goes. */
  readonly hasFrame: boolean;
  readonly type: number;
  /** May be called through the table. */
  readonly inTable: boolean;
  /** Functions called directly, by their index among the module's own. */
  readonly calls: readonly number[];
  /** Types of functions called through the table. */
  readonly callsIndirectly: readonly number[];
}

/** A call through the table may reach every function there of its type. */
export function unboundedRecursion(functions: readonly FunctionShape[]): ReadonlySet<number> {
  const targets = new Map<number, number[]>();
  functions.forEach(({ hasFrame, inTable, type }, index) => {
    if (hasFrame || !inTable) return;
    const ofType = targets.get(type);
    if (ofType === undefined) targets.set(type, [index]);
    else ofType.push(index);
  });
  // A node for each function, and behind them one for each type.
  const types = functions.reduce((most, { type }) => Math.max(most, type + 1), 0);
  const successors = (node: number): readonly number[] => {
    const shape = functions[node];
    if (shape === undefined) return targets.get(node - functions.length) ?? [];
    const direct = shape.calls.filter((callee) => functions[callee]?.hasFrame === false);
    return [...direct, ...shape.callsIndirectly.map((type) => functions.length + type)];
  };
  const found = new Set<number>();
  for (const component of components(functions.length + types, successors)) {
    const [first = 0] = component;
    if (component.length === 1 && !successors(first).includes(first)) continue;
    for (const node of component) if (functions[node]?.hasFrame === false) found.add(node);
  }
  return found;
}

/** Strongly connected ones: Tarjan, Depth-first search and linear graph algorithms, 1972; with a stack of its own. */
function* components(size: number, successors: (node: number) => readonly number[]): Generator<readonly number[]> {
  const order = new Int32Array(size).fill(-1);
  const lowest = new Int32Array(size);
  const isOpen = new Uint8Array(size);
  const open: number[] = [];
  let visited = 0;
  const path: { readonly node: number; readonly next: readonly number[]; at: number }[] = [];
  const enter = (node: number): void => {
    order[node] = lowest[node] = visited++;
    open.push(node);
    isOpen[node] = 1;
    path.push({ node, next: successors(node), at: 0 });
  };
  const lower = (node: number, to: number): void => {
    lowest[node] = Math.min(lowest[node] as number, to);
  };
  for (let root = 0; root < size; root++) {
    if (order[root] === -1) enter(root);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { node } = step;
      const next = step.next[step.at++];
      if (next === undefined) {
        path.pop();
        const before = path.at(-1);
        if (before !== undefined) lower(before.node, lowest[node] as number);
        if (lowest[node] !== order[node]) continue;
        const component = open.splice(open.lastIndexOf(node));
        for (const each of component) isOpen[each] = 0;
        yield component;
      } else if (order[next] === -1) enter(next);
      else if (isOpen[next] === 1) lower(node, order[next] as number);
    }
  }
}
