/** Observers before the start (protocol.md §2): they have everything when the keys come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createParticipant, type ParticipantEffect, type ParticipantEvent, step } from "../../../sessions/index.ts";
import type { Instant } from "../../../src/model/index.ts";
import { contestOf, nobleVerifier, PROFILE, signerOf, STARTS_AT } from "../support/contest.ts";

test("observers: from a sage's answer on: problems can be fetched, the roster is asked for every few seconds", () => {
  const { message, contest } = contestOf(3);
  const [self, sage] = [signerOf(50), signerOf(1000)];
  const observer = createParticipant({
    contest,
    signer: self,
    verifier: nobleVerifier,
    seed: 5n,
    secretBytes: (length) => new Uint8Array(length),
    letterBox: { seal: (_to, text) => text, open: (box) => box },
    role: "observer",
    displayName: "Spectator",
    token: null,
    region: "",
    addresses: [],
    capabilities: { languages: [], judgeProfile: PROFILE, slots: 0 },
    sages: [sage.id],
  });
  let now = STARTS_AT - 3_600_000;
  const feed = (event: ParticipantEvent): readonly ParticipantEffect[] => step(observer, event);
  feed({ type: "started", at: now as Instant });
  const learnt = feed({ type: "message-received", at: now as Instant, from: sage.id, via: "direct", message });
  assert.deepEqual(
    learnt.flatMap((effect) => (effect.type === "notify" ? [effect.notice] : [])),
    [{ type: "contest-known", name: "test contest" }],
  );
  for (let asked = 0; asked < 30; asked += 1) {
    const effects = feed({ type: "timer-fired", at: now as Instant, timer: "join" });
    const kinds = effects.flatMap((effect) => (effect.type === "send" ? [effect.message.kind] : []));
    assert.deepEqual(kinds, ["contest-request"], "it does not register");
    const next = effects.find((effect) => effect.type === "set-timer");
    assert.ok(next !== undefined && next.at - now <= 3_000, `${(next?.at ?? Infinity) - now} ms`);
    now = next.at;
  }
});
