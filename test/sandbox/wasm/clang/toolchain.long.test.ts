import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createClangToolchain } from "../../../../sandbox/wasm/clang/index.ts";
import { CACHE_DIRECTORY, ClangWorker } from "./harness.ts";

const PROGRAM = {
  files: {
    "a.cc":
      "#include <bits/stdc++.h>\nint main() { std::map<int, std::string> m; std::cin >> m[3]; std::cout << m[3]; }\n",
  },
  stdin: "word",
};
const compiledBytes = async (worker: ClangWorker): Promise<Uint8Array> => {
  const outcome = await worker.run({ ...PROGRAM, run: false });
  assert.equal(outcome.type, "compiled", outcome.log);
  return outcome.type === "compiled" ? outcome.module : new Uint8Array(0);
};

const source = (i: number) => ({
  run: false,
  language: "c" as const,
  files: { "a.c": `#include <stdio.h>\nint main(void) { printf("%d", ${i}); }` },
});

describe("clang, as a part of the evaluator", () => {
  const directory = mkdtempSync(join(tmpdir(), "dikast-clang-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  test("clang: two workers, before and after other compiles: the same bytes", async () => {
    const workers = [new ClangWorker(), new ClangWorker()];
    try {
      const [first, second] = await Promise.all(workers.map(compiledBytes));
      assert.deepEqual(first, second);
      await workers[0]?.run({ files: { "b.cc": "template <int N> struct A { A<N + 1> a; };\nA<0> a;" } });
      assert.deepEqual(await compiledBytes(workers[0] as ClangWorker), first);
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
  });

  test("clang: cached header, machine code and places of loops damaged: made anew, the same bytes", {
    timeout: 600_000,
  }, async () => {
    const reference = new ClangWorker();
    const expected = await compiledBytes(reference);
    await reference.close();
    cpSync(CACHE_DIRECTORY, directory, { recursive: true });
    const entries = readdirSync(directory).filter((name) => name.startsWith("clang-"));
    for (const kind of ["clang-stdc++.pch-", "clang-code-", "clang-sites-"])
      assert.ok(
        entries.some((name) => name.startsWith(kind)),
        kind,
      );
    for (const [index, name] of entries.entries()) {
      const path = join(directory, name);
      if (index % 3 === 0) truncateSync(path, 1000);
      else if (index % 3 === 1) writeFileSync(path, "");
      else {
        const bytes = readFileSync(path);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
        writeFileSync(path, bytes);
      }
    }
    const worker = new ClangWorker(directory);
    try {
      assert.deepEqual(await compiledBytes(worker), expected);
    } finally {
      await worker.close();
    }
  });

  test("clang: worker terminated in the middle of a compile: another one compiles", async () => {
    const endless = {
      files: {
        "a.cc": `constexpr int f(int n) { int s = 0; for (int i = 0; i < 900000; i++) s ^= i * n; return s; }\n${Array.from({ length: 5000 }, (_, i) => `constexpr int x${i} = f(${i});`).join("\n")}\nint main() {}`,
      },
      compileLimits: { timeMs: 3_600_000 },
    };
    const worker = new ClangWorker();
    await worker.run({ files: { "a.cc": "int main() {}" } });
    const stopped = worker.run(endless);
    await worker.close();
    await assert.rejects(stopped, /ended/);
    const next = new ClangWorker();
    const ran = await next.run(PROGRAM);
    assert.equal(ran.type === "ran" ? ran.stdout : ran.log, "word");
    await next.close();
  });

  test("clang: many compiles: memory does not grow with them", async () => {
    const worker = new ClangWorker();
    try {
      for (let i = 0; i < 20; i++) await worker.run(source(i));
      const before = worker.rssBytes;
      for (let i = 0; i < 60; i++) await worker.run(source(i));
      const grown = worker.rssBytes - before;
      // Each compile's memory is 20 MB: keeping any would show.
      assert.ok(grown < 100 * 1024 * 1024, `${grown} bytes`);
    } finally {
      await worker.close();
    }
  });

  test("clang: parts: name the compiler, its headers, ours and the flags; equal for both languages", () => {
    const { c, cpp } = createClangToolchain({ cacheDirectory: CACHE_DIRECTORY });
    assert.deepEqual(c.parts, cpp.parts);
    assert.equal([c.language, cpp.language].join(), "c,cpp");
    for (const name of ["compiler", "resources", "additions", "flags"]) {
      assert.match(c.parts[`clang.${name}`] ?? "", /^[0-9a-f]{64}$/);
    }
  });

  test("clang: an aborted signal: nothing is compiled", async () => {
    const { cpp } = createClangToolchain({ cacheDirectory: CACHE_DIRECTORY });
    const signal = AbortSignal.abort(new Error("stop"));
    await assert.rejects(cpp.compile([], { timeMs: 1, memoryMiB: 1 }, signal), /stop/);
  });
});
