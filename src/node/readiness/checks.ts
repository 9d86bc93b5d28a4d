/** The checks that need no sandbox; each is one line for people. */
import { counted } from "../../model/index.ts";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { freemem } from "node:os";
import path from "node:path";
import process from "node:process";
import type { ClockReading } from "../network/time-exchange.ts";
import type { ReachStatus } from "../network/index.ts";

export interface Check {
  readonly id: "runtime" | "disk" | "clock" | "network" | "reachable" | "registered" | "bundles" | "sandbox";
  /** wait: not settled yet, it may become ok by itself. */
  readonly state: "ok" | "warn" | "fail" | "wait";
  readonly text: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly fix: string;
}

export interface Readiness {
  /** Nothing fails, and nothing is waited for. */
  readonly ready: boolean;
  /** Nothing fails. */
  readonly healthy: boolean;
  readonly checks: readonly Check[];
}

export function readinessOf(checks: readonly Check[]): Readiness {
  const healthy = checks.every(({ state }) => state !== "fail");
  return { ready: healthy && checks.every(({ state }) => state !== "wait"), healthy, checks };
}

function check(id: Check["id"], state: Check["state"], text: string, fix = ""): Check {
  return { id, state, text, fix };
}

const NODE_MAJOR_MIN = 24;
const MEMORY_PER_SLOT_BYTES = 512 * 2 ** 20;

export function runtimeCheck(slots: number, version = process.versions.node, freeBytes = freemem()): Check {
  if (Number(version.split(".")[0]) < NODE_MAJOR_MIN)
    return check("runtime", "fail", `Node ${version}`, `install Node ${NODE_MAJOR_MIN} or newer`);
  const mib = Math.round(freeBytes / 2 ** 20);
  if (slots > 0 && freeBytes < slots * MEMORY_PER_SLOT_BYTES)
    return check(
      "runtime",
      "warn",
      `only ${mib} MiB of memory are free`,
      "close other programs, or join with --slots 0",
    );
  return check("runtime", "ok", `Node ${version}, ${mib} MiB of memory free`);
}

/** Room for logs, the store and unpacking, beside what is still to be fetched. */
export const DISK_FREE_BYTES_MIN = 256 * 2 ** 20;
export const DISK_WARN_BYTES = 1024 * 2 ** 20;

