import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import * as fc from "fast-check";
import { CHUNK_BYTES_DEFAULT } from "../../../sage/sealing/index.ts";
import { concat, type Hash, hashOf } from "../../../src/model/index.ts";
import { readOpenPart } from "../../../src/packages/bundle/index.ts";
import { nativeAead } from "../../../src/node/packing/native-aead.ts";
import {
  type BundleSink,
  openSealed,
  opening,
  PROBLEM_FILE,
  packContestProblem,
  packProblem,
  sealing,
} from "../../../src/node/packing/index.ts";
import { readContest } from "../../../src/packages/index.ts";
import { type Problem, testsOf } from "../../../src/model/problem.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { collect } from "../../support/streams.ts";
import { PACKAGE, readTree, writeTree } from "../../support/trees.ts";

class MemorySink implements BundleSink {
  readonly files = new Map<Hash, Uint8Array>();
  async add(source: AsyncIterable<Uint8Array>): Promise<Hash> {
    const bytes = await collect(source);
    this.files.set(hashOf(bytes), bytes);
    return hashOf(bytes);
  }
  async *stream(name: Hash, pieceBytes = 1000): AsyncGenerator<Uint8Array> {
    const bytes = this.files.get(name) ?? new Uint8Array();
    for (let at = 0; at < bytes.length; at += pieceBytes)
      yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
  }
}

const key = new Uint8Array(32).fill(5);

test("packing: a package: opens with its key to what was packed, the same bytes every time", async (t) => {
  const directory = await temporaryDirectory(t);
  const source = await writeTree(path.join(directory, "hello"), PACKAGE);
  const sink = new MemorySink();
  const options = { id: "hello", name: "Hello", directory: source, key };
  const packed = await packProblem(options, sink);
  assert.deepEqual(await packProblem(options, new MemorySink()), packed);
  const other = await packProblem({ ...options, key: new Uint8Array(32) }, new MemorySink());
  assert.equal(other.contentHash, packed.contentHash);
  assert.notEqual(other.sealedBundle, packed.sealedBundle);

  const part = await readOpenPart(sink.stream(packed.openBundle));
  assert.deepEqual([part.id, part.name, part.sealedBundle], ["hello", "Hello", packed.sealedBundle]);
  await openSealed(sink.stream(part.sealedBundle), key, path.join(directory, "out"), part.contentHash);
  const opened = await readTree(path.join(directory, "out"));
  assert.equal(opened["data/secret/1.ans"], "hello\n");
  assert.equal(Object.keys(opened).length, packed.files);
});

test("packing: before the key: neither file names nor texts are in what is distributed", async (t) => {
  const directory = await temporaryDirectory(t);
  const source = await writeTree(path.join(directory, "hello"), PACKAGE);
  const sink = new MemorySink();
  await packProblem({ id: "hello", name: "Hello", directory: source, key }, sink);
  for (const bytes of sink.files.values()) {
    for (const secret of ["Say it", "problemname", "secret", "1.ans", "time_limit", "hello\n"]) {
      assert.equal(Buffer.from(bytes).includes(secret), false, secret);
    }
  }
});

test("packing: wrong key, other content, damaged, cut, too long: refused with its code, nothing left", async (t) => {
  const directory = await temporaryDirectory(t);
  const source = await writeTree(path.join(directory, "hello"), PACKAGE);
  const sink = new MemorySink();
  const { sealedBundle, contentHash } = await packProblem({ id: "hello", name: "Hello", directory: source, key }, sink);
  const good = sink.files.get(sealedBundle) ?? new Uint8Array();
  const altered = good.slice();
  altered[good.length - 20] = (altered[good.length - 20] ?? 0) ^ 1;
  const target = path.join(directory, "out");
  const cases = [
    ["wrong key", good, new Uint8Array(32), "DIKAST_BUNDLE_WRONG_KEY"],
    ["a short key", good, new Uint8Array(3), "DIKAST_BUNDLE_WRONG_KEY"],
    ["no sealed file", concat(new Uint8Array(100), good), key, "DIKAST_BUNDLE_NOT_SEALED"],
    ["damaged", altered, key, "DIKAST_BUNDLE_DAMAGED"],
    ["cut in a chunk", good.subarray(0, -1), key, "DIKAST_BUNDLE_DAMAGED"],
    ["cut after the header", good.subarray(0, 88), key, "DIKAST_BUNDLE_CUT"],
    ["cut in the header", good.subarray(0, 30), key, "DIKAST_BUNDLE_NOT_SEALED"],
    ["empty", new Uint8Array(), key, "DIKAST_BUNDLE_CUT"],
    ["too long", concat(good, new Uint8Array(1)), key, "DIKAST_BUNDLE_DAMAGED"],
  ] as const;
  for (const [name, bytes, withKey, code] of cases) {
    sink.files.set(sealedBundle, bytes);
    for (const pieceBytes of [7, 100_000]) {
      await assert.rejects(openSealed(sink.stream(sealedBundle, pieceBytes), withKey, target), { code }, name);
    }
  }
  sink.files.set(sealedBundle, good);
  const stranger = contentHash.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) as Hash;
  await assert.rejects(openSealed(sink.stream(sealedBundle), key, target, stranger), {
    code: "DIKAST_BUNDLE_OTHER_CONTENT",
  });
  assert.deepEqual(await readdir(directory), ["hello"]);
});

