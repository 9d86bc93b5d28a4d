/** Who agrees with whom. */
import { codec, type Hash, hashOf, memo, type NodeId, type Statement, statement } from "../../src/model/index.ts";

/** The largest group of equal statements, compared as they are signed; the first one among equals. */
export function largestAgreement<R extends { readonly statement: Statement }>(
  results: Iterable<readonly [NodeId, R]>,
): readonly (readonly [NodeId, R])[] {
  const groups = new Map<Hash, (readonly [NodeId, R])[]>();
  for (const result of results) {
    const key = keyOf(result[1].statement);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  let largest: readonly (readonly [NodeId, R])[] = [];
  for (const group of groups.values()) if (group.length > largest.length) largest = group;
  return largest;
}

const keys = memo<Statement, Hash>();

function keyOf(value: Statement): Hash {
  let key = keys.get(value);
  if (key === undefined) keys.set(value, (key = hashOf(codec.encode(statement, value))));
  return key;
}
