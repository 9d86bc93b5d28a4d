/**
 * The simulator's figures: `node bench/simulator.ts [part …] [--json]`; parts: queue, compression, fail-over, calm,
 * commit, memory; all when none is named. One core; each line says what it is measured against.
 */
import { type QueueEntry, Randomness, TimingWheel, withShortCuts } from "../sim/index.ts";
import { FourAryHeap } from "../sim/engine/heap.ts";
import { quantile } from "../sim/statistics/intervals.ts";
import { calmElections, campaign, commitLatency, compression, failOver, longContest } from "./simulator/worlds.ts";

const PENDING = 100_000;
const OPERATIONS = 3_000_000;

interface Queue {
  push(time: number, sequence: number, payload: number): void;
  pop(into: QueueEntry): boolean;
}

/** The hold model (Jones, CACM 1986): take the next event, push one a random time later. */
function hold(queue: Queue): number {
  const random = new Randomness(1).stream(0, "bench");
  const delays = Float64Array.from({ length: 65_536 }, () => Math.ceil(random.exponential() * 50_000));
  const entry: QueueEntry = { time: 0, sequence: 0, payload: 0 };
  for (let index = 0; index < PENDING; index += 1) queue.push(delays[index & 65_535] as number, index, index);
  const start = performance.now();
  for (let index = 0; index < OPERATIONS; index += 1) {
    queue.pop(entry);
    queue.push(entry.time + (delays[index & 65_535] as number), PENDING + index, entry.payload);
  }
  return (OPERATIONS * 1000) / (performance.now() - start);
}

/** What most simulators in JavaScript do. */
class ObjectHeap implements Queue {
  readonly #entries: QueueEntry[] = [];

  push(time: number, sequence: number, payload: number): void {
    const entries = this.#entries;
    let index = entries.push({ time, sequence, payload }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entries[index] as QueueEntry, entries[parent] as QueueEntry)) break;
      [entries[index], entries[parent]] = [entries[parent] as QueueEntry, entries[index] as QueueEntry];
      index = parent;
    }
  }

  pop(into: QueueEntry): boolean {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (first === undefined || last === undefined) return false;
    Object.assign(into, first);
    if (entries.length === 0) return true;
    entries[0] = last;
    for (let index = 0; ; ) {
      let least = index;
      for (const child of [index * 2 + 1, index * 2 + 2]) {
        if (child < entries.length && before(entries[child] as QueueEntry, entries[least] as QueueEntry)) least = child;
      }
      if (least === index) return true;
      [entries[index], entries[least]] = [entries[least] as QueueEntry, entries[index] as QueueEntry];
      index = least;
    }
  }
}

function before(a: QueueEntry, b: QueueEntry): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}

const asJson = process.argv.includes("--json");
const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"));

function report(figure: string, value: number, unit: string, against: string): void {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  if (asJson) process.stdout.write(`${JSON.stringify({ type: "figure", figure, value: rounded, unit, against })}\n`);
  else process.stdout.write(`${figure.padEnd(52)} ${String(rounded).padStart(10)} ${unit.padEnd(12)} ${against}\n`);
}

function isWanted(part: string): boolean {
  return wanted.length === 0 || wanted.includes(part);
}

if (isWanted("queue")) {
  const wheel = hold(new TimingWheel());
  const heap = hold(new FourAryHeap());
  const objects = hold(new ObjectHeap());
  report(
    "timing wheel, 100,000 pending",
    wheel / 1e6,
    "M events/s",
    `${(wheel / objects).toFixed(1)}× a heap of objects`,
  );
  report("4-ary heap, 100,000 pending", heap / 1e6, "M events/s", `${(heap / objects).toFixed(1)}× a heap of objects`);
}

if (isWanted("compression")) {
  const target = "target 1000×; VOPR 1000×, FoundationDB 10×";
  const cases = [
    ["9 nodes, 2 h, nothing happens", () => compression(9, false), target],
    ["9 nodes, 2 h, a crash every 30 s", () => compression(9, true), target],
    ["campaign, 90 seeds", () => campaign(90), "faults and elections all the time"],
  ] as const;
  for (const [name, measure, against] of cases) {
    const { ratio, eventsPerSecond, eventsPerVirtualSecond } = measure();
    report(`${name}: virtual per processor time`, ratio, "×", against);
    report(`${name}: speed`, eventsPerSecond, "events/s", `${Math.round(eventsPerVirtualSecond)} per virtual second`);
  }
}

if (isWanted("fail-over")) {
  for (const [name, oneWayMicros, target] of [
    ["LAN", 500, 1000],
    ["200 ms round trip", 100_000, 3000],
  ] as const) {
    for (const which of ["central", "cluster"] as const) {
      const { times, missed } = withShortCuts({}, () => failOver(which, oneWayMicros));
      const label = `fail-over of the ${which} leader, ${name}`;
      report(`${label}, p50 of ${times.length}`, quantile(times, 0.5), "ms", "etcd's default: 1000–2000 ms to notice");
      report(`${label}, p99`, quantile(times, 0.99), "ms", `target <${target} ms`);
      if (missed > 0) report(`${label}, not replaced within 20 s`, missed, "cases", "target 0");
    }
  }
}

if (isWanted("calm")) {
  const { replaced, doubts, lostRounds, elections, hours } = withShortCuts({}, () => calmElections());
  const name = `at 1 % loss, 3× jitter, ${hours.toFixed(1)} h`;
  report(`living leaders replaced ${name}`, replaced / hours, "per hour", "target <1");
  report(`doubts without consequence ${name}`, doubts / hours, "per hour", "");
  report(`rounds lost in ${elections} elections ${name}`, lostRounds, "", "");
}

if (isWanted("commit")) {
  const { receipts, verdictOverheads, certificates } = withShortCuts({}, () => commitLatency(200, 100_000));
  const added = "what the certificate adds to a verdict";
  report(`${added}, 200 nodes, 100 ms one way, p50`, quantile(certificates, 0.5), "ms", "");
  report(`${added}, p99 of ${certificates.length}`, quantile(certificates, 0.99), "ms", "target <1000 ms");
  report("receipt at 200 nodes, 100 ms one way, p50", quantile(receipts, 0.5), "ms", "");
  report("receipt at 200 nodes, 100 ms one way, p95", quantile(receipts, 0.95), "ms", "");
  report("verdict beyond its evaluation, p50", quantile(verdictOverheads, 0.5), "ms", "");
  report("verdict beyond its evaluation, p95", quantile(verdictOverheads, 0.95), "ms", "");
}

if (isWanted("memory")) {
  const memory = withShortCuts({}, () => longContest());
  const name = `state of the largest node after`;
  report(`${name} 6 h`, memory.quarterMb, "MB", "");
  report(`${name} ${memory.hours} h, ${memory.submissions} submissions`, memory.stateMb, "MB", "bound 120 MB");
  report("its store", memory.diskMb, "MB", "");
  report("events", memory.eventsPerSecond, "events/s", "");
}
