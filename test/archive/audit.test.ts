/** Archives (issue 5 "After"): reproducible, audited offline, and any byte that was changed is found. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import * as fc from "fast-check";
import {
  auditArchive,
  type AuditOptions,
  type AuditResult,
  readArchive,
  recordsOf,
  writeArchive,
} from "../../src/archive/index.ts";
import { hashOf, sha256 } from "../../src/model/index.ts";
import { BundleFiles } from "../../src/node/bundles/index.ts";
import { fastVerifier } from "../../src/node/identity/index.ts";
import { packContestProblem } from "../../src/node/packing/index.ts";
import { readContest } from "../../src/packages/index.ts";
import { ContestMaker, type MadeProblem, MADE_STARTS_AT } from "../support/contest-maker.ts";
import { MemoryStore } from "../support/memory-store.ts";

const EVERYTHING = { sources: true, bundles: true };
let directory: string;
let files: BundleFiles;
let archive: Uint8Array;
let store: MemoryStore;
let maker: ContestMaker;

async function bytesOf(from: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of from) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 10_000) yield bytes.subarray(from, from + 10_000);
}

let audits = 0;
async function audit(bytes: Uint8Array, options: Partial<AuditOptions> = {}): Promise<AuditResult> {
  audits += 1;
  const own = path.join(directory, `audit ${audits}`);
  const result = await auditArchive(streamOf(bytes), { verifier: fastVerifier, directory: own, ...options });
  await rm(own, { recursive: true, force: true });
  return result;
}

/** With an end that fits what comes before it, as a forger would make it. */
function resealed(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 37;
  const made = bytes.slice();
  made.set(sha256(bytes.subarray(0, end)), end + 5);
  return made;
}

before(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "dikast-audit-test-"));
  files = new BundleFiles(path.join(directory, "bundles"));
  const contest = await readContest(new URL("../../examples/demo", import.meta.url).pathname);
  const problems: MadeProblem[] = [];
  for (const problem of contest.problems.filter(({ id }) => id === "majority")) {
    const key = hashOf(new TextEncoder().encode(problem.id));
    const bytes = new Uint8Array(Buffer.from(key, "hex"));
    problems.push({ key: bytes, entry: await packContestProblem(problem, bytes, files) });
  }
  maker = new ContestMaker({
    participants: 11,
    submissions: 12,
    perBlock: 3,
    problems,
    finalize: true,
    verdict: (index) => (index % 3 === 0 ? "WA" : "AC"),
  });
  store = new MemoryStore();
  await store.write(maker.writes);
  archive = await bytesOf(writeArchive(recordsOf({ store, files }, EVERYTHING)));
});

after(async () => {
  await rm(directory, { recursive: true, force: true });
});

test("archive: one contest, twice: the same bytes; everything in it holds", async () => {
  const again = await bytesOf(writeArchive(recordsOf({ store, files }, EVERYTHING)));
  assert.deepEqual(again, archive);
  const result = await audit(archive, { contest: maker.contest, reexecute: 5 });
  assert.ok(result.ok, JSON.stringify(result));
  const { log, sources, opened, remarks, kept, voids } = result.audited;
  assert.equal(log.submissions.length, 12);
  assert.equal(sources, 12);
  assert.equal(opened, 1);
  assert.equal(kept.length, 5);
  assert.deepEqual(remarks, []);
  assert.deepEqual(voids, {});
  assert.notEqual(log.finalized, null);
  assert.equal(log.finalized?.board, log.boardHash);
  assert.equal(log.board.rows.filter(({ solved }) => solved === 1).length, 8);
});

test("archive: without sources and bundles: the log still holds, and the reader is told", async () => {
  const bytes = await bytesOf(writeArchive(recordsOf({ store, files }, { sources: false, bundles: false })));
  const result = await audit(bytes);
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.audited.remarks.length, 2);
});

test("archive: of another contest than expected: refused", async () => {
  const result = await audit(archive, { contest: hashOf(new Uint8Array()) });
  assert.ok(!result.ok);
  assert.equal(result.fault.code, "other-contest");
});

test("archive: any byte changed: found", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const damaged = archive.slice();
      damaged[at] = (damaged[at] as number) ^ change;
      assert.equal((await audit(damaged)).ok, false, `byte ${at}`);
    }),
    { numRuns: 60 },
  );
});

