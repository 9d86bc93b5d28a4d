import assert from "node:assert/strict";
import { test } from "node:test";
import { type Effect, type Event, instant, nobleSigner, type StoredRecord } from "../../../src/model/index.ts";
import { Driver, type Judge, type Machine } from "../../../src/node/driver/index.ts";
import type { Store } from "../../../src/node/store/index.ts";
import { messageOf } from "../../compliance/network.ts";
import { eventually } from "../../support/eventually.ts";
import { secretKeyFor } from "../../support/keys.ts";
import { MemoryHub, MemoryNetwork } from "../../support/memory-network.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const secretKey = secretKeyFor("driver");
const { id } = nobleSigner(secretKey);
const other = nobleSigner(secretKeyFor("other")).id;
const note = (text: string) => messageOf({ secretKey, network: undefined as never }, text);

/** A store whose writes become durable when the test says so. */
class HeldStore extends MemoryStore {
  held: (() => void)[] = [];
  override async write(writes: Parameters<MemoryStore["write"]>[0]): Promise<void> {
    await new Promise<void>((resolve) => this.held.push(resolve));
    await super.write(writes);
  }
  releaseNext(): void {
    this.held.shift()?.();
  }
}

interface Rig {
  readonly driver: Driver;
  readonly done: string[];
  readonly events: Event[];
  readonly fatal: unknown[];
}

function rig(react: (event: Event) => readonly Effect[], store: Store = new MemoryStore(), judge?: Judge): Rig {
  const done: string[] = [];
  const events: Event[] = [];
  const fatal: unknown[] = [];
  const network = new MemoryNetwork(new MemoryHub(), id);
  network.send = (_to, message) => void done.push(`send ${new TextDecoder().decode(message.body)}`);
  const machine: Machine = {
    step(event) {
      events.push(event);
      return react(event);
    },
  };
  const driver = new Driver({
    machine,
    store,
    network,
    judge: judge ?? (async () => ({ type: "abstained", reason: "no judge" })),
    slots: 1,
    now: () => instant(Date.now()),
    laneOf: (kind) => (kind === "vote" ? "urgent" : "normal"),
    onNotice: ({ type }) => done.push(`notice ${type}`),
    onFatal: (error) => fatal.push(error),
  });
  return { driver, done, events, fatal };
}

const store = (key: string): Effect => ({ type: "store", writes: [{ key, value: new Uint8Array() }] });
const send = (text: string): Effect => ({ type: "send", to: other, message: note(text) });
const evaluate = (task: string): Effect => ({
  type: "evaluate",
  request: {
    task,
    problem: "p",
    revision: 0,
    language: "cpp",
    files: [{ filename: "a.cpp", source: new Uint8Array() }],
  },
});
const notify = (type: string): Effect => ({ type: "notify", notice: { type } });

test("driver: effects around a store: those after it wait until it is durable, in order", async () => {
  const held = new HeldStore();
  const { driver, done } = rig(() => [send("1"), store("a"), send("2"), notify("3")], held);
  driver.start();
  assert.deepEqual(done, ["send 1"]);
  assert.equal(held.records.size, 0);
  held.releaseNext();
  await eventually("the rest is done", () => done.length === 3);
  assert.deepEqual(done, ["send 1", "send 2", "notice 3"]);
  assert.ok(held.records.has("a"));
});

test("driver: steps during a slow write: their effects wait, their stores share the next write", async () => {
  const held = new HeldStore();
  let step = 0;
  const { driver, done } = rig(() => [store(`${(step += 1)}`), send(`${step}`)], held);
  for (let count = 0; count < 4; count += 1) driver.onPeerConnected(other);
  assert.equal(held.held.length, 1);
  held.releaseNext();
  await eventually("the first is done", () => done.length === 1);
  assert.equal(held.held.length, 1);
  held.releaseNext();
  await eventually("all are done", () => done.length === 4);
  assert.deepEqual(done, ["send 1", "send 2", "send 3", "send 4"]);
  assert.equal(held.batches.length, 2);
});

test("driver: a store that fails: nothing after it is done, the node is told to stop once", async () => {
  const failing = new MemoryStore();
  failing.write = async () => {
    throw new Error("disk full");
  };
  const { driver, done, fatal } = rig(() => [store("a"), send("never")], failing);
  driver.start();
  await eventually("fatal", () => fatal.length === 1);
  driver.onPeerConnected(other);
  assert.deepEqual(done, []);
  assert.equal(fatal.length, 1);
});

test("driver: a machine that throws: the node is told to stop, later events are not stepped", () => {
  const { driver, events, fatal } = rig(() => {
    throw new Error("our bug");
  });
  driver.start();
  driver.start();
  assert.equal(fatal.length, 1);
  assert.equal(events.length, 1);
});

test("driver: timers: set again moves, cleared never fires, even while an earlier store is not durable", async () => {
  const held = new HeldStore();
  const now = Date.now();
  const { driver, events } = rig((event) => {
    if (event.type !== "started") return [];
    return [
      store("slow"),
      { type: "set-timer", timer: "cleared", at: instant(now + 10) },
      { type: "set-timer", timer: "moved", at: instant(now + 5) },
      { type: "set-timer", timer: "moved", at: instant(now + 60) },
      { type: "set-timer", timer: "past", at: instant(0) },
      { type: "clear-timer", timer: "cleared" },
    ];
  }, held);
  driver.start();
  await eventually("moved has fired", () =>
    events.some((event) => event.type === "timer-fired" && event.timer === "moved"),
  );
  const fired = events.filter((event) => event.type === "timer-fired");
  assert.deepEqual(
    fired.map(({ timer }) => timer),
    ["past", "moved"],
  );
  assert.ok((fired[1]?.at ?? 0) >= now + 60);
});

