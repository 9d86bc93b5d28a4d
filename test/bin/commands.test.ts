import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { run } from "../support/command.ts";
import { temporaryDirectory } from "../support/directories.ts";

/** Well-formed; nobody answers there. */
const INVITE = `dikast://${"5f".repeat(32)}?sage=/ip4/127.0.0.1/tcp/9/p2p/16Uiu2HAm5hPxT7s3TA2f4b4YjAPzS7yLRSgdj87ysDZ6NAXMiRuY`;

test("dikast --help: names every command, the exit codes and examples", async () => {
  const { code, stdout } = await run("--help");
  assert.equal(code, 0);
  for (const name of ["demo", "init", "sage", "join", "submit", "status", "board", "peers"]) {
    assert.match(stdout, new RegExp(`^  ${name}\\b`, "m"));
  }
  assert.match(stdout, /Exit codes:/);
});

for (const command of ["demo", "init", "sage", "open", "join", "submit", "status", "board", "peers", "stop"]) {
  test(`dikast ${command} --help: explains itself with an example`, async () => {
    const { code, stdout } = await run(command, "--help");
    assert.equal(code, 0);
    assert.match(stdout, /Usage: dikast /);
    assert.match(stdout, /Examples?:\n {2}dikast /);
  });
}

const USAGE: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["an unknown command", ["judge"], /unknown command 'judge'/],
  ["an unknown option", ["status", "--verbose"], /unknown option '--verbose'/],
  ["a submission without problem", ["submit", "a.cpp"], /required option '-p, --problem <problem>' not specified/],
  ["a file that is not there", ["submit", "/nowhere/a.cpp", "-p", "A"], /there is no file \/nowhere\/a\.cpp/],
  [
    "an invite that is none",
    ["join", "hello", "--data-dir", "/tmp/dikast-test-none"],
    /"hello" is neither an invite \(dikast:.*\) nor a file; copy all of the invite/,
  ],
  ["no invite", ["join", "--data-dir", "/tmp/dikast-test-none"], /an invite is needed/],
  ["too few nodes", ["demo", "--nodes", "2"], /a contest needs 3 to 200 participants/],
  ["clusters larger than the network", ["demo", "--nodes", "4", "--cluster-size", "5"], /give --nodes 5 or more/],
  ["nodes that are no number", ["demo", "--nodes", "many"], /a whole number from 1 to 10000 is needed/],
];
for (const [what, args, message] of USAGE) {
  test(`dikast: ${what}: exit code 2 and a sentence`, async () => {
    const { code, stderr, stdout } = await run(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(stdout, "");
  });
}

for (const command of ["status", "board", "peers", "stop"]) {
  test(`dikast ${command}: no node runs: exit code 1, the way out, a JSON line with --json`, async (context) => {
    const directory = await temporaryDirectory(context);
    const { code, stderr, lines } = await run(command, "--json", "--data-dir", directory);
    assert.equal(code, 1);
    assert.match(stderr, /no node is running with the data directory .*; start it with `dikast join <invite>`/);
    assert.equal(lines.at(-1)?.["code"], "DIKAST_NOT_RUNNING");
  });
}

test("dikast init: makes a key once and keeps it", async (context) => {
  const directory = path.join(await temporaryDirectory(context), "new");
  const first = (await run("init", "--json", "--data-dir", directory)).lines[0];
  const key = await readFile(path.join(directory, "key"), "utf8");
  const second = (await run("init", "--json", "--data-dir", directory)).lines[0];
  assert.equal(first?.["created"], true);
  assert.equal(second?.["created"], false);
  assert.equal(first?.["node"], second?.["node"]);
  assert.equal(await readFile(path.join(directory, "key"), "utf8"), key);
});

test("dikast sage: a port that is taken: exit code 1, the address, no stack", async (context) => {
  const directory = await temporaryDirectory(context);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const { port } = server.address() as { port: number };
  const contest = path.join(import.meta.dirname, "..", "..", "examples", "demo");
  const listen = `/ip4/127.0.0.1/tcp/${port}`;
  const { code, stderr, lines } = await run(
    "sage",
    "--contest",
    contest,
    "--sandbox",
    "fake",
    "--listen",
    listen,
    "--json",
    "--data-dir",
    directory,
  );
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`the address ${listen} is already in use`));
  assert.equal(lines.at(-1)?.["code"], "DIKAST_ADDRESS_IN_USE");
});

test("dikast demo: a port that is taken: exit code 1, the address, no process left", async (context) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const { port } = server.address() as { port: number };
  const { code, stderr } = await run("demo", "--once", "--nodes", "3", "--sandbox", "fake", "--port", `${port}`);
  assert.equal(code, 1);
  assert.match(stderr, /the network did not start: the address .* is already in use/);
});

test("dikast demo and sage: a folder without a problem, a damaged package, no folder: exit code 1 and where", async (context) => {
  const directory = await temporaryDirectory(context);
  const empty = await run("demo", "--contest", directory);
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /no problem package/);
  await mkdir(path.join(directory, "broken"));
  await writeFile(path.join(directory, "broken", "problem.yaml"), "name: [");
  for (const args of [
    ["demo", "--once"],
    ["sage", "--sandbox", "fake", "--data-dir", path.join(directory, "data")],
  ]) {
    const broken = await run(...args, "--contest", directory);
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /problem\.yaml/);
    assert.doesNotMatch(broken.stderr, /\n\s+at /);
  }
  const missing = await run(
    "sage",
    "--contest",
    path.join(directory, "nowhere"),
    "--data-dir",
    path.join(directory, "data"),
  );
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /there is no folder/);
});

test("dikast join: the data directory is in use: exit code 1, the process is named", async (context) => {
  const directory = await temporaryDirectory(context);
  await writeFile(
    path.join(directory, "lock"),
    JSON.stringify({ pid: process.pid, since: "2026-01-01T00:00:00Z", boot: await bootId() }),
  );
  const { code, stderr } = await run("join", INVITE, "--data-dir", directory, "--sandbox", "fake");
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(`is in use by process ${process.pid} since 2026-01-01T00:00:00Z; stop that node first`),
  );
});

async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim();
}
