/** Latecomers (protocol.md §2): a sage's admission in the log makes a member of a node, on all nodes alike. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { boardOf, isRegistered } from "../../../sessions/index.ts";
import { applyBlock } from "../../../sessions/log/fold.ts";
import type { Ledger } from "../../../sessions/log/ledger.ts";
import {
  ADMISSION_KIND,
  type Admission,
  admission,
  codec,
  type Hash,
  type Instant,
  type LogEntry,
  type Manifest,
  type SignedMessage,
  type Signer,
  signMessage,
  welcome,
} from "../../../src/model/index.ts";
import { PROFILE, STARTS_AT } from "../support/contest.ts";
import { LifeNetwork } from "./network.ts";

const LATE = { opensAt: null, closesAt: null, policy: "open", tokenHash: null, allowed: [], late: true } as const;

function admitted(network: LifeNetwork, node: number, overrides: Partial<Admission> = {}, by = network.sage) {
  const [of, signer] = [node, by].map((index) => network.machines[index]?.signer as Signer) as [Signer, Signer];
  const body = codec.encode(admission, {
    node: of.id,
    at: network.now,
    displayName: "Late",
    role: "participant",
    capabilities: { languages: ["cpp"], judgeProfile: PROFILE, slots: 1 },
    region: "",
    ...overrides,
  });
  return signMessage(signer, network.contest, ADMISSION_KIND, body);
}

/** The sage's answer, as `sage/registration.ts` gives it. */
function welcomeTo(network: LifeNetwork, node: number, message: SignedMessage): void {
  const { sage, manifest, contest } = network;
  const signer = network.machines[sage]?.signer as Signer;
  const body = codec.encode(welcome, { admission: message, manifest, peers: [], registered: 6 });
  const answer = signMessage(signer, contest, "welcome", body);
  network.feed(node, {
    type: "message-received",
    at: network.now as Instant,
    from: signer.id,
    via: "direct",
    message: answer,
  });
}

const statesOf = (network: LifeNetwork) => network.machines.map(({ state }) => state);

test("latecomers: admitted while the contest runs: its submission is judged, all boards are equal, it evaluates from the next map on", () => {
  const network = new LifeNetwork(5, { registration: LATE, sessionMs: 60_000 }, 1);
  const late = network.sage + 1;
  const asked: string[] = [];
  network.onSage = ({ kind }) => void asked.push(kind);
  network.wait(5000);
  assert.ok(asked.includes("register"), "it asks for a place by itself");
  const state = statesOf(network)[late] as ReturnType<typeof statesOf>[number];
  assert.equal(isRegistered(state), false);
  const [early] = network.command(late, {
    type: "submit",
    problem: "hello",
    language: "cpp",
    filename: "a.cpp",
    source: new Uint8Array(1),
  });
  assert.equal(early?.type === "failed" && early.code, "not-joined");

  welcomeTo(network, late, admitted(network, late));
  network.wait(2000);
  assert.ok(statesOf(network).every((each) => each.live?.ledger.maps.members.size === 6));
  assert.equal(isRegistered(state), true);
  asked.length = 0;
  network.wait(10_000);
  assert.deepEqual(
    asked.filter((kind) => kind === "register"),
    [],
    "it has its place",
  );

  const submission = network.submit(late, "late");
  network.wait(3000);
  assert.equal(network.submission(0, submission).verdict, "AC");
  assert.equal(new Set(statesOf(network).map((each) => JSON.stringify(boardOf(each)))).size, 1);
  assert.deepEqual(network.board().rows.map(({ displayName, solved }) => [displayName, solved])[0], ["Late", 1]);

  network.run(STARTS_AT + 70_000);
  const maps = statesOf(network).map(({ live }) => JSON.stringify(live?.sessions[0]?.drawn.map.clusters));
  assert.equal(new Set(maps).size, 1);
  assert.ok(maps[0]?.includes(network.machines[late]?.signer.id ?? "?"));
  const another = network.submit(1, "after");
  network.wait(3000);
  assert.equal(network.submission(late, another).verdict, "AC");
});

const faults = (
  registration: Manifest["registration"],
  make: (network: LifeNetwork) => readonly SignedMessage[],
  afterMs = 0,
) => {
  const network = new LifeNetwork(3, { registration, durationMs: 60_000 }, 1);
  const ledger = network.machines[0]?.state.live?.ledger as Ledger;
  const entries = make(network).map((message): LogEntry => ({ type: "admission", message }));
  const block = { index: 0, term: ledger.term, previous: "0".repeat(64) as Hash, at: network.now + afterMs, entries };
  const { verifier } = (network.machines[0] as LifeNetwork["machines"][number]).state.config;
  return applyBlock(ledger, block, verifier).map((each) => (each.type === "void" ? each.fault : each.type));
};

const one = (network: LifeNetwork) => admitted(network, 4);

test("latecomers: what must not get in: of before the start (bans), of no sage, closed, twice, after the end", () => {
  assert.deepEqual(
    faults(LATE, (n) => [one(n), one(n)]),
    ["admitted", "known"],
  );
  assert.deepEqual(
    faults(LATE, (n) => [admitted(n, 4, { at: STARTS_AT - 1 })]),
    ["closed"],
  );
  assert.deepEqual(
    faults({ ...LATE, late: false }, (n) => [one(n)]),
    ["closed"],
  );
  assert.deepEqual(
    faults({ ...LATE, closesAt: STARTS_AT + 1000 }, (n) => [one(n)]),
    ["closed"],
  );
  assert.deepEqual(
    faults(LATE, (n) => [admitted(n, 4, {}, 0)]),
    ["not-a-sage"],
  );
  assert.deepEqual(
    faults(LATE, (n) => [one(n)], 60_000),
    ["over"],
  );
  assert.deepEqual(
    faults(LATE, (n) => [{ ...one(n), signature: new Uint8Array(64) }]),
    ["forged"],
  );
  assert.deepEqual(
    faults(LATE, (n) => [admitted(n, 0)]),
    ["known"],
  );
});

test("latecomers: a name that is taken gets a number", () => {
  const network = new LifeNetwork(3, { registration: LATE }, 1);
  welcomeTo(network, 4, admitted(network, 4, { displayName: "TEAM 1" }));
  network.wait(2000);
  assert.equal(
    network.machines[0]?.state.live?.ledger.maps.members.get(network.machines[4]?.signer.id as never)?.displayName,
    "TEAM 1 (2)",
  );
});
