/** A sage hands its only seat to a participant, who dies or is cut off: it takes the seat back by itself (protocol.md §2). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Notice, statusOf } from "../../../sessions/index.ts";
import { hashOf } from "../../../src/model/index.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../../sim/index.ts";
import { oneSpeaker } from "../../../sim/checkers/one-speaker.ts";

const SAGE = 0;
const HEIR = 1;
/** Whom only the heir registers. */
const SECRET = 7;
const LATE = 8;
const SECOND = 1_000_000;

class Story {
  readonly contest: ContestWorld;
  readonly told: { readonly node: number; readonly type: string }[] = [];
  readonly #checker: ReturnType<typeof oneSpeaker>;

  /** Everybody but the last two, whose registrations open the contest. */
  constructor(seed: number) {
    const scenario = plainScenario({ seed, participants: LATE, clusterSize: 3, councilSize: 3 });
    this.contest = new ContestWorld(scenario, idealKeys(seed));
    this.#checker = oneSpeaker({ contest: this.contest } as Parameters<typeof oneSpeaker>[0]);
    this.world.observers.push({
      noticed: (host, notice) => void this.told.push({ node: host.index, type: (notice as Notice).type }),
    });
    for (let node = SAGE; node < SECRET; node += 1) this.world.start(node);
    this.wait(2);
  }

  /** Now all have come, and the contest opens by itself. */
  completes(): void {
    for (const node of [SECRET, LATE]) this.world.start(node);
  }

  cutOff(node: number): void {
    const { network, hosts } = this.world;
    network.cut({ side: Uint8Array.from(hosts, ({ index }) => (index === node ? 1 : 0)), oneWay: false });
  }

  heal(): void {
    this.world.network.healAll();
  }

  get world(): ContestWorld["world"] {
    return this.contest.world;
  }

  wait(seconds: number): void {
    for (let left = seconds; left > 0; left -= 1) {
      this.world.runUntil(this.world.now + SECOND);
      this.#checker.checkpoint?.();
    }
  }

  ask(node: number, body: { readonly type: string }, seconds = 2): string {
    let said = "no answer";
    this.world.command(node, body, (reply) => {
      const { type, code } = reply as { readonly type: string; readonly code?: string };
      said = code ?? type;
    });
    this.wait(seconds);
    return said;
  }

  handOver(): void {
    const to = this.world.hosts[HEIR]?.id;
    assert.equal(this.ask(SAGE, { type: "transfer", to, addresses: [] } as never), "transferred");
    assert.deepEqual(this.holders(), [HEIR]);
  }

  reclaim(seconds = 2): string {
    return this.ask(SAGE, { type: "reclaim", addresses: [] } as never, seconds);
  }

  order(node: number, type: "pause" | "resume"): string {
    const wish = type === "pause" ? { type, reason: "" } : { type };
    return this.ask(node, { type: "order", wish } as never, 3);
  }

