/** A council member: stores and acknowledges blocks, keeps the bodies behind receipts (protocol.md §5). */
import {
  ACK_KIND,
  ack,
  type append,
  appendRefused,
  type codec,
  type NodeId,
  type SignedMessage,
  termOfCertificate,
} from "../../src/model/index.ts";
import { happen, send, signed } from "../context.ts";
import { accuse } from "../evidence/accusation.ts";
import { noteHead } from "../log/catch-up.ts";
import { endOf, forksTerm, linkTail, supersedes } from "../log/chain.ts";
import { ackOf, type LinkedBlock, type ParsedBlock, parseBlocks } from "../log/extension.ts";
import { keepTail } from "../log/following.ts";
import { keepBodies, requestBodies, withoutBody } from "./bodies.ts";
import type { Live, Machine } from "../machine.ts";
import { ACCEPT, ignore, reject, type Validity } from "../routing.ts";

export function onAppend(m: Machine, live: Live, body: codec.ShapeOf<typeof append>, signer: NodeId): Validity {
  // The leader of the promised term itself proves its right by its certificate, whoever had this node's vote.
  if (body.term < live.promised) {
    const head = endOf(live.chain).head;
    send(m, signer, "append-refused", appendRefused, { term: body.term, promised: live.promised, head });
    return ignore("old-term");
  }
  const blocks = parseBlocks(body.blocks);
  if (blocks === undefined) return reject("malformed-block");
  const fork = forkIn(live, blocks);
  if (fork !== undefined) accuse(m, live, "fork", signer, fork);
  const tail = linkTail(live.rules, live.chain, blocks);
  if (tail === "gap") {
    noteHead(m, live, signer, (blocks[0]?.block.index ?? 0) - 1);
    return ignore("gap");
  }
  if (tail === "stale") return ignore("stale");
  if (typeof tail === "string") return reject(tail);
  const end = tail.at(-1);
  if (end?.view.leader !== signer || end.view.term !== body.term) return reject("not-the-leader");
  // What was acknowledged to the leader of a term stays in its log: no majority may acknowledge two logs of one term.
  if (supersedes(live.chain, tail) && forksTerm(live.chain, tail)) return ignore("forked");
  const missing = withoutBody(live, tail, body.bodies);
  if (missing.length > 0) {
    requestBodies(m, [signer], missing);
    return ignore("without-bodies");
  }
  if (supersedes(live.chain, tail)) {
    keepTail(m, live, tail, keepBodies(m, live, body.bodies));
    live.promised = body.term;
    learnLeader(m, live, end);
  } else if (endOf(live.chain).head.hash !== end.hash) return ignore("stale");
  if (end.view.councils.some((council) => council.includes(m.self))) send(m, signer, ACK_KIND, ack, ackOf(end));
  return ACCEPT;
}

/** Two blocks of one term at one index, one of them held already. */
function forkIn(live: Live, blocks: readonly ParsedBlock[]): readonly SignedMessage[] | undefined {
  for (const { block, hash, message } of blocks) {
    const held = live.chain.tail.find((each) => each.block.index === block.index);
    if (held !== undefined && held.block.term === block.term && held.hash !== hash) return [held.message, message];
  }
  return undefined;
}

/** The term block carries the certificate: whoever missed the announcement learns it here. */
function learnLeader(m: Machine, live: Live, end: LinkedBlock): void {
  const [entry] = end.block.entries;
  if (entry?.type !== "term") return;
  if (live.leader !== null && termOfCertificate(entry.certificate) <= termOfCertificate(live.leader)) return;
  happen(m, { type: "central-led", certificate: entry.certificate, won: false });
}

export function acknowledge(m: Machine, end: LinkedBlock): Uint8Array {
  return signed(m, ACK_KIND, ack, ackOf(end)).signature;
}
