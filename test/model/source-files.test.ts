import assert from "node:assert/strict";
import { test } from "node:test";
import {
  codec,
  hasDistinctNames,
  sourceBytesOf,
  sourceFilesOf,
  submission,
  SUBMISSION_BYTES_MAX,
} from "../../src/model/index.ts";

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const body = {
  problem: "sum",
  language: "cpp",
  filename: "main.cpp",
  source: bytes(10),
  companions: [{ filename: "graph.h", source: bytes(5) }],
  nonce: bytes(16),
  at: 1,
} as const;

test("submission: several files: all of them, the main one first, and their bytes together", () => {
  assert.deepEqual(
    sourceFilesOf(body).map(({ filename }) => filename),
    ["main.cpp", "graph.h"],
  );
  assert.equal(sourceBytesOf(body), 15);
  const encoded = codec.encode(submission, body);
  assert.deepEqual(codec.decode(submission, encoded, SUBMISSION_BYTES_MAX), body);
});

test("submission: a name twice: told", () => {
  assert.ok(hasDistinctNames(body));
  assert.ok(!hasDistinctNames({ ...body, companions: [{ filename: "main.cpp", source: bytes(1) }] }));
});

test("submission: more than 31 files beside the main one, or a path as a name: not decoded", () => {
  const many = Array.from({ length: 32 }, (_, index) => ({ filename: `f${index}.h`, source: bytes(1) }));
  const paths = [{ filename: "../x.h", source: bytes(1) }];
  for (const companions of [many, paths]) {
    assert.throws(() => {
      const encoded = codec.encode(submission, { ...body, companions });
      assert.notEqual(codec.decode(submission, encoded, SUBMISSION_BYTES_MAX), undefined);
    });
  }
});
