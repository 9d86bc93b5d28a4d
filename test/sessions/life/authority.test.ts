/** Who orders after a seat has changed hands (protocol.md §2 "Authority transfer"): the log says it, so all nodes count the same orders. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyBlock } from "../../../sessions/log/fold.ts";
import type { Ledger } from "../../../sessions/log/ledger.ts";
import {
  type Action,
  codec,
  type Hash,
  type LogEntry,
  ORDER_KIND,
  order,
  type Signer,
  signMessage,
} from "../../../src/model/index.ts";
import { boardOf, type ParticipantReply } from "../../../sessions/index.ts";
import { LifeNetwork } from "./network.ts";

const PAUSE = { type: "pause", reason: "tea" } as const;
const RESUME = { type: "resume" } as const;

function code(reply: ParticipantReply | undefined): string | undefined {
  return reply?.type === "failed" ? reply.code : reply?.type;
}

function holdersAt(network: LifeNetwork): readonly string[] {
  return network.machines.map(({ state }) => JSON.stringify(state.live?.ledger.life.seats.holders()));
}

test("authority: a seat signed over while the contest runs: its holder orders, the former one does not, and back", () => {
  const network = new LifeNetwork(5);
  const { sage } = network;
  assert.equal(code(network.order(PAUSE, 2)), "not-an-organizer");
  // Nobody but those two hears of it: the others learn it from the log.
  network.passSeat(1, sage, 2, [sage, 2]);
  assert.equal(code(network.order(PAUSE, sage)), "not-an-organizer");
  assert.equal(code(network.order(PAUSE, 2)), "ordered");
  assert.deepEqual(
    network.machines.map((_, index) => network.life(index).paused),
    network.machines.map(() => true),
  );
  assert.deepEqual(
    [network.life(2).mayOrder, network.life(sage).mayOrder, network.life(1).mayOrder],
    [true, false, false],
  );
  assert.equal(new Set(holdersAt(network)).size, 1);
  const [refused] = network.command(sage, { type: "order", wish: RESUME });
  assert.ok(refused?.type === "failed");
  assert.match(refused.reason, /the authority of this sage is with team 2 .*take it back/);

  network.passSeat(2, 2, sage, [2, sage]);
  assert.equal(code(network.order(RESUME, 2)), "not-an-organizer");
  assert.equal(code(network.order(RESUME, sage)), "ordered");
  assert.equal(network.life(4).paused, false);
  assert.equal(new Set(network.machines.map(({ state }) => JSON.stringify(boardOf(state)))).size, 1);
});

test("authority: the sage leaves for good before it told anybody else: its heir's order brings the proof along", () => {
  const network = new LifeNetwork(5);
  network.passSeat(1, network.sage, 3, [3]);
  assert.equal(network.life(0).mayOrder, false);
  assert.equal(code(network.order(PAUSE, 3)), "ordered");
  assert.equal(network.life(0).paused, true);
});

test("authority: an order of the former holder is void in the log, whoever put it there; before the transfer it counts", () => {
  const network = new LifeNetwork(5);
  const { sage } = network;
  const { state } = network.machines[0] as LifeNetwork["machines"][number];
  const ledger = state.live?.ledger as Ledger;
  const signer = network.machines[sage]?.signer as Signer;
  const signed = (nonce: number, action: Action): LogEntry => {
    const body = codec.encode(order, { nonce: new Uint8Array(16).fill(nonce), at: network.now, action });
    return { type: "order", message: signMessage(signer, network.contest, ORDER_KIND, body) };
  };
  const fold = (...entries: readonly LogEntry[]): readonly string[] => {
    const block = { index: 0, term: ledger.term, previous: "0".repeat(64) as Hash, at: network.now, entries };
    return applyBlock(ledger, block, state.config.verifier).map((each) =>
      each.type === "void" ? each.fault : each.type,
    );
  };
  const transfer = { type: "authority", message: network.passSeat(1, sage, 2, []) } as const;
  assert.deepEqual(fold(signed(1, PAUSE), transfer, signed(2, RESUME), transfer), [
    "ordered",
    "authority",
    "not-entitled",
    "not-next",
  ]);
});

test("authority: questions: what is not answered can be read by whoever takes the seat over, new ones only by them", () => {
  const network = new LifeNetwork(5);
  const { sage } = network;
  network.command(1, { type: "ask", problem: null, text: "Before?" });
  const textsAt = (machine: number): readonly (string | null)[] => {
    const [reply] = network.command(machine, { type: "clarifications" }, 0);
    assert.ok(reply?.type === "clarifications");
    return reply.questions.map(({ text }) => text);
  };
  assert.deepEqual([textsAt(sage), textsAt(2), textsAt(3)], [["Before?"], [], []]);
  network.passSeat(1, sage, 2, [sage, 2, 0]);
  network.wait(3000);
  network.command(1, { type: "ask", problem: null, text: "After?" });
  assert.deepEqual([textsAt(2), textsAt(sage), textsAt(3)], [["Before?", "After?"], [], []]);
  const [list] = network.command(2, { type: "clarifications" }, 0);
  const id = list?.type === "clarifications" ? list.questions[0]?.id : undefined;
  const answer = { type: "answer", question: id ?? ("" as never), toAll: false, quote: false, text: "Yes." } as const;
  assert.equal(code(network.order(answer, 2)), "ordered");
  const [asked] = network.command(1, { type: "clarifications" }, 0);
  assert.ok(asked?.type === "clarifications");
  assert.deepEqual(
    asked.questions.map(({ answers }) => answers[0]?.text),
    ["Yes.", undefined],
  );
  assert.equal(network.life(2).unfinished.unanswered, 1);
  assert.equal(network.life(2).questions, 2);
});

test("authority: whoever takes a seat over gathers the sources, those of before too, and judges again", () => {
  const network = new LifeNetwork(5);
  const before = network.submit(0, "a");
  network.wait(3000);
  network.passSeat(1, network.sage, 2, [network.sage, 2]);
  network.order({ type: "notice", problem: null, text: "Ada is in charge." }, 2);
  const after = network.submit(1, "b");
  network.wait(20_000);
  assert.equal(network.life(2).uncollected, 0);
  const { store } = network.machines[2] as LifeNetwork["machines"][number];
  for (const id of [before, after]) assert.ok(store.has(`session/body/${id}`));
  const selection = { submission: null, problem: "hello", language: null, verdict: null };
  const ordered = network.order({ type: "rejudge", selection, reason: "" }, 2);
  assert.ok(ordered?.type === "ordered", JSON.stringify(ordered));
  network.wait(5000);
  assert.equal(code(network.order({ type: "rejudge-apply", rejudging: ordered.id }, 2)), "ordered");
});