test("driver: gossip: answered with the machine's validity; without one it is ignored", async () => {
  const { driver } = rig((event) =>
    event.type === "message-received" && event.via === "gossip" && event.message.kind !== "odd"
      ? [{ type: "validity", outcome: event.message.kind === "bad" ? "reject" : "accept", code: "x" }]
      : [],
  );
  const of = (kind: string) => driver.onGossip(other, { ...note("g"), kind });
  assert.deepEqual(await Promise.all([of("good"), of("bad"), of("odd")]), ["accept", "reject", "ignore"]);
  await driver.stop();
  assert.equal(await of("good"), "ignore");
});

test("driver: a flood of one peer: bounded, urgent messages and other peers come first", async () => {
  const { driver, events } = rig(() => [{ type: "validity", outcome: "accept", code: "" }]);
  for (let count = 0; count < 1_000; count += 1) driver.onMessage(other, note(`${count}`));
  driver.onMessage(id, note("quiet peer"));
  driver.onMessage(other, { ...note("vote"), kind: "vote" });
  await eventually("all are handled", () => events.length === 258);
  assert.equal(driver.counters().inboxDropped, 1_000 - 256);
  const texts = events.map((event) =>
    event.type === "message-received" ? new TextDecoder().decode(event.message.body) : "",
  );
  assert.equal(texts[0], "vote");
  assert.ok(texts.indexOf("quiet peer") <= 2);
});

test("driver: read: sees every earlier store, in key order, within its bounds", async () => {
  const found: (readonly StoredRecord[])[] = [];
  const { driver } = rig((event) => {
    if (event.type === "records-read") found.push(event.records);
    if (event.type !== "started") return [];
    return [
      store("b"),
      store("a"),
      store("c"),
      { type: "read", read: "r", from: "a", to: "z", countMax: 2, bytesMax: 1_000 },
    ];
  });
  driver.start();
  await eventually("answered", () => found.length === 1);
  assert.deepEqual(
    found[0]?.map(({ key }) => key),
    ["a", "b"],
  );
});

test("driver: evaluations: one at a time, progress passed on, cancelled ones say nothing, failures abstain", async () => {
  const running: string[] = [];
  const judge: Judge = async ({ task }, { signal, onProgress }) => {
    running.push(task);
    onProgress(1, 2);
    if (task === "fails") throw new Error("no memory");
    if (task === "endless")
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("cancelled"))));
    return { type: "abstained", reason: "done" };
  };
  const { driver, events } = rig(
    (event) => {
      if (event.type === "started")
        return [
          evaluate("endless"),
          evaluate("fails"),
          evaluate("dropped"),
          { type: "cancel-evaluation", task: "dropped" },
        ];
      return event.type === "peer-connected" ? [{ type: "cancel-evaluation", task: "endless" }] : [];
    },
    new MemoryStore(),
    judge,
  );
  driver.start();
  await eventually("the first runs", () => events.some(({ type }) => type === "evaluation-progressed"));
  assert.deepEqual(running, ["endless"]);
  driver.onPeerConnected(other);
  await eventually("the second is finished", () => events.some(({ type }) => type === "evaluation-finished"));
  const finished = events.filter((event) => event.type === "evaluation-finished");
  assert.deepEqual(
    finished.map(({ task, outcome }) => [task, outcome]),
    [["fails", { type: "abstained", reason: "no memory" }]],
  );
  assert.deepEqual(running, ["endless", "fails"]);
});

test("driver: commands: each hears its own replies until the final one", async () => {
  const { driver } = rig((event) =>
    event.type === "command-received"
      ? [
          { type: "reply", request: event.request, body: `${event.command.type} news`, final: false },
          { type: "reply", request: event.request, body: `${event.command.type} end`, final: true },
          { type: "reply", request: event.request, body: "too late", final: true },
        ]
      : [],
  );
  const heard: string[] = [];
  driver.command({ type: "a" }, (body, final) => heard.push(`${String(body)} ${final}`));
  driver.command({ type: "b" }, (body, final) => heard.push(`${String(body)} ${final}`));
  assert.deepEqual(heard, ["a news false", "a end true", "b news false", "b end true"]);
});

test("driver: stopped with messages in its inbox: none is stepped, gossip is answered, nothing keeps running", async () => {
  const { driver, events } = rig(() => [{ type: "validity", outcome: "accept", code: "" }]);
  const answers = [...Array(3)].map(() => driver.onGossip(other, note("late")));
  driver.onMessage(other, note("late too"));
  await driver.stop();
  assert.deepEqual(await Promise.all(answers), ["ignore", "ignore", "ignore"]);
  assert.equal(events.length, 0);
  // A drain that schedules itself for ever would show as a busy event loop.
  const before = performance.eventLoopUtilization();
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(performance.eventLoopUtilization(before).utilization < 0.9);
});
