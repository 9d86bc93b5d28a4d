/**
 * Golden transcripts: an election and one submission's journey as readable text. `UPDATE_GOLDEN=1` writes them anew; read
 * the difference before you commit it. The order of effects is the contract: a vote is stored before it is sent (protocol.md §4.2),
 * a block before it is acknowledged (§5), a submission before it is delivered (§6.1).
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { boardOf, statusOf } from "../../sessions/index.ts";
import type { Instant } from "../../src/model/index.ts";
import { STARTS_AT } from "./support/contest.ts";
import { TestNetwork } from "./support/network.ts";

function assertGolden(name: string, actual: string): void {
  const file = new URL(`golden/${name}.txt`, import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, "utf8"));
}

test("sessions: three nodes at the start: a cluster leader, then a central leader (golden)", () => {
  const network = new TestNetwork(3);
  network.start();
  network.run(STARTS_AT + 1000);
  assertGolden("election", network.transcript(STARTS_AT));
  const leaders = new Set(network.nodes.map((node) => statusOf(node).central?.leader));
  assert.equal(leaders.size, 1);
  assert.ok(!leaders.has(undefined));
});

test("sessions: one submission: from the outbox to the board of every node (golden)", () => {
  const network = new TestNetwork(6);
  network.start();
  network.run(STARTS_AT + 1500);
  const from = network.now;
  const submitter = network.nodes.findIndex((node) => !statusOf(node).isCentralLeader);
  network.feed(submitter, {
    type: "command-received",
    at: from as Instant,
    request: "1",
    command: { type: "submit", problem: "hello", language: "cpp", filename: "a.cpp", source: new Uint8Array([1]) },
  });
  network.run(from + 140);
  assertGolden("submission", network.transcript(from));
  const boards = network.nodes.map((node) => boardOf(node));
  for (const board of boards) {
    assert.deepEqual(board, boards[0]);
    assert.equal(board?.rows[0]?.solved, 1);
  }
});
