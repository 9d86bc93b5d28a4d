import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { open, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { type ContestId, hashOf } from "../../../src/model/index.ts";
import { BundleFiles, fetchBundle, serveBundles } from "../../../src/node/bundles/index.ts";
import { createLibp2pNetwork, type Libp2pNetwork } from "../../../src/node/network/index.ts";
import { Recorder } from "../../compliance/network.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { eventually } from "../../support/eventually.ts";
import { secretKeyFor } from "../../support/keys.ts";

const contest = hashOf(new TextEncoder().encode("bundles")) as ContestId;
const CHUNK = 256 * 1024;

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // Odd pieces, so that chunks do not fall on their borders.
  for (let at = 0; at < bytes.length; at += 100_003) yield bytes.subarray(at, at + 100_003);
}

async function contentOf(files: BundleFiles, id: Parameters<BundleFiles["chunks"]>[0]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of files.chunks(id)) parts.push(chunk);
  return Buffer.concat(parts);
}

interface Peer {
  readonly network: Libp2pNetwork;
  readonly files: BundleFiles;
  readonly directory: string;
}

async function peers(context: TestContext, count: number): Promise<readonly Peer[]> {
  const made: Peer[] = [];
  for (let index = 0; index < count; index += 1) {
    const secretKey = secretKeyFor(`bundle peer ${index}`);
    const network = await createLibp2pNetwork({ secretKey, contest, listen: ["/ip4/127.0.0.1/tcp/0"] });
    const directory = await temporaryDirectory(context);
    const files = new BundleFiles(directory);
    await serveBundles(network.host, files);
    await network.start(new Recorder());
    context.after(() => network.stop());
    made.push({ network, files, directory });
  }
  const [first] = made as [Peer];
  for (const { network } of made.slice(1)) network.remember(first.network.id, first.network.addresses(), true);
  await eventually("all are connected", () =>
    made.every(({ network }) => network.peers().filter(({ connected }) => connected).length === count - 1),
  );
  return made;
}

const sourcesOf =
  ({ network }: Peer) =>
  () =>
    network
      .peers()
      .filter(({ connected }) => connected)
      .map(({ id }) => id);
const never = new AbortController().signal;

test("bundles: any length: what comes out is what went in, equal content has equal names", async (context) => {
  const files = new BundleFiles(await temporaryDirectory(context));
  const names = new Set<string>();
  for (const length of [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]) {
    const content = new Uint8Array(randomBytes(length));
    const id = await files.add(streamOf(content));
    names.add(id);
    assert.equal(await files.add(streamOf(content)), id);
    assert.ok(await files.isComplete(id));
    assert.deepEqual(await contentOf(files, id), Buffer.from(content));
  }
  assert.equal(names.size, 5);
});

test("bundles: fetched from several peers at once: complete, then served onwards", async (context) => {
  const [a, b, c] = (await peers(context, 3)) as [Peer, Peer, Peer];
  const content = new Uint8Array(randomBytes(40 * CHUNK + 17));
  const id = await a.files.add(streamOf(content));
  assert.ok(await fetchBundle(id, { host: b.network.host, files: b.files, sources: sourcesOf(b), signal: never }));
  let chunks = 0;
  const onProgress = (done: number): void => void (chunks = Math.max(chunks, done));
  assert.ok(
    await fetchBundle(id, { host: c.network.host, files: c.files, sources: sourcesOf(c), signal: never, onProgress }),
  );
  assert.equal(chunks, 41);
  assert.deepEqual(await contentOf(c.files, id), Buffer.from(content));
});

test("bundles: nobody has it: no bundle, no harm", async (context) => {
  const [a] = (await peers(context, 2)) as [Peer, Peer];
  const id = hashOf(new Uint8Array([9]));
  assert.equal(
    await fetchBundle(id, { host: a.network.host, files: a.files, sources: sourcesOf(a), signal: never }),
    false,
  );
  assert.equal(await a.files.isComplete(id), false);
});

test("bundles: a peer whose chunk is damaged: the chunk is refused and comes from another one", async (context) => {
  const [bad, good, fetcher] = (await peers(context, 3)) as [Peer, Peer, Peer];
  const content = new Uint8Array(randomBytes(20 * CHUNK));
  const id = await bad.files.add(streamOf(content));
  await good.files.add(streamOf(content));
  const damaged = await open(path.join(bad.directory, `${id}.bundle`), "r+");
  await damaged.write(new Uint8Array([content[5 * CHUNK]! ^ 1]), 0, 1, 5 * CHUNK);
  await damaged.close();
  const options = { host: fetcher.network.host, files: fetcher.files, signal: never };
  // The bad one alone cannot complete it, but what it had right is kept.
  assert.equal(await fetchBundle(id, { ...options, sources: () => [bad.network.id] }), false);
  let fetched = 0;
  const onProgress = (done: number): void => void (fetched = done);
  assert.ok(await fetchBundle(id, { ...options, sources: () => [good.network.id], onProgress }));
  assert.equal(fetched, 20);
  assert.deepEqual(await contentOf(fetcher.files, id), Buffer.from(content));
});

test("bundles: broken off in the middle: goes on with the chunks that are missing", async (context) => {
  const [a, b] = (await peers(context, 2)) as [Peer, Peer];
  const content = new Uint8Array(randomBytes(10 * CHUNK));
  const id = await a.files.add(streamOf(content));
  const index = await readFile(path.join(a.directory, `${id}.index`));
  await writeFile(path.join(b.directory, `${id}.index`), index);
  await writeFile(path.join(b.directory, `${id}.bundle.partial`), content.subarray(0, 4 * CHUNK + 1));
  const seen: number[] = [];
  const options = { host: b.network.host, files: b.files, sources: sourcesOf(b), signal: never };
  assert.ok(await fetchBundle(id, { ...options, onProgress: (done) => seen.push(done) }));
  assert.deepEqual(seen, [5, 6, 7, 8, 9, 10]);
  assert.deepEqual((await readdir(b.directory)).toSorted(), [`${id}.bundle`, `${id}.index`]);
});

test("bundles: an incomplete one: is not offered to others", async (context) => {
  const [a, b] = (await peers(context, 2)) as [Peer, Peer];
  const id = await a.files.add(streamOf(new Uint8Array(randomBytes(2 * CHUNK))));
  await rename(path.join(a.directory, `${id}.bundle`), path.join(a.directory, `${id}.bundle.partial`));
  assert.equal(
    await fetchBundle(id, { host: b.network.host, files: b.files, sources: sourcesOf(b), signal: never }),
    false,
  );
});

test("bundles: many at once from one peer: all arrive, no stream is left behind", async (context) => {
  const [a, b] = (await peers(context, 2)) as [Peer, Peer];
  const ids = await Promise.all(
    [...Array(12)].map(() => a.files.add(streamOf(new Uint8Array(randomBytes(CHUNK + 1))))),
  );
  const options = { host: b.network.host, files: b.files, sources: sourcesOf(b), signal: never };
  const missing = new Set(ids);
  await eventually("all are here", async () => {
    await Promise.all(
      [...missing].map(async (id) => ((await fetchBundle(id, options)) ? missing.delete(id) : undefined)),
    );
    return missing.size === 0;
  });
  const [connection] = b.network.host.getConnections();
  await eventually(
    "streams are closed",
    () => connection?.streams.every(({ protocol }) => protocol !== "/dikast/bundle/1") === true,
  );
});
