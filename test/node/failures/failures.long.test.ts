/**
 * Real processes, real libp2p: the central leader is killed, another one is stopped, and at last everybody is killed at
 * once and comes back in another order. Nothing with a receipt is lost (protocol.md §8).
 */
import { test } from "node:test";
import { ContestNetwork } from "../../support/contest-network.ts";

const NAMES = ["Ada", "Bob", "Cyd", "Dan", "Eve"];

test("real processes: leader killed, leader stopped, everybody killed at once: the contest goes on, nothing is lost", async (t) => {
  const network = await ContestNetwork.open(t, { participants: NAMES });
  await network.submit("Ada", "AC");
  await network.settled("Bob", 1);

  const first = network.leaderAt("Ada") as string;
  const witness = NAMES.find((name) => name !== first) as string;
  await network.kill(first);
  await network.isReplaced(witness, first);
  await network.submit(witness, "WA");
  await network.settled(witness, 2);
  network.start(first, "join");

  const second = network.leaderAt(witness) as string;
  const third = NAMES.find((name) => name !== second && name !== first) as string;
  network.signal(second, "SIGSTOP");
  await network.isReplaced(third, second);
  network.signal(second, "SIGCONT");
  await network.submit(third, "AC");
  await network.settled(second, 3);

  // All at once, with a submission on its way; back in another order, the sage last.
  await network.submit(second, "AC");
  await Promise.all(["sage", ...NAMES].map((name) => network.kill(name)));
  for (const name of NAMES.toReversed()) network.start(name, "join");
  network.start("sage", "sage");
  for (const name of NAMES) await network.settled(name, 4);
});
