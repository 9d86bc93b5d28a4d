import assert from "node:assert/strict";
import { test } from "node:test";
import { deadNodes } from "../../sessions/council/leading.ts";
import { type ParticipantState, statusOf, step } from "../../sessions/index.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../sim/index.ts";
import {
  codec,
  committed,
  type Instant,
  LOG_RANGE_BYTES_MAX,
  logRange,
  type NodeId,
  signMessage,
} from "../../src/model/index.ts";

const RUN_MICROS = 12_000_000;

function contestAtWork(): ContestWorld {
  const contest = new ContestWorld(plainScenario({ participants: 9, clusterSize: 3 }), idealKeys(1));
  contest.begin();
  contest.world.runUntil(RUN_MICROS);
  return contest;
}

function stateOf(contest: ContestWorld, node: number): ParticipantState {
  const host = contest.world.hosts[node];
  const state = host && contest.stateOf(host);
  assert.ok(state);
  return state;
}

test("catch-up: an answer that brings nothing on, and claims that there is more: the next question waits", () => {
  const contest = contestAtWork();
  const [state, liar] = [stateOf(contest, 3), contest.keys.signer(4)];
  const known = state.live?.recent.groups[0];
  assert.ok(state.live && known);
  const group = codec.decode(committed, known.body, LOG_RANGE_BYTES_MAX);
  assert.ok(group);
  const { head } = state.live.chain.committed;
  const claimed = { ...head, index: head.index + 5 };
  const body = codec.encode(logRange, { from: 0, committed: [group], tail: [], head: claimed });
  const message = signMessage(liar, contest.contest, "log-range", body);
  const at = (state.now + 1) as Instant;
  const effects = step(state, { type: "message-received", at, from: liar.id, via: "direct", message });
  const asked = effects.filter((effect) => effect.type === "send" && effect.message.kind === "log-request");
  assert.deepEqual(asked, []);
});

test("liveness: a member that the central leader does not hear: dead, unless its cluster's leader hears it", () => {
  const contest = contestAtWork();
  const leaders = contest.world.hosts.map(({ index }) => stateOf(contest, index));
  const m = leaders.find((state) => statusOf(state).isCentralLeader);
  const live = m?.live;
  const view = live?.sessions[0];
  assert.ok(m && live && view);
  const own = view.drawn.map.clusterOf.get(m.self);
  const leaderOf = (cluster: number): NodeId | undefined => view.leaders.get(cluster)?.leader;
  const [member, cluster] =
    [...view.drawn.map.clusterOf].find(([id, index]) => index !== own && leaderOf(index) !== id) ?? [];
  assert.ok(member !== undefined && cluster !== undefined);
  const leader = leaderOf(cluster);
  assert.ok(leader !== undefined);
  m.peers.set(member, { connected: false, heardAt: 0 as Instant, echoedAt: null, rttMs: null });
  assert.ok(!deadNodes(m, live).has(member));
  live.reportedDead.set(member, m.now);
  assert.ok(deadNodes(m, live).has(member));
  live.reportedDead.delete(member);
  live.clusterTold.set(leader, (m.now - m.timing.deadMs - 1) as Instant);
  assert.ok(deadNodes(m, live).has(member), "its leader has fallen silent too");
});