/** `neededBytes`: still to be fetched and unpacked. */
export async function diskCheck(directory: string, neededBytes: number): Promise<Check> {
  const probe = path.join(directory, `.probe-${process.pid}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(probe, new Uint8Array(64 * 1024), { flush: true });
    await rm(probe, { force: true });
  } catch (error) {
    await rm(probe, { force: true }).catch(() => undefined);
    const { code } = error as { readonly code?: string };
    const isFull = code === "ENOSPC" || code === "EDQUOT";
    const fix = isFull
      ? "make room, or choose another disk with --data-dir"
      : "choose a folder of yours with --data-dir";
    return check(
      "disk",
      "fail",
      isFull ? `the disk of ${directory} is full` : `cannot write to ${directory} (${code})`,
      fix,
    );
  }
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  const text = `${sizeText(freeBytes)} free in ${directory}`;
  const wanted = DISK_FREE_BYTES_MIN + 2 * neededBytes;
  if (freeBytes < wanted)
    return check(
      "disk",
      "fail",
      `only ${text}, ${sizeText(wanted)} are needed`,
      "make room, or choose another disk with --data-dir",
    );
  if (freeBytes < DISK_WARN_BYTES + 2 * neededBytes)
    return check("disk", "warn", `only ${text}`, "make room before the contest");
  return check("disk", "ok", text);
}

export function sizeText(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

const CLOCK_WARN_MS = 1_000;
/** As the sages see it: whoever is further off is not registered. */
const CLOCK_FAIL_MS = 60_000;

/** The median of what peers' clocks say. */
export function clockCheck(readings: readonly ClockReading[]): Check {
  const sorted = readings.toSorted((a, b) => a.offsetMs - b.offsetMs);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  if (median === undefined) return check("clock", "wait", "nobody has been asked for the time yet");
  const offMs = Math.abs(median.offsetMs);
  const aheadOrBehind = median.offsetMs > 0 ? "behind" : "ahead";
  const text = `the clock is ${duration(offMs)} ${aheadOrBehind} (±${median.errorMs} ms)`;
  const fix = "set the clock, best by network time (timedatectl set-ntp true)";
  if (offMs - median.errorMs > CLOCK_FAIL_MS) return check("clock", "fail", text, fix);
  if (offMs - median.errorMs > CLOCK_WARN_MS) return check("clock", "warn", text, fix);
  return check("clock", "ok", `the clock is right (${offMs} ms off, ±${median.errorMs} ms)`);
}

function duration(ms: number): string {
  return ms < 10_000 ? `${ms} ms` : ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

export function peersCheck(peers: number, sages: number): Check {
  if (peers === 0)
    return check(
      "network",
      "wait",
      "connected to nobody",
      "is the network up, and may this program use it (firewall, VPN)?",
    );
  const text = `connected to ${peers} ${peers === 1 ? "peer" : "peers"}, ${sages === 0 ? "none of them a sage" : `${sages} of them ${sages === 1 ? "a sage" : "sages"}`}`;
  return check("network", "ok", text);
}

/** `isSage`: sages must be reachable by themselves. */
export function reachCheck({ direct, observed, relayed }: ReachStatus, isSage: boolean): Check {
  const from = observed === null ? "" : ` (seen as ${observed.split("/").at(-1)})`;
  if (isSage) return check("reachable", "ok", "a sage: others were given its address");
  if (direct === true) return check("reachable", "ok", `others can dial this node${from}`);
  if (relayed.length > 0)
    return check("reachable", "ok", `nobody can dial this node${from}; it is reached through a sage's relay`);
  if (direct === null) return check("reachable", "wait", "nobody has tried to dial this node yet");
  return check(
    "reachable",
    "warn",
    `nobody can dial this node${from}, and no relay has taken it in yet`,
    "open the port in the firewall, or forward it and name it with --announce",
  );
}

export interface Registration {
  readonly registered: boolean;
  /** By its own owner. */
  readonly withdrawn: boolean;
  /** Why a sage said no; null: none did. */
  readonly rejection: string | null;
}

export function registrationCheck(
  role: string,
  phase: string,
  { registered, withdrawn, rejection }: Registration,
): Check {
  if (role === "sage") return check("registered", "ok", "this node is a sage");
  if (role === "observer") return check("registered", "ok", `watching as an observer; the contest is ${phase}`);
  if (registered) return check("registered", "ok", `registered as ${role}; the contest is ${phase}`);
  if (withdrawn)
    return check(
      "registered",
      "fail",
      "this node has withdrawn and only watches",
      "to take part after all, join with another data directory (--data-dir)",
    );
  if (rejection !== null) return check("registered", "fail", `not registered: ${rejection}`);
  return check("registered", "wait", "no sage has answered yet", "is a sage of the invite running?");
}

export interface BundleProgress {
  readonly state: string;
  readonly chunksDone: number;
  readonly chunksTotal: number;
  readonly label: string;
  readonly fault: string | null;
}

export function bundlesCheck(problems: readonly BundleProgress[]): Check {
  if (problems.length === 0) return check("bundles", "wait", "the contest's problems are not known yet");
  const failed = problems.find(({ state }) => state === "failed");
  if (failed !== undefined)
    return check("bundles", "fail", `problem ${failed.label}: ${failed.fault ?? "cannot be kept"}`);
  const here = problems.filter(({ state }) => state === "sealed" || state === "open");
  const open = problems.filter(({ state }) => state === "open").length;
  const text = `${here.length} of ${counted(problems.length, "problem")} ${problems.length === 1 ? "is" : "are"} here${open === 0 ? ", sealed" : `, ${open} open`}`;
  if (here.length === problems.length) return check("bundles", "ok", text);
  const done = problems.reduce((sum, { chunksDone }) => sum + chunksDone, 0);
  const total = problems.reduce((sum, { chunksTotal }) => sum + chunksTotal, 0);
  return check("bundles", "wait", total === 0 ? text : `${text}; fetching, ${Math.floor((100 * done) / total)} %`);
}
