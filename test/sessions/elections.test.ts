/** What an attacker or bad luck could make an honest voter do (protocol.md §4, §9). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { restoreParticipant, step } from "../../sessions/index.ts";
import {
  codec,
  ELECTION_BYTES_MAX,
  type Instant,
  ROUNDS_MAX,
  type SignedMessage,
  signMessage,
  type StoreWrite,
  VOTE_KIND,
  type Vote,
  vote,
  voteRequest,
} from "../../src/model/index.ts";
import { STARTS_AT } from "./support/contest.ts";
import { TestNetwork } from "./support/network.ts";

/** One node of three, asked by hand: nobody else answers anything. */
class LoneVoter {
  readonly network = new TestNetwork(3, { sessionMs: 60_000 });
  readonly stored = new Map<string, Uint8Array>();
  readonly votes: Vote[] = [];
  #voter = this.network.nodes[0] as (typeof this.network.nodes)[number];

  feed(event: Parameters<typeof step>[1]): void {
    for (const effect of step(this.#voter, event)) {
      if (effect.type === "store") for (const write of effect.writes) this.#write(write);
      if (effect.type === "send" && effect.message.kind === VOTE_KIND) {
        const cast = codec.decode(vote, effect.message.body, ELECTION_BYTES_MAX);
        if (cast !== undefined) this.votes.push(cast);
      }
    }
  }

  #write({ key, value }: StoreWrite): void {
    if (value === undefined) this.stored.delete(key);
    else this.stored.set(key, value);
  }

  start(at: number): void {
    this.feed({ type: "started", at: at as Instant });
    this.feed({ type: "timer-fired", at: at as Instant, timer: "session" });
  }

  restart(at: number): void {
    const records = [...this.stored].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value }));
    this.#voter = restoreParticipant(this.#voter.config, records);
    this.start(at);
  }

  ask(candidate: number, at: number, session: number, round: number): void {
    const signer = this.network.contest.signers[candidate];
    assert.ok(signer !== undefined);
    const body = codec.encode(voteRequest, { cluster: 0, session, round, standing: null });
    const message: SignedMessage = signMessage(signer, this.network.contest.contest, "vote-request", body);
    this.feed({ type: "message-received", at: at as Instant, from: signer.id, via: "direct", message });
  }

  /** Candidates that got votes of one session and round. */
  candidatesOf(session: number, round: number): number {
    return new Set(
      this.votes.filter((cast) => cast.session === session && cast.round === round).map((cast) => cast.candidate),
    ).size;
  }
}

describe("sessions: one vote of a session and round", () => {
  it("the same candidate asks again: the same vote again", () => {
    const voter = new LoneVoter();
    voter.start(STARTS_AT + 1);
    voter.ask(1, STARTS_AT + 2, 0, 0);
    voter.ask(1, STARTS_AT + 3, 0, 0);
    assert.equal(voter.votes.length, 2);
    assert.equal(voter.candidatesOf(0, 0), 1);
  });

  it("another candidate, after a restart: no second vote", () => {
    const voter = new LoneVoter();
    voter.start(STARTS_AT + 1);
    voter.ask(1, STARTS_AT + 2, 0, 0);
    voter.restart(STARTS_AT + 1000);
    voter.ask(2, STARTS_AT + 5000, 0, 0);
    assert.equal(voter.candidatesOf(0, 0), 1);
  });

  it("a restart with a clock set back into an earlier session: no vote in that session", () => {
    const voter = new LoneVoter();
    voter.start(STARTS_AT + 1);
    voter.ask(1, STARTS_AT + 2, 0, 0);
    voter.restart(STARTS_AT + 60_001);
    voter.ask(1, STARTS_AT + 60_002, 1, 0);
    assert.equal(voter.candidatesOf(1, 0), 1);
    voter.restart(STARTS_AT + 59_000);
    voter.ask(2, STARTS_AT + 59_001, 0, 0);
    voter.ask(2, STARTS_AT + 59_500, 0, 1);
    assert.equal(voter.candidatesOf(0, 0), 1, "a double vote would exclude an honest node");
    assert.equal(voter.candidatesOf(0, 1), 0);
  });

  it("a request for the last round there is: refused, so that the session's rounds are not used up", () => {
    const voter = new LoneVoter();
    voter.start(STARTS_AT + 1);
    voter.ask(1, STARTS_AT + 2, 0, ROUNDS_MAX);
    voter.ask(1, STARTS_AT + 3, 0, 60_000);
    assert.equal(voter.votes.length, 0);
    voter.ask(2, STARTS_AT + 4, 0, 3);
    assert.equal(voter.candidatesOf(0, 3), 1);
  });

  it("it just voted, and somebody asks for the next round: it waits for the announcement first", () => {
    const voter = new LoneVoter();
    voter.start(STARTS_AT + 1);
    voter.ask(1, STARTS_AT + 2, 0, 0);
    voter.ask(2, STARTS_AT + 3, 0, 1);
    assert.equal(voter.candidatesOf(0, 1), 0);
    voter.ask(2, STARTS_AT + 303, 0, 1);
    assert.equal(voter.candidatesOf(0, 1), 1);
  });
});
