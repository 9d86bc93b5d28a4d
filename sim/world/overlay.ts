/** Who is connected to whom: a random regular graph over a ring, so that it is always connected. */
import type { RandomStream } from "../engine/random.ts";

/**
 * Neighbour lists, symmetric. Complete when `nodes` ≤ degree + 1; else a ring in random order plus random chords, of
 * mean degree `degree`.
 */
export function drawOverlay(nodes: number, degree: number, random: RandomStream): readonly Int32Array[] {
  if (nodes <= degree + 1) {
    return Array.from({ length: nodes }, (_, node) =>
      Int32Array.from(Array.from({ length: nodes }, (_, peer) => peer).filter((peer) => peer !== node)),
    );
  }
  const neighbours: Set<number>[] = Array.from({ length: nodes }, () => new Set());
  const link = (a: number, b: number): void => {
    if (a === b) return;
    neighbours[a]?.add(b);
    neighbours[b]?.add(a);
  };
  const ring = random.shuffle(Array.from({ length: nodes }, (_, node) => node));
  for (const [index, node] of ring.entries()) link(node, ring[(index + 1) % nodes] as number);
  const chords = Math.floor((nodes * (degree - 2)) / 2);
  for (let chord = 0; chord < chords; chord += 1) link(random.integer(nodes), random.integer(nodes));
  return neighbours.map((peers) => Int32Array.from([...peers].sort((a, b) => a - b)));
}
