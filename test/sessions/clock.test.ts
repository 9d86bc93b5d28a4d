import assert from "node:assert/strict";
import { test } from "node:test";
import { mapOf, recordInputs } from "../../sessions/clusters/history.ts";
import { type ParticipantState, step } from "../../sessions/index.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../sim/index.ts";
import { codec, type Instant, signMessage, timeAnswer } from "../../src/model/index.ts";

/** A contest with a given roster begins 1.5 s after virtual time 0. */
const BEFORE_START_MICROS = 400_000;
const YEARS_MS = 300_000_000_000;

function early(): { readonly contest: ContestWorld; readonly state: ParticipantState } {
  const contest = new ContestWorld(plainScenario({ joining: "given", participants: 5 }), idealKeys(1));
  contest.begin();
  contest.world.runUntil(BEFORE_START_MICROS);
  const host = contest.world.hosts[2];
  const state = host && contest.stateOf(host);
  assert.ok(state?.live);
  return { contest, state };
}

for (const [who, node, follows] of [
  ["a member", 4, false],
  ["a sage", 0, true],
] as const) {
  test(`clock: ${who} alone answers, years ahead, before the start: ${follows ? "" : "not "}followed`, () => {
    const { contest, state } = early();
    state.clock.samples.clear();
    state.clock.targetMs = 0;
    const signer = contest.keys.signer(node);
    const body = codec.encode(timeAnswer, { at: state.clock.localMs, clock: state.now + YEARS_MS });
    const message = signMessage(signer, contest.contest, "time-answer", body);
    const at = (state.clock.localMs + 1) as Instant;
    step(state, { type: "message-received", at, from: signer.id, via: "direct", message });
    assert.equal(state.clock.targetMs > YEARS_MS / 2, follows);
  });
}

test("cluster maps: of a session that no contest has slept until: none, and none is logged; at once", () => {
  const { state } = early();
  const maps = state.live?.ledger.maps;
  assert.ok(maps);
  assert.equal(mapOf(maps, 9_000_000), undefined);
  const entry = { type: "map", session: 9_000_000, epoch: 0, reveals: [], dead: [] } as const;
  assert.equal(recordInputs(maps, entry, [], new Set()), "too-far");
  assert.ok(mapOf(maps, 20_000) !== undefined);
});

test("cluster maps: asked in any order: the same", () => {
  const { state } = early();
  const maps = state.live?.ledger.maps;
  assert.ok(maps);
  const clusters = (session: number): string => JSON.stringify(mapOf(maps, session)?.map.clusters);
  const [seven, three] = [clusters(7), clusters(3)];
  assert.equal(clusters(7), seven);
  assert.equal(clusters(3), three);
  assert.notEqual(seven, three);
});
