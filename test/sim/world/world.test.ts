import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CALM_NETWORK, EPOCH_MS, idealKeys, World, type WorldOptions } from "../../../sim/index.ts";
import { type Effect, type Event, instant, later, signingDigest, verifyMessage } from "../../../src/model/index.ts";
import { type Heard, message, textOf, toy } from "./toy.ts";

const keys = idealKeys(1);
const texts = (heard: readonly Heard[]): (string | undefined)[] =>
  heard.filter((entry) => entry.type === "message-received").map((entry) => entry.text);

/** `nodes` toys that react alike; `heard[i]` is what node i heard. */
function toys(
  nodes: number,
  react: (event: Event, node: number) => readonly Effect[],
  options: Partial<WorldOptions> = {},
): { world: World; heard: Heard[][] } {
  const heard: Heard[][] = Array.from({ length: nodes }, () => []);
  const world = new World(
    heard.map((list, node) => toy(keys.signer(node), list, (event) => react(event, node))),
    { seed: 5, ...options },
  );
  for (let node = 0; node < nodes; node += 1) world.start(node);
  return { world, heard };
}

const send = (from: number, to: number, text: string): Effect => ({
  type: "send",
  to: keys.signer(to).id,
  message: message(keys.signer(from), text),
});

const react = (event: Event, node: number): readonly Effect[] =>
  event.type === "started" && node === 0
    ? [send(0, 1, "before"), { type: "store", writes: [{ key: "a", value: new Uint8Array([1]) }] }, send(0, 1, "after")]
    : [];

const at = (ms: number) => instant(EPOCH_MS + ms);

const tick = (event: Event, node: number): readonly Effect[] => {
  if (event.type !== "started" && event.type !== "timer-fired") return [];
  return [
    { type: "set-timer", timer: "tick", at: later(event.at, 100) },
    send(node, 1 - node, `${event.at - EPOCH_MS}`),
  ];
};

const request = (task: string) =>
  ({
    type: "evaluate",
    request: {
      task,
      problem: "p",
      revision: 0,
      language: "cpp",
      files: [{ filename: "a.cpp", source: new Uint8Array() }],
    },
  }) as const;

const run = (seed: number): string => {
  const { world } = toys(
    20,
    (event, node) => (event.type === "started" ? [{ type: "publish", message: message(keys.signer(node), "x") }] : []),
    { seed, network: { ...CALM_NETWORK, loss: 0.05, duplication: 0.05, reordering: 0.1 } },
  );
  world.runUntil(3_000_000);
  return world.trace.digest;
};

