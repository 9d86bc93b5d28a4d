/**
 * Real processes on hosts of their own: the network is cut, and heals. The side with the majority goes on with another
 * leader; the other one promises nothing; afterwards all know the same (protocol.md §5, §8).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ContestNetwork } from "../../support/contest-network.ts";
import { hostsMissing, TestHosts } from "../../support/test-hosts.ts";

/** So many that those who are not cut off are a majority of evaluators without the one that submits. */
const NAMES = ["Ada", "Bob", "Cyd", "Dan", "Eve", "Fay", "Gus"];

test("real processes, network cut around the leader: the majority goes on, the minority promises nothing, all is settled afterwards", {
  skip: hostsMissing() ?? false,
}, async (t) => {
  const hosts = new TestHosts(t, ["sage", ...NAMES]);
  const network = await ContestNetwork.open(t, {
    participants: NAMES,
    place: (name) => ({ through: hosts.through(name), listen: `/ip4/${hosts.address(name)}/tcp/9000` }),
  });
  await network.submit("Ada", "AC");
  for (const name of NAMES) await network.settled(name, 1);

  const old = network.leaderAt("Ada") as string;
  const companion = NAMES.find((name) => name !== old) as string;
  const majority = NAMES.filter((name) => name !== old && name !== companion);
  const [witness = ""] = majority;
  // The companion may be the one whose submission was judged before.
  const receiptsOf = (name: string): number =>
    network
      .lines(name)
      .filter((line) => line.type === "submission-accepted" && line["submitter"] === network.ids.get(name)).length;
  const before = receiptsOf(companion);
  hosts.part([old, companion]);
  await network.submit(companion, "WA");
  const leader = await network.isReplaced(witness, old);
  assert.ok(majority.includes(leader), `${leader} leads the majority`);
  await network.submit(witness, "AC");
  for (const name of majority) await network.settled(name, 2);
  assert.equal((await network.status(companion))?.judged, 1, "the minority has no verdict of its own");
  assert.equal(
    receiptsOf(companion),
    before,
    `${companion}, cut off with ${old}, has no receipt for what it submitted`,
  );

  hosts.join();
  for (const name of NAMES) await network.settled(name, 3);
  const boards = await Promise.all(["sage", ...NAMES].map((name) => network.board(name)));
  for (const board of boards) assert.deepEqual(board, boards[0]);
});