  #states() {
    return this.world.hosts.flatMap((host) => {
      const state = host.status === "up" ? this.contest.stateOf(host) : undefined;
      return state === undefined ? [] : [state];
    });
  }

  /** Whom the nodes that are up take for the sage. */
  holders(): readonly (number | undefined)[] {
    return [...new Set(this.#states().flatMap(({ joining }) => joining.seats?.holders() ?? []))].map((id) =>
      this.contest.nodeOf.get(id),
    );
  }

  /** How many nodes have each roster. */
  rosters(): readonly number[] {
    const counts = new Map<string, number>();
    for (const { rosterCertificate } of this.#states()) {
      const hash = rosterCertificate === null ? "none" : hashOf(rosterCertificate.roster);
      counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
    return [...counts.values()];
  }

  heads(): number {
    return new Set(this.#states().map((state) => statusOf(state).head)).size;
  }

  heard(type: string): number {
    return this.told.filter((notice) => notice.type === type).length;
  }
}

describe("simulator: a sage takes its authority back from a node that is gone", () => {
  for (const seed of [1, 2, 3])
    it(`before the start, its heir is dead (seed ${seed}): whoever the heir registered takes part, the contest opens, and the heir who returns is a participant`, () => {
      const story = new Story(seed);
      story.handOver();
      // Registered by the heir alone.
      story.cutOff(SAGE);
      story.world.start(SECRET);
      story.wait(2);
      story.world.crash(HEIR);
      story.heal();
      story.wait(2);
      assert.equal(story.ask(SAGE, { type: "open-contest", inMs: 1000 } as never), "no-authority");
      assert.equal(story.reclaim(), "transferred");
      story.world.start(LATE);
      story.wait(14);
      assert.deepEqual([story.holders(), story.rosters()], [[SAGE], [LATE]]);
      assert.equal(story.contest.stateOf(story.world.hosts[SAGE] as never)?.live?.roster.members.length, LATE);

      story.world.start(HEIR);
      story.wait(15);
      assert.deepEqual([story.holders(), story.rosters(), story.heads()], [[SAGE], [LATE + 1], 1]);
      assert.deepEqual([story.order(HEIR, "pause"), story.order(SAGE, "pause")], ["not-an-organizer", "ordered"]);
      assert.equal(story.ask(HEIR, { type: "open-contest", inMs: 0 } as never), "no-authority");
    });

  it("the heir opened the contest and died, its sage does not know: asked back, it goes on with that very contest", () => {
    const story = new Story(4);
    story.handOver();
    story.world.crash(SAGE);
    story.completes();
    story.wait(3);
    assert.equal(story.rosters().length, 1);
    story.world.crash(HEIR);
    story.world.start(SAGE);
    assert.equal(story.reclaim(), "transferred");
    story.wait(15);
    assert.deepEqual([story.holders(), story.rosters(), story.heads()], [[SAGE], [LATE], 1]);
    assert.equal(story.heard("roster-superseded"), 0);
    assert.deepEqual([story.order(SAGE, "pause"), story.order(SAGE, "resume")], ["ordered", "ordered"]);
  });

  it("while the contest runs the heir is cut off: the sage's orders count, the heir's do not, before it hears nor after", () => {
    const story = new Story(5);
    story.completes();
    story.wait(12);
    story.handOver();
    assert.equal(story.order(HEIR, "pause"), "ordered");
    story.cutOff(HEIR);
    assert.equal(story.reclaim(), "transferred");
    assert.equal(story.order(SAGE, "resume"), "ordered");
    // It takes itself for the sage still; nobody hears it, and the order waits.
    const wish = { type: "notice", problem: null, text: "Go home." };
    assert.equal(story.ask(HEIR, { type: "order", wish } as never), "sent");
    story.heal();
    story.wait(20);
    assert.deepEqual([story.holders(), story.rosters(), story.heads()], [[SAGE], [LATE + 1], 1]);
    for (const host of story.world.hosts) {
      const state = story.contest.stateOf(host);
      assert.equal(state?.live?.ledger.life.seats.heldBy(story.world.hosts[HEIR]?.id as never).length, 0);
    }
    assert.equal(story.heard("notice-posted"), 0);
  });

  it("the heir lives cut off and opens the contest for itself: its roster is nobody else's, then and later", () => {
    const story = new Story(7);
    story.handOver();
    story.cutOff(HEIR);
    assert.equal(story.reclaim(12), "transferred");
    assert.equal(story.ask(HEIR, { type: "open-contest", inMs: 1000 } as never), "opening");
    assert.deepEqual(story.rosters(), [SECRET - 1, 1]);
    story.heal();
    story.wait(12);
    assert.deepEqual([story.holders(), story.rosters()], [[SAGE], [SECRET - 1, 1]]);
    story.completes();
    story.wait(12);
    assert.deepEqual(story.rosters(), [LATE, 1]);
    const superseded = story.told.filter(({ type }) => type === "roster-superseded");
    assert.deepEqual([...new Set(superseded.map(({ node }) => node))], [HEIR]);
  });

  it("the heir lives cut off before the start and hears of it ahead of its time: it opens nothing", () => {
    const story = new Story(6);
    story.handOver();
    story.cutOff(HEIR);
    assert.equal(story.reclaim(), "transferred");
    story.heal();
    story.wait(12);
    assert.equal(story.ask(HEIR, { type: "open-contest", inMs: 0 } as never), "no-authority");
    story.completes();
    story.wait(5);
    assert.deepEqual([story.holders(), story.rosters()], [[SAGE], [LATE + 1]]);
  });
});
