/** Whoever is banned while it waits for the start hears of it, also if it was away at that moment. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isRegistered } from "../../../sessions/index.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../../sim/index.ts";

const SAGE = 0;
const BANNED = 2;

describe("simulator: a ban before the start", () => {
  for (const away of [false, true])
    it(`the node ${away ? "was away and comes back" : "runs"}: it is told why, does not take part, and remembers it`, () => {
      const contest = new ContestWorld(plainScenario({ participants: 4 }), idealKeys(1));
      const { world } = contest;
      const reasons: string[] = [];
      world.observers.push({
        noticed(host, notice) {
          if (notice.type !== "registration-rejected" || host.index !== BANNED) return;
          reasons.push((notice as { readonly reason?: string }).reason ?? "");
        },
      });
      const wait = (seconds: number): void => world.runUntil(world.now + seconds * 1_000_000);
      const registered = (): boolean => isRegistered(contest.stateOf(world.hosts[BANNED] as never) as never);
      // The last one's registration would open the contest.
      for (let node = SAGE; node < 4; node += 1) world.start(node);
      wait(2);
      assert.equal(registered(), true);
      if (away) world.crash(BANNED);
      world.command(SAGE, { type: "ban", node: world.hosts[BANNED]?.id, reason: "not of our school" } as never);
      wait(1);
      if (away) world.start(BANNED);
      wait(10);
      assert.match(reasons[0] ?? "nothing was said", /removed from the contest: not of our school/);
      assert.equal(registered(), false);
      world.crash(BANNED);
      world.start(BANNED);
      assert.equal(registered(), false);
    });
});
