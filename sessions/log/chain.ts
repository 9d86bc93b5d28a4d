/** One node's copy of the log's end: what is committed, and the uncommitted tail that a council member holds. */
import type { Committed } from "../../src/model/index.ts";
import {
  type CommitFault,
  commitFault,
  committedView,
  compareHeads,
  type LinkedBlock,
  type LinkFault,
  linkBlock,
  type LogRules,
  type LogView,
  type ParsedBlock,
} from "./extension.ts";

export interface Chain {
  committed: LogView;
  tail: readonly LinkedBlock[];
}

/** One block for each leader that died in the middle of one, and one being committed. */
export const TAIL_MAX = 64;

export function newChain(committed: LogView): Chain {
  return { committed, tail: [] };
}

export function endOf(chain: Chain): LogView {
  return chain.tail.at(-1)?.view ?? chain.committed;
}

export type ChainFault = LinkFault | CommitFault | "gap" | "stale" | "tail-too-long";

/**
 * The tail with `blocks` put where they belong: what it has already is kept, what differs is replaced. `gap` when
 * blocks are missing before them, `stale` when all of them are committed already.
 */
export function linkTail(
  rules: LogRules,
  chain: Chain,
  blocks: readonly ParsedBlock[],
): readonly LinkedBlock[] | ChainFault {
  const fresh = blocks.filter((each) => each.block.index > chain.committed.head.index);
  const [first] = fresh;
  if (first === undefined) return "stale";
  const kept = chain.tail.filter((each) => each.block.index < first.block.index);
  if (first.block.index !== chain.committed.head.index + kept.length + 1) return "gap";
  if (kept.length + fresh.length > TAIL_MAX) return "tail-too-long";
  const tail = [...kept];
  let reuse = true;
  for (const each of fresh) {
    const known = chain.tail[tail.length];
    reuse &&= known?.hash === each.hash;
    const next = reuse && known !== undefined ? known : linkBlock(rules, tail.at(-1)?.view ?? chain.committed, each);
    if (typeof next === "string") return next;
    tail.push(next);
  }
  return tail;
}

/** Whether a tail should replace the chain's own: it is another one and not an older state of it. */
export function supersedes(chain: Chain, tail: readonly LinkedBlock[]): boolean {
  const end = tail.at(-1);
  return end !== undefined && compareHeads(end.view.head, endOf(chain).head) > 0;
}

/** A tail of the same term as the chain's own, and no continuation of it: the leader of a term has one log (§9). */
export function forksTerm(chain: Chain, tail: readonly LinkedBlock[]): boolean {
  const own = chain.tail.at(-1);
  const end = tail.at(-1);
  if (own === undefined || end === undefined || own.view.term !== end.view.term) return false;
  return !tail.some(({ hash }) => hash === own.hash);
}

/** Moves the committed end forward. The blocks that became committed, in order, or why not. */
export function commit(
  rules: LogRules,
  chain: Chain,
  tail: readonly LinkedBlock[],
  acks: Committed["acks"],
): readonly LinkedBlock[] | ChainFault {
  const end = tail.at(-1);
  if (end === undefined) return "stale";
  const fault = commitFault(rules, end, acks);
  if (fault !== undefined) return fault;
  moveCommitted(chain, tail);
  return tail;
}

/** For blocks whose commitment is known: checked before, or from the own store. */
export function moveCommitted(chain: Chain, blocks: readonly LinkedBlock[]): void {
  const end = blocks.at(-1);
  if (end === undefined) return;
  const after = chain.tail[blocks.length - 1]?.hash === end.hash ? chain.tail.slice(blocks.length) : [];
  // A recovery from a head that turns out to be older than what was committed is none.
  const beyond = after.some((each) => each.view.recovered > end.view.recovered) ? [] : after;
  chain.committed = committedView(end.view);
  // What follows in the tail was linked while older councils were in force too: they are no longer needed.
  chain.tail = beyond.map((each) => ({
    ...each,
    view: {
      ...each.view,
      councils: each.view.councils.slice(end.view.councils.length - 1),
      base: end.view.head.hash,
      recovered: 0,
    },
  }));
}
