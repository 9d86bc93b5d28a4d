/**
 * Makes a fresh clone runnable: installs the locked dependencies when they are missing, gets Node 24 from the npm
 * registry when the machine's own Node is too old, and runs a TypeScript entry under it.
 *
 * `node scripts/bootstrap.mjs ENTRY [ARG …]` · plain JavaScript for Node ≥18, no dependencies.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import module from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const NODE_NEEDED = [24, 12];
/** Where a Node of our own lives; ignored by git, kept by `npm ci`. */
const NODE_DIRECTORY = path.join(ROOT, ".tools", "node");
const NODE_PACKAGE = "node@24.21.0";
const LOCK_WAIT_MS = 10 * 60 * 1000;

class BootstrapError extends Error {}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1]);
}

function say(text) {
  process.stderr.write(`dikast: ${text}\n`);
}

/** npm as it was called (`npm start`), else the one on the PATH; its output goes to stderr, so that stdout stays clean. */
function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  const viaNode = cli !== undefined && /npm-cli\.c?js$/.test(cli) && existsSync(cli);
  const command = viaNode ? process.execPath : process.platform === "win32" ? "npm.cmd" : "npm";
  const environment = { ...process.env };
  // A surrounding `npm start --json` must not turn the inner npm's flags on.
  for (const name of Object.keys(environment))
    if (/^npm_config_(json|once|contest|prefix|global)$/i.test(name)) delete environment[name];
  const result = spawnSync(command, [...(viaNode ? [cli] : []), ...args], {
    cwd,
    env: environment,
    stdio: ["ignore", 2, 2],
    shell: !viaNode && process.platform === "win32",
  });
  if (result.error?.code === "ENOENT")
    throw new BootstrapError("npm was not found; install Node.js (≥18) with npm first");
  return result.status === 0;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Whether node_modules holds what the lock says, by npm's own record of what it installed. */
function dependenciesInstalled() {
  const wanted = readJson(path.join(ROOT, "package-lock.json"))?.packages;
  if (wanted === undefined)
    throw new BootstrapError("package-lock.json is missing or damaged; check the clone with `git status`");
  const installed = readJson(path.join(ROOT, "node_modules", ".package-lock.json"))?.packages;
  if (installed === undefined) return false;
  return Object.entries(wanted).every(
    ([name, entry]) => name === "" || entry.optional === true || installed[name]?.version === entry.version,
  );
}

/** One bootstrap at a time in a checkout: a folder is the lock, its owner's pid inside tells whether it still lives. */
function locked(work) {
  const lock = path.join(ROOT, ".tools", "lock");
  mkdirSync(path.dirname(lock), { recursive: true });
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw new BootstrapError(`cannot write in ${path.dirname(lock)}: ${error.message}`);
    }
    const owner = Number(readJson(path.join(lock, "owner.json"))?.pid ?? 0);
    if (owner !== 0 && !isAlive(owner)) rmSync(lock, { recursive: true, force: true });
    else if (Date.now() > deadline)
      throw new BootstrapError(
        `another installation (process ${owner}) is still running; wait for it, or remove ${lock}`,
      );
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    writeFileSync(path.join(lock, "owner.json"), JSON.stringify({ pid: process.pid }));
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function installDependencies() {
  if (dependenciesInstalled()) return;
  locked(() => {
    if (dependenciesInstalled()) return;
    say("installing the locked dependencies (once, about a minute) …");
    if (!npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], ROOT)) {
      throw new BootstrapError("installing the dependencies failed (see above); is the npm registry reachable?");
    }
  });
}

function ownNode() {
  const names = process.platform === "win32" ? ["node.exe"] : ["node"];
  const platform = process.platform === "win32" ? "win" : process.platform;
  const packages = ["node", `node-${platform}-${os.arch()}`, `node-bin-${platform}-${os.arch()}`];
  for (const name of packages) {
    const binary = path.join(NODE_DIRECTORY, "node_modules", name, "bin", names[0]);
    if (!existsSync(binary)) continue;
    const answer = spawnSync(binary, ["--version"], { encoding: "utf8" });
    if (answer.status === 0 && isNewEnough(answer.stdout.trim())) return binary;
  }
  return undefined;
}

function nodeBinary() {
  if (isNewEnough(process.version)) return process.execPath;
  const present = ownNode();
  if (present !== undefined) return present;
  return locked(() => {
    const meanwhile = ownNode();
    if (meanwhile !== undefined) return meanwhile;
    say(`this machine's Node is ${process.version}; getting Node 24 from the npm registry (once) …`);
    mkdirSync(NODE_DIRECTORY, { recursive: true });
    writeFileSync(path.join(NODE_DIRECTORY, "package.json"), '{"private":true}\n');
    const flags = ["--no-audit", "--no-fund", "--loglevel=error", "--no-save"];
    npm(["install", ...flags, NODE_PACKAGE], NODE_DIRECTORY);
    if (ownNode() === undefined) {
      // The package fetches its binary in an install script; where scripts are switched off, take the binary's own package.
      const platform = process.platform === "win32" ? "win" : process.platform;
      const prefix = process.platform === "darwin" && os.arch() === "arm64" ? "node-bin" : "node";
      npm(["install", ...flags, `${prefix}-${platform}-${os.arch()}@${NODE_PACKAGE.split("@")[1]}`], NODE_DIRECTORY);
    }
    const binary = ownNode();
    if (binary === undefined) {
      throw new BootstrapError(
        "Node 24 could not be installed from the npm registry; install Node.js ≥24.12 yourself and try again",
      );
    }
    return binary;
  });
}

/** Runs `entry` (relative to the checkout) here if this Node is new enough, else in a child that dies with us. */
export async function bootstrap(entry, args) {
  let binary;
  try {
    installDependencies();
    binary = nodeBinary();
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    say(error.message);
    process.exit(1);
  }
  const script = path.join(ROOT, entry);
  if (binary === process.execPath) {
    module.enableCompileCache?.(path.join(ROOT, ".tools", "compile-cache"));
    process.argv = [process.execPath, script, ...args];
    await import(pathToFileURL(script).href);
    return;
  }
  const child = spawn(binary, [script, ...args], {
    // The channel tells the child when we are killed (`disconnect`), so that it never outlives us.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: {
      ...process.env,
      PATH: `${path.dirname(binary)}${path.delimiter}${process.env.PATH ?? ""}`,
      NODE_COMPILE_CACHE: path.join(ROOT, ".tools", "compile-cache"),
      DIKAST_BOOTSTRAPPED: "1",
    },
  });
  // A terminal sends Ctrl-C to the whole group; only what was sent to us alone is passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    say(`cannot start ${binary}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [entry, ...args] = process.argv.slice(2);
  if (entry === undefined) {
    say("usage: node scripts/bootstrap.mjs ENTRY [ARG …]");
    process.exit(2);
  }
  await bootstrap(entry, args);
}
