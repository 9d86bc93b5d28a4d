import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bundlesCheck,
  clockCheck,
  diskCheck,
  peersCheck,
  reachCheck,
  readinessOf,
  registrationCheck,
  runtimeCheck,
} from "../../../src/node/readiness/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";

const reading = (offsetMs: number): { readonly offsetMs: number; readonly errorMs: number } => ({
  offsetMs,
  errorMs: 5,
});
const unanswered = { registered: false, withdrawn: false, rejection: null };
const problem = { label: "A", chunksDone: 1, chunksTotal: 4, fault: null };

const TABLE = [
  ["right", clockCheck([reading(3)]), "ok", /is right \(3 ms off/],
  ["seconds off", clockCheck([reading(4_000)]), "warn", /4000 ms behind/],
  ["minutes off", clockCheck([reading(-300_000)]), "fail", /5 min ahead/],
  ["one peer's clock is wrong", clockCheck([reading(1), reading(2), reading(3_600_000)]), "ok", /2 ms off/],
  ["nobody asked", clockCheck([]), "wait", /nobody/],
  ["alone", peersCheck(0, 0), "wait", /connected to nobody/],
  ["with a sage", peersCheck(3, 1), "ok", /3 peers, 1 of them a sage/],
  ["dialled", reachCheck({ direct: true, observed: "/ip4/192.0.2.7", relayed: [] }, false), "ok", /192\.0\.2\.7/],
  ["relayed", reachCheck({ direct: false, observed: null, relayed: ["/x"] }, false), "ok", /relay/],
  ["cut off", reachCheck({ direct: false, observed: null, relayed: [] }, false), "warn", /nobody can dial/],
  ["untried", reachCheck({ direct: null, observed: null, relayed: [] }, false), "wait", /nobody has tried/],
  ["registered", registrationCheck("juror", "waiting", { ...unanswered, registered: true }), "ok", /as juror/],
  [
    "rejected",
    registrationCheck("participant", "joining", { ...unanswered, rejection: "the name is taken" }),
    "fail",
    /the name is taken/,
  ],
  [
    "withdrawn",
    registrationCheck("participant", "joining", {
      ...unanswered,
      withdrawn: true,
      rejection: "this node has withdrawn",
    }),
    "fail",
    /^this node has withdrawn and only watches$/,
  ],
  ["unanswered", registrationCheck("participant", "joining", unanswered), "wait", /no sage has answered/],
  ["fetching", bundlesCheck([{ ...problem, state: "fetching" }]), "wait", /0 of 1 .* 25 %/],
  ["sealed", bundlesCheck([{ ...problem, state: "sealed" }]), "ok", /1 of 1 problem is here, sealed/],
  [
    "disk full",
    bundlesCheck([{ ...problem, state: "failed", fault: "the disk is full" }]),
    "fail",
    /A: the disk is full/,
  ],
  ["an old Node", runtimeCheck(1, "20.1.0"), "fail", /Node 20/],
  ["little memory", runtimeCheck(4, "24.12.0", 2 ** 30), "warn", /1024 MiB/],
] as const;

for (const [situation, check, state, says] of TABLE) {
  test(`readiness: ${check.id}: ${situation}: ${state}`, () => {
    assert.equal(check.state, state);
    assert.match(check.text, says);
    if (state === "fail" && check.id !== "bundles" && check.id !== "registered")
      assert.notEqual(check.fix, "", "there is a way out");
  });
}

test("readiness: disk: room, no room, no folder to write to", async (t) => {
  const directory = await temporaryDirectory(t);
  assert.notEqual((await diskCheck(directory, 0)).state, "fail");
  const full = await diskCheck(directory, 2 ** 60);
  assert.deepEqual([full.state, full.fix === ""], ["fail", false]);
  assert.equal((await diskCheck("/dev/null/nowhere", 0)).state, "fail");
});

test("readiness: one thing fails or is waited for: not ready", () => {
  const ok = clockCheck([reading(0)]);
  assert.deepEqual(readinessOf([ok]), { ready: true, healthy: true, checks: [ok] });
  assert.equal(readinessOf([ok, clockCheck([])]).ready, false);
  assert.equal(readinessOf([ok, clockCheck([])]).healthy, true);
  assert.equal(readinessOf([ok, clockCheck([reading(300_000)])]).healthy, false);
});
