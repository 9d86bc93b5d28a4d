import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fastSigner, fastVerifier } from "../../../src/node/identity/index.ts";
import { BundleFiles } from "../../../src/node/bundles/index.ts";
import { openContestSource, organize, type OrganizedContest } from "../../../src/node/organizer/index.ts";
import { openSealed } from "../../../src/node/packing/index.ts";
import { hashOf, type Manifest, openManifest } from "../../../src/model/index.ts";
import { zipFiles } from "../../../src/packages/archive/index.ts";
import { readContest } from "../../../src/packages/index.ts";
import { dikast } from "../../support/dikast.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { secretKeyFor } from "../../support/keys.ts";
import { PACKAGE, readTree, writeTree } from "../../support/trees.ts";

const CONTEST = {
  "contest.yaml": "name: Spring\nregistration: token\nlate_registration: false\nproblems: [hello]\n",
  ...inFolder("hello", PACKAGE),
};

function inFolder(name: string, tree: typeof PACKAGE): Record<string, string | Uint8Array> {
  return Object.fromEntries(Object.entries(tree).map(([file, content]) => [`${name}/${file}`, content]));
}

async function organized(
  context: TestContext,
  source: string,
  keys?: string,
): Promise<{ readonly result: OrganizedContest; readonly manifest: Manifest; readonly directory: string }> {
  const directory = await temporaryDirectory(context);
  const opened = await openContestSource(source, path.join(directory, "work"), keys);
  const signer = fastSigner(secretKeyFor("organizer"));
  const result = await organize({
    dataDirectory: directory,
    files: new BundleFiles(path.join(directory, "bundles")),
    contest: opened.type === "folder" ? await readContest(opened.directory) : opened.contest,
    signer,
    profile: { hash: hashOf(new Uint8Array()), languages: ["python3"] },
    deterministic: true,
    listen: ["/ip4/127.0.0.1/tcp/0"],
    announce: [],
    nowMs: 0,
  });
  const manifest = openManifest(fastVerifier, result.contest, result.manifest);
  assert.ok(manifest !== undefined);
  return { result, manifest, directory };
}

test("contest source: folder, zip and what pack writes: one contest, whose bundles open with its keys", async (t) => {
  const root = await temporaryDirectory(t);
  const folder = await writeTree(path.join(root, "spring"), CONTEST);
  const zip = path.join(root, "spring.zip");
  const entries = Object.entries(CONTEST).map(([name, content]) => ({ path: name, bytes: Buffer.from(content) }));
  await writeFile(zip, await zipped(entries));
  for (const out of ["packed", "packed.dikast"]) {
    const outcome = await dikast(["contest", "pack", "spring", "--out", out, "--sandbox", "fake", "--json"], {
      cwd: root,
    });
    assert.equal(outcome.exitCode, 0, outcome.stderr);
  }
  for (const source of [folder, zip, path.join(root, "packed"), path.join(root, "packed.dikast")]) {
    const { result, manifest, directory } = await organized(t, source);
    assert.deepEqual([manifest.name, manifest.problems.map(({ id }) => id)], ["Spring", ["hello"]], source);
    assert.deepEqual([manifest.registration.policy, manifest.registration.late], ["token", false]);
    const [problem] = manifest.problems;
    const files = new BundleFiles(path.join(directory, "bundles"));
    const bundle = problem?.sealedBundle;
    assert.ok(bundle != null && (await files.verify(bundle)));
    const target = path.join(directory, "opened");
    await openSealed(
      files.chunks(bundle),
      result.problemKeys[0]?.key ?? new Uint8Array(),
      target,
      problem?.package ?? undefined,
    );
    assert.equal((await readTree(target))["data/secret/1.ans"], "hello\n");
  }
});

async function zipped(entries: readonly { readonly path: string; readonly bytes: Buffer }[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of zipFiles(entries)) parts.push(part);
  return Buffer.concat(parts);
}

test("contest source: what cannot be used: one sentence with the way out, nothing left behind", async (t) => {
  const root = await temporaryDirectory(t);
  await writeTree(path.join(root, "spring"), CONTEST);
  await dikast(["contest", "pack", "spring", "--out", "packed", "--sandbox", "fake"], { cwd: root });
  const fails = async (source: string, code: string, says: RegExp, keys?: string): Promise<void> => {
    await assert.rejects(organized(t, path.join(root, source), keys), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, says);
      return true;
    });
  };
  await fails("nowhere", "DIKAST_NO_CONTEST", /there is no folder or file/);
  await writeFile(path.join(root, "page.zip"), "<html>");
  await fails("page.zip", "DIKAST_NO_CONTEST", /if it was downloaded, get it again/);
  const whole = await zipped([{ path: "contest.yaml", bytes: Buffer.alloc(9_000, "a") }]);
  await writeFile(path.join(root, "cut.zip"), whole.subarray(0, whole.length - 30));
  await fails("cut.zip", "DIKAST_ZIP_NO_ARCHIVE", /cut\.zip is no zip archive, or was cut off; get the file again/);
  await fails("packed", "DIKAST_CONTEST_KEYS_MISSING", /name the file .* with --keys/, path.join(root, "none.json"));
  const bundles = path.join(root, "packed", "bundles");
  const [name] = (await readdir(bundles)).filter((file) => file.endsWith(".bundle")).toSorted();
  const file = path.join(bundles, name ?? "");
  const bytes = await readFile(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(file, bytes);
  await fails("packed", "DIKAST_CONTEST_DAMAGED", /missing or altered; pack it again/);
  await writeFile(path.join(root, "packed", "contest.json"), "{");
  await fails("packed", "DIKAST_CONTEST_DAMAGED", /it is no JSON; pack the contest again/);
});