describe("simulator: world", () => {
  it("streams: jittery latency: messages of one pair arrive in order, once", () => {
    const count = 50;
    const { world, heard } = toys(
      2,
      (event, node) =>
        event.type === "started" && node === 0 ? Array.from({ length: count }, (_, n) => send(0, 1, `${n}`)) : [],
      { network: { ...CALM_NETWORK, latency: { type: "exponential", minMicros: 100, meanMicros: 50_000 } } },
    );
    world.runUntil(5_000_000);
    assert.deepEqual(
      texts(heard[1] ?? []),
      Array.from({ length: count }, (_, n) => `${n}`),
    );
  });

  it("effects: a send behind a store: leaves only when the store is durable, and not after a crash", () => {
    const slowDisk = { diskOf: () => ({ syncMicros: 0, stallEvery: 0, stallMicros: 0 }) };
    const { world, heard } = toys(2, react, slowDisk);
    world.runUntil(1_000_000);
    assert.deepEqual(texts(heard[1] ?? []), ["before", "after"]);

    const stalled = { diskOf: () => ({ syncMicros: 1, stallEvery: 1, stallMicros: 500_000 }) };
    const crashed = toys(2, react, stalled);
    crashed.world.runUntil(100_000);
    assert.deepEqual(texts(crashed.heard[1] ?? []), ["before"]);
    crashed.world.crash(0);
    crashed.world.runUntil(2_000_000);
    assert.deepEqual(texts(crashed.heard[1] ?? []), ["before"]);
  });

  it("disk: crash with writes on their way: a prefix survives and is handed to the next life", () => {
    const read: (readonly string[])[] = [];
    const survivors = new Set<number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const world = new World(
        [
          toy(keys.signer(0), [], (event, boot) => {
            if (event.type !== "started") return [];
            read.push(boot.records.map(([key]) => key));
            if (boot.incarnation > 0) return [];
            return ["a", "b", "c"].map(
              (key) => ({ type: "store", writes: [{ key, value: new Uint8Array([1]) }] }) as const,
            );
          }),
        ],
        { seed, diskOf: () => ({ syncMicros: 1000, stallEvery: 0, stallMicros: 0 }) },
      );
      world.start(0);
      world.runUntil(1500);
      world.crash(0);
      world.start(0);
      const left = read.at(-1) ?? [];
      assert.deepEqual(left, ["a", "b", "c"].slice(0, left.length));
      survivors.add(left.length);
    }
    assert.ok(survivors.size >= 2, `always ${[...survivors].join()} records`);
  });

  it("timers: set again, cleared, sooner and later: fire once at the last instant set", () => {
    const { world, heard } = toys(1, (event) =>
      event.type === "started"
        ? [
            { type: "set-timer", timer: "later", at: at(10) },
            { type: "set-timer", timer: "later", at: at(50) },
            { type: "set-timer", timer: "sooner", at: at(90) },
            { type: "set-timer", timer: "sooner", at: at(20) },
            { type: "set-timer", timer: "cleared", at: at(30) },
            { type: "clear-timer", timer: "cleared" },
            { type: "set-timer", timer: "again", at: at(40) },
            { type: "clear-timer", timer: "again" },
            { type: "set-timer", timer: "again", at: at(60) },
          ]
        : [],
    );
    world.runUntil(1_000_000);
    const fired = (heard[0] ?? []).filter((entry) => entry.type === "timer-fired");
    assert.deepEqual(
      fired.map((entry) => [entry.text, entry.at - EPOCH_MS]),
      [
        ["sooner", 20],
        ["later", 50],
        ["again", 60],
      ],
    );
  });

  it("clocks: offset and drift: timers fire when the node's own clock says so, never early", () => {
    const { world, heard } = toys(
      1,
      (event) => (event.type === "started" ? [{ type: "set-timer", timer: "t", at: later(event.at, 100_000) }] : []),
      { clockOf: () => ({ offsetMs: 5000, driftPpm: 100 }) },
    );
    world.runUntil(99_980_000);
    assert.equal(
      (heard[0] ?? []).some((entry) => entry.type === "timer-fired"),
      false,
    );
    world.runUntil(99_995_000);
    const fired = (heard[0] ?? []).find((entry) => entry.type === "timer-fired");
    assert.equal(fired?.at, EPOCH_MS + 105_000);
  });

  it("gossip: 200 nodes of degree 8, 10 % loss: everyone hears it once", () => {
    const { world, heard } = toys(
      200,
      (event, node) =>
        event.type === "started" && node === 17 ? [{ type: "publish", message: message(keys.signer(17), "news") }] : [],
      { network: { ...CALM_NETWORK, loss: 0.1 } },
    );
    world.runUntil(10_000_000);
    for (const [node, list] of heard.entries()) {
      assert.deepEqual(texts(list), node === 17 ? [] : ["news"], `node ${node}`);
    }
  });

  it("gossip: everybody refuses it: it goes no further than the publisher's neighbours", () => {
    const { world, heard } = toys(200, (event, node) => {
      if (event.type === "started" && node === 17)
        return [{ type: "publish", message: message(keys.signer(17), "lie") }];
      return event.type === "message-received" ? [{ type: "validity", outcome: "reject", code: "lie" }] : [];
    });
    world.runUntil(10_000_000);
    const reached = heard.filter((list) => texts(list).length > 0).length;
    assert.ok(reached >= 2 && reached <= 30, `${reached} heard it`);
    assert.equal(world.counters.rejected, reached);
  });

  it("partitions: symmetric and one-way cuts: block what they should; both ends notice and reconnect", () => {
    const { world, heard } = toys(2, tick);
    const [first = [], second = []] = heard;
    world.runUntil(1_000_000);
    const cut = world.network.cut({ side: Uint8Array.of(1, 0), oneWay: true });
    world.linksChanged();
    world.runUntil(1_010_000);
    const before = { first: texts(first).length, second: texts(second).length };
    world.runUntil(2_000_000);
    assert.equal(texts(second).length, before.second);
    assert.ok(texts(first).length > before.first + 5);
    assert.ok(first.some((entry) => entry.type === "peer-disconnected"));
    assert.ok(second.some((entry) => entry.type === "peer-disconnected"));
    world.network.heal(cut);
    world.linksChanged();
    world.runUntil(3_000_000);
    assert.ok(texts(second).length > before.second + 5);
    assert.equal(first.filter((entry) => entry.type === "peer-connected").length, 2);
  });

  it("crash and restart: faster than detection: the peer still sees the connection break and come back", () => {
    const { world, heard } = toys(2, () => []);
    world.runUntil(1_000_000);
    world.crash(0);
    world.start(0);
    world.runUntil(2_000_000);
    const links = (heard[1] ?? []).map((entry) => entry.type).filter((type) => type.startsWith("peer-"));
    assert.deepEqual(links, ["peer-connected", "peer-disconnected", "peer-connected"]);
  });

  it("pause: events wait and come in order when the process goes on", () => {
    const { world, heard } = toys(2, (event, node) =>
      event.type === "started" && node === 0 ? [send(0, 1, "a"), send(0, 1, "b")] : [],
    );
    world.pause(1);
    world.runUntil(1_000_000);
    assert.deepEqual(texts(heard[1] ?? []), []);
    world.resume(1);
    world.runUntil(1_000_001);
    assert.deepEqual(texts(heard[1] ?? []), ["a", "b"]);
  });

  it("evaluations: one slot: run one after the other; a cancelled one never ends and frees its slot", () => {
    const finished: [string, number][] = [];
    const { world } = toys(
      1,
      (event) => {
        if (event.type === "evaluation-finished") finished.push([event.task, event.at - EPOCH_MS]);
        return event.type === "started"
          ? ([request("a"), request("b"), request("c"), { type: "cancel-evaluation", task: "a" }] as const)
          : [];
      },
      {
        evaluatorOf: () => ({
          costMicros: () => 10_000,
          outcome: () => ({ type: "abstained", reason: "test" }),
          concurrency: 1,
          progressSteps: 0,
        }),
      },
    );
    world.runUntil(1_000_000);
    assert.deepEqual(finished, [
      ["b", 10],
      ["c", 20],
    ]);
  });

  it("trace: same seed twice: equal; another seed: not", () => {
    assert.equal(run(9), run(9));
    assert.notEqual(run(9), run(10));
  });
});

describe("simulator: ideal signatures", () => {
  it("right key: valid; other key, digest, kind or a changed bit: not", () => {
    const signed = message(keys.signer(0), "hello");
    assert.equal(verifyMessage(keys.verifier, undefined, signed), true);
    assert.equal(verifyMessage(keys.verifier, undefined, { ...signed, signer: keys.signer(1).id }), false);
    assert.equal(verifyMessage(keys.verifier, undefined, { ...signed, kind: "other" }), false);
    assert.equal(verifyMessage(keys.verifier, undefined, { ...signed, body: new Uint8Array([1]) }), false);
    for (let byte = 0; byte < signed.signature.length; byte += 1) {
      const changed = signed.signature.slice();
      changed[byte] = (changed[byte] as number) ^ 1;
      assert.equal(verifyMessage(keys.verifier, undefined, { ...signed, signature: changed }), false);
    }
    const digest = signingDigest("toy", undefined, signed.body);
    for (let byte = 0; byte < digest.length; byte += 1) {
      const changed = digest.slice();
      changed[byte] = (changed[byte] as number) ^ 128;
      assert.equal(keys.verifier.verify(changed, signed.signature, signed.signer), false);
    }
    assert.equal(textOf(signed), "hello");
  });
});
