/**
 * How long an audit takes: made contests of real signatures, written as archives and audited. The limit is 60 s for 10,000
 * submissions on one core (issue 5 "How good").
 *
 *     node bench/audit.ts [submissions] [receipts per block]
 */
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { auditArchive, auditDirectory, exportArchive } from "../src/archive/index.ts";
import { BundleFiles } from "../src/node/bundles/index.ts";
import { fastVerifier, hasNativeCrypto } from "../src/node/identity/index.ts";
import { openStore } from "../src/node/store/index.ts";
import { ContestMaker } from "../test/support/contest-maker.ts";

const LIMIT_S = 60;
const submissions = Number(process.argv[2] ?? 10_000);
const perBlock = Number(process.argv[3] ?? 1);

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly s: number }> {
  const startedMs = performance.now();
  const result = await work();
  return { result, s: (performance.now() - startedMs) / 1000 };
}

const directory = await mkdtemp(path.join(tmpdir(), "dikast-bench-audit-"));
try {
  const store = await openStore(path.join(directory, "store"));
  const made = await timed(async () => {
    const maker = new ContestMaker({ participants: 100, submissions, perBlock, finalize: true });
    for (let from = 0; from < maker.writes.length; from += 1000)
      await store.write(maker.writes.slice(from, from + 1000));
  });
  const file = path.join(directory, "archive");
  const source = { store, files: new BundleFiles(path.join(directory, "bundles")) };
  const written = await timed(async () => await exportArchive(source, file, { sources: true, bundles: true }));
  await store.close();
  const { directory: own, cleanUp } = await auditDirectory();
  const { result, s } = await timed(
    async () =>
      await auditArchive(createReadStream(file, { highWaterMark: 1 << 20 }), {
        verifier: fastVerifier,
        directory: own,
      }),
  );
  await cleanUp();
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.reason}`);
  const { blocks, signatures } = result.audited;
  const { size } = await stat(file);
  console.log(
    `${submissions} submissions, ${perBlock} receipts per block, ${blocks} blocks, ${(size / 2 ** 20).toFixed(1)} MiB; native crypto: ${hasNativeCrypto}`,
  );
  console.log(`made in ${made.s.toFixed(1)} s, written in ${written.s.toFixed(1)} s`);
  console.log(
    `audited in ${s.toFixed(1)} s (${((100 * s) / LIMIT_S).toFixed(0)} % of the limit): ${signatures} signatures, ${((1e6 * s) / signatures).toFixed(0)} µs each, ${((1000 * s) / submissions).toFixed(2)} ms per submission`,
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}
