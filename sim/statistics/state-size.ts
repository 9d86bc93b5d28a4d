/** How much a node's state holds, to see that it stays bounded: an estimate in V8's terms, each thing counted once. */

export interface StateSize {
  readonly bytes: number;
  /** Entries of its largest map, set or list. */
  readonly largest: number;
}

const POINTER_BYTES = 8;
const OBJECT_BYTES = 24;
/** Of a map or a set, for each entry: key, value, chain, and the table's slack. */
const ENTRY_BYTES = 48;
const TYPED_ARRAY_BYTES = 96;

/** @param skipped what is not part of the state: configuration, keys, things shared between nodes */
export function stateSize(root: object, skipped: Iterable<unknown> = []): StateSize {
  const seen = new Set<unknown>(skipped);
  const open: unknown[] = [root];
  let [bytes, largest] = [0, 0];
  const entries = (count: number, each: number): void => {
    bytes += OBJECT_BYTES + count * each;
    largest = Math.max(largest, count);
  };
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string") {
      if (seen.has(value)) continue;
      seen.add(value);
      bytes += OBJECT_BYTES + value.length;
    } else if (typeof value === "object" && value !== null) {
      if (seen.has(value)) continue;
      seen.add(value);
      if (value instanceof Uint8Array) bytes += TYPED_ARRAY_BYTES + value.length;
      else if (value instanceof Map) {
        entries(value.size, ENTRY_BYTES);
        for (const [key, held] of value) open.push(key, held);
      } else if (value instanceof Set) {
        entries(value.size, ENTRY_BYTES);
        open.push(...value);
      } else if (Array.isArray(value)) {
        entries(value.length, POINTER_BYTES);
        for (const item of value) open.push(item);
      } else {
        const fields = Object.values(value);
        bytes += OBJECT_BYTES + fields.length * POINTER_BYTES;
        open.push(...fields);
      }
    }
  }
  return { bytes, largest };
}