test("archive: any byte changed by somebody who mends the file's own hash: found all the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(archive.length - 38), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const damaged = archive.slice();
      damaged[at] = (damaged[at] as number) ^ change;
      assert.equal((await audit(resealed(damaged))).ok, false, `byte ${at}`);
    }),
    { numRuns: 150 },
  );
});

test("archive: every byte of the parts before the bundles, mended: found (each 211th one)", async () => {
  let end = 0;
  for await (const { name, offset } of readArchive(streamOf(archive))) {
    end = offset;
    if (name === "bundle") break;
  }
  for (let at = 0; at < end; at += 211) {
    const damaged = archive.slice();
    damaged[at] = (damaged[at] as number) ^ 1;
    assert.equal((await audit(resealed(damaged))).ok, false, `byte ${at}`);
  }
});

test("archive: cut off anywhere, or with something behind its end: found", async () => {
  for (const length of [0, 10, 40, 1000, archive.length - 38, archive.length - 1]) {
    assert.equal((await audit(archive.subarray(0, length))).ok, false, `${length} bytes`);
  }
  assert.equal((await audit(new Uint8Array([...archive, 0]))).ok, false);
});

type Made = {
  readonly name: "manifest" | "seats" | "roster" | "keys" | "log" | "source" | "bundle" | "chunk" | "end";
  readonly payload: Uint8Array;
};

const forgeries: readonly (readonly [string, (records: readonly Made[]) => readonly Made[], RegExp])[] = [
  ["a block left out", (records) => without(records, "log", 3), /^(gap|wrong-previous)$/],
  ["two blocks swapped", (records) => swapped(records, "log"), /^gap$/],
  ["a source left out", (records) => without(records, "source", 2), /^source$/],
  ["two sources swapped", (records) => swapped(records, "source"), /^source$/],
  ["a bundle's chunk left out", (records) => without(records, "chunk", 1), /^bundle/],
  ["no roster", (records) => records.filter(({ name }) => name !== "roster"), /^order$/],
  ["two manifests", (records) => [records[0] as Made, ...records], /^order$/],
  ["the last source left out", (records) => without(records, "source", 11), /^source$/],
];

function without(records: readonly Made[], name: string, index: number): readonly Made[] {
  const found = records.filter((record) => record.name === name)[index];
  return records.filter((record) => record !== found);
}

function swapped(records: readonly Made[], name: string): readonly Made[] {
  const [one, two] = records.filter((record) => record.name === name).slice(1, 3);
  return records.map((record) => (record === one ? (two as Made) : record === two ? (one as Made) : record));
}

for (const [what, forge, code] of forgeries) {
  test(`archive: ${what}: found`, async () => {
    const records: Made[] = [];
    for await (const { name, payload } of readArchive(streamOf(archive))) records.push({ name, payload });
    async function* forged(): AsyncGenerator<Made> {
      yield* forge(records);
    }
    const result = await audit(await bytesOf(writeArchive(forged())));
    assert.ok(!result.ok);
    assert.match(result.fault.code, code);
  });
}

test("archive: a source is missing at the node: no archive, and a sentence that says what to do", async () => {
  const lacking = new MemoryStore();
  await lacking.write(maker.writes.filter(({ key }) => !key.startsWith("session/body/")));
  await assert.rejects(
    bytesOf(writeArchive(recordsOf({ store: lacking, files }, EVERYTHING))),
    /12 of 12 sources are not at this node/,
  );
});

function lying(lie: Partial<ConstructorParameters<typeof ContestMaker>[0]>): () => ContestMaker {
  return () => new ContestMaker({ participants: 11, submissions: 4, perBlock: 2, ...lie });
}

test("audit: a leader that gives tasks to another cluster than the loads say: its assignments are void, and it is excluded", () => {
  const { audit: found } = lying({ cluster: (wanted) => 1 - wanted })();
  const refused = found.voids.get("assignment: not-least-loaded") ?? 0;
  assert.ok(refused > 0);
  assert.deepEqual([...found.ledger.excluded], [found.ledger.central?.leader]);
  const waiting = [...found.ledger.submissions.values()].filter(({ phase }) => phase === "accepted");
  assert.equal(waiting.length, refused);
});

test("audit: a receipt from before its term, or from the future: found", () => {
  assert.throws(lying({ receiptAt: () => MADE_STARTS_AT - 120_000 }), /receipt-time/);
  assert.throws(lying({ receiptAt: (at) => at + 10_000 }), /receipt-time/);
});