test("packing: an aborted pack: rejects with the reason", async (t) => {
  const directory = await temporaryDirectory(t);
  const source = await writeTree(path.join(directory, "hello"), PACKAGE);
  const reason = new Error("enough");
  const options = { id: "hello", name: "Hello", directory: source, key, signal: AbortSignal.abort(reason) };
  await assert.rejects(packProblem(options, new MemorySink()), reason);
});

test("packing: a large file through sealing and opening: never more than a few chunks on the way", async () => {
  const piece = new Uint8Array(64 * 1024).fill(1);
  const pieces = 400;
  let pulled = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < pieces; index += 1) {
      pulled += piece.length;
      yield await Promise.resolve(piece);
    }
  }
  const options = { key, plainBytes: pieces * piece.length, contentHash: new Uint8Array(32) };
  let given = 0;
  let ahead = 0;
  for await (const bytes of opening(key)(sealing(options)(source()))) {
    ahead = Math.max(ahead, pulled - given);
    given += bytes.length;
  }
  assert.equal(given, options.plainBytes);
  assert.ok(ahead <= 3 * CHUNK_BYTES_DEFAULT, `${ahead} bytes ahead`);
});

test("packing: the native cipher: gives and accepts exactly what the reference does", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 24, maxLength: 24 }),
      fc.option(fc.uint8Array(), { nil: undefined }),
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(),
      (k, nonce, aad, plain, place) => {
        const sealed = xchacha20poly1305(k, nonce, aad).encrypt(plain);
        assert.deepEqual(nativeAead(k, nonce, aad).encrypt(plain), sealed);
        assert.deepEqual(nativeAead(k, nonce, aad).decrypt(sealed), plain);
        const altered = sealed.slice();
        const at = place % sealed.length;
        altered[at] = (altered[at] ?? 0) ^ 1;
        assert.throws(() => nativeAead(k, nonce, aad).decrypt(altered));
        assert.throws(() => nativeAead(k, nonce, aad).decrypt(sealed.subarray(0, 15)));
      },
    ),
  );
});

test("packing: a contest's problem: every file that its judge reads is there, wherever it lies", async (t) => {
  const directory = await temporaryDirectory(t);
  await writeTree(path.join(directory, "hello"), {
    ...PACKAGE,
    "data/shared/big.in": "the real input\n",
    // A link that became a plain file.
    "data/secret/2.in": "../shared/big.in",
    "data/secret/2.ans": "hello\n",
    "output_validator/main.py": "import sys\nsys.exit(42)\n",
    "output_validator/help.py": "x = 1\n",
    "include/python3/given.py": "y = 2\n",
  });
  const { problems } = await readContest(directory);
  const [problem] = problems;
  assert.ok(problem !== undefined);
  const sink = new MemorySink();
  const entry = await packContestProblem(problem, key, sink);
  assert.deepEqual(await packContestProblem(problem, key, new MemorySink()), entry);
  await openSealed(
    sink.stream(entry.sealedBundle as Hash),
    key,
    path.join(directory, "out"),
    entry.package ?? undefined,
  );
  const files = await readTree(path.join(directory, "out"));
  const judged = JSON.parse(files[PROBLEM_FILE] ?? "") as Problem;
  assert.deepEqual(judged, problem.package.problem);
  assert.ok(judged.validator.type === "custom");
  const needed = [
    ...testsOf(judged.root).flatMap((each) => [each.inputFile, each.answerFile]),
    ...judged.validator.program.files,
    ...(judged.includes ?? []).flatMap((each) => each.files),
  ];
  assert.ok(needed.includes("data/shared/big.in"));
  for (const file of needed) assert.ok(Object.hasOwn(files, file), file);
});

const scoring = (type: string, group?: string): Record<string, string> => ({
  ...PACKAGE,
  "problem.yaml": `problem_format_version: 2025-09\nuuid: ${type}\nname: N\ntype: ${type}\nlicense: cc0\n`,
  ...(group === undefined ? {} : { "data/secret/test_group.yaml": group }),
});

test("packing: points: as the package says, or as contest.yaml says; pass-fail problems are worth 100", async (t) => {
  const root = await temporaryDirectory(t);
  const packages = {
    passing: scoring("pass-fail"),
    hundred: scoring("scoring"),
    forty: scoring("scoring", "max_score: 40\n"),
    endless: scoring("scoring", "max_score: unbounded\n"),
    scaled: scoring("scoring", "max_score: 40\n"),
  };
  const files = Object.entries(packages).flatMap(([name, tree]) =>
    Object.entries(tree).map(([file, content]) => [`${name}/${file}`, content] as const),
  );
  const problems = Object.keys(packages).map((id) => `  - { id: ${id}${id === "scaled" ? ", points: 100" : ""} }\n`);
  const source = await writeTree(path.join(root, "contest"), {
    ...Object.fromEntries(files),
    "contest.yaml": `problems:\n${problems.join("")}`,
  });
  const contest = await readContest(source);
  const entries = [];
  for (const problem of contest.problems) entries.push(await packContestProblem(problem, key, new MemorySink()));
  assert.deepEqual(
    entries.map(({ id, pointsMicros, fullScoreMicros }) => [id, pointsMicros, fullScoreMicros]),
    [
      ["passing", 100_000_000, 1_000_000],
      ["hundred", 100_000_000, 100_000_000],
      ["forty", 40_000_000, 40_000_000],
      ["endless", 0, null],
      ["scaled", 100_000_000, 40_000_000],
    ],
  );
  await writeTree(source, { "contest.yaml": "problems:\n  - { id: endless, points: 10 }\n" });
  await assert.rejects(readContest(source), /contest.yaml:2: "points" cannot scale "endless"/);
});
