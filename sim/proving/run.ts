/** One run: a safety phase under faults, then a liveness phase in which everything must settle. */
import type { Notice } from "../../sessions/index.ts";
import {
  append,
  codec,
  committed,
  type Effect,
  type Event,
  InvariantError,
  logRange,
  MESSAGE_BYTES_MAX,
  type NodeId,
  type SignedMessage,
  verifyMessage,
} from "../../src/model/index.ts";
import { CHECKERS } from "../checkers/index.ts";
import { type Checker, type CheckerContext, Violation } from "../checkers/checker.ts";
import { certificateFault } from "../checkers/certified-verdict.ts";
import { SeenMaps } from "../checkers/cluster-maps.ts";
import { CommittedLog } from "../checkers/committed-log.ts";
import { unsettled } from "../checkers/liveness.ts";
import { LogModel } from "../checkers/log-model.ts";
import { Sometimes } from "../checkers/sometimes.ts";
import { ContestWorld } from "../contest/contest-world.ts";
import { isHonest, nodeCount, type Scenario } from "../contest/scenario.ts";
import { type IdealKeys, idealKeys } from "../crypto/ideal.ts";
import { withShortCuts } from "../crypto/short-cuts.ts";
import { FaultInjector } from "../faults/injector.ts";
import { type Narrator, SILENT } from "./transcript.ts";

export interface RunResult {
  readonly seed: number;
  /** Undefined when everything held. */
  readonly failure: { readonly invariant: string; readonly what: string; readonly atMs: number } | undefined;
  readonly traceHash: string;
  readonly virtualMs: number;
  readonly events: number;
  readonly steps: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly sometimes: Readonly<Record<string, number>>;
}

export interface RunOptions {
  readonly narrator?: Narrator;
  /** Instead of ideal signatures. */
  readonly keys?: IdealKeys;
  /** Every message is encoded, hashed and read as between real nodes; slower, and nothing else changes. */
  readonly isPlain?: boolean;
}

/**
 * What no majority of crash-tolerant voters can uphold when one of them votes twice, forgets or runs twice; a leader that
 * meets the other one's blocks no longer knows its own log's end. Then it must
 * have contradicted itself with its own signature; that is all that is asked, and the run ends there.
 */
const SPLIT: ReadonlySet<string> = new Set(["1-one-leader", "2-committed-log", "machine"]);

function honesty(scenario: Scenario): (node: number) => boolean {
  const honest = Array.from({ length: nodeCount(scenario) + 1 }, (_, node) => isHonest(scenario, node));
  return (node) => honest[node] ?? false;
}

const SLICE_MICROS = 250_000;
const CHECKPOINT_SLICES = 8;
/** Everything is settled for so long before a run ends. */
const CALM_SLICES = 2;

export function runScenario(scenario: Scenario, options: RunOptions = {}): RunResult {
  return withShortCuts(options, () => run(scenario, options));
}

function run(scenario: Scenario, options: RunOptions): RunResult {
  const narrator = options.narrator ?? SILENT;
  const contest = new ContestWorld(scenario, options.keys ?? idealKeys(scenario.seed));
  const { world } = contest;
  const maps = new SeenMaps();
  const model = new LogModel(
    (entry, submission) => certificateFault(contest, maps, entry, submission) === undefined,
    (leader) => scenario.liars[contest.nodeOf.get(leader) ?? -1] === "favouring",
  );
  const context: CheckerContext = { contest, maps, model, isHonest: honesty(scenario), contradicted: new Set() };
  const sometimes = new Sometimes();
  const checkers: readonly Checker[] = [...CHECKERS.map((make) => make(context)), sometimes];
  const log = new CommittedLog((message) => verifyMessage(contest.keys.verifier, contest.contest, message));
  log.listen((each) => {
    for (const change of model.apply(each)) sometimes.count(`log: ${change.type}`);
    for (const checker of checkers) checker.committed?.(each);
  });
  const leaders = new Leaders();
  const injector = new FaultInjector(world, (cluster) => {
    const id = leaders.leaderOf(cluster);
    return id === undefined ? undefined : contest.nodeOf.get(id);
  });
  const steppers = checkers.filter((checker) => checker.stepped !== undefined);
  const listeners = checkers.filter((checker) => checker.sent !== undefined);
  const kinds = kindsOf([...steppers, ...listeners]);
  const readers = checkers.filter((checker) => checker.noticed !== undefined);
  world.observers.push({
    stepped(host, event, effects) {
      if (narrator !== SILENT) narrator.stepped(world.now / 1000, host, event, effects);
      if (!concerns(kinds, event, effects)) return;
      for (const effect of effects) {
        if (effect.type === "send" || effect.type === "publish") seeBlocks(log, effect.message);
      }
      for (const checker of steppers) checker.stepped?.(host, event, effects);
    },
    sent(host, message) {
      if (kinds?.has(message.kind) === false) return;
      for (const checker of listeners) checker.sent?.(host, message);
    },
    noticed(host, given) {
      const notice = given as Notice;
      narrator.noticed(world.now / 1000, host, notice);
      leaders.noticed(host.id, notice);
      if (notice.type === "session-started") maps.see(notice.session, notice.clusters);
      // What a node that is not honest believes binds nobody: it may have told nobody of it.
      if (notice.type === "block-committed" && context.isHonest(host.index)) log.commit(notice.index, notice.hash);
      for (const checker of readers) checker.noticed?.(host, notice);
    },
    crashed: (host) => narrator.crashed(world.now / 1000, host),
  });
  let failure: RunResult["failure"];
  try {
    contest.begin();
    injector.schedule(scenario.faults);
    play(contest, checkers, injector, context);
  } catch (error) {
    failure = { ...explain(error), atMs: Math.round(world.now / 1000) };
    if (context.contradicted.size > 0 && SPLIT.has(failure.invariant)) {
      failure = undefined;
      sometimes.count("safety broken by a node that contradicted itself");
    }
  }
  if (context.contradicted.size > 0) sometimes.count("a node contradicted itself");
  return {
    seed: scenario.seed,
    failure,
    traceHash: world.trace.digest,
    virtualMs: world.now / 1000,
    events: world.counters.events,
    steps: world.counters.steps,
    faults: injector.counts,
    sometimes: sometimes.counts,
  };
}

function play(
  contest: ContestWorld,
  checkers: readonly Checker[],
  injector: FaultInjector,
  context: CheckerContext,
): void {
  const { world, scenario } = contest;
  let slices = 0;
  const slice = (limitMicros: number): void => {
    world.runUntil(Math.min(limitMicros, world.now + SLICE_MICROS));
    slices += 1;
    if (slices % CHECKPOINT_SLICES === 0) for (const checker of checkers) checker.checkpoint?.();
  };
  const safetyEnd = scenario.safetyMs * 1000;
  while (world.now < safetyEnd) slice(safetyEnd);
  injector.heal(scenario.leftDown);
  const livenessEnd = safetyEnd + scenario.livenessMs * 1000;
  // What the last step told waits for the disk, and the log's model for what is told.
  for (let calm = 0; world.now < livenessEnd && calm < CALM_SLICES; ) {
    slice(livenessEnd);
    calm = unsettled(context) === undefined ? calm + 1 : 0;
  }
  for (const checker of checkers) checker.checkpoint?.();
  for (const checker of checkers) checker.settled?.();
}

function explain(error: unknown): { invariant: string; what: string } {
  if (error instanceof Violation) return { invariant: error.invariant, what: error.message };
  if (error instanceof InvariantError) return { invariant: "machine", what: `${error.message}\n${error.stack ?? ""}` };
  if (error instanceof Error) return { invariant: "thrown", what: error.stack ?? error.message };
  return { invariant: "thrown", what: String(error) };
}

/** What the checkers look at, and blocks; undefined when one of them looks at everything. */
function kindsOf(checkers: readonly Checker[]): ReadonlySet<string> | undefined {
  const kinds = new Set(BLOCK_KINDS);
  for (const checker of checkers) {
    if (checker.kinds === undefined) return undefined;
    for (const kind of checker.kinds) kinds.add(kind);
  }
  return kinds;
}

function concerns(kinds: ReadonlySet<string> | undefined, event: Event, effects: readonly Effect[]): boolean {
  if (kinds === undefined || (event.type === "message-received" && kinds.has(event.message.kind))) return true;
  for (let index = 0; index < effects.length; index += 1) {
    const effect = effects[index] as Effect;
    if (effect.type === "notify") return true;
    if ((effect.type === "send" || effect.type === "publish") && kinds.has(effect.message.kind)) return true;
  }
  return false;
}

const BLOCK_KINDS: ReadonlySet<string> = new Set(["append", "committed", "log-range"]);
const carriers = new WeakSet<Uint8Array>();

function seeBlocks(log: CommittedLog, message: SignedMessage): void {
  if (!BLOCK_KINDS.has(message.kind)) return;
  if (carriers.has(message.body)) return;
  carriers.add(message.body);
  for (const block of blocksIn(message)) log.see(block);
}

function blocksIn(message: SignedMessage): readonly SignedMessage[] {
  switch (message.kind) {
    case "append":
      return codec.decode(append, message.body, MESSAGE_BYTES_MAX)?.blocks ?? [];
    case "committed":
      return codec.decode(committed, message.body, MESSAGE_BYTES_MAX)?.blocks ?? [];
    default:
      return codec.decode(logRange, message.body, MESSAGE_BYTES_MAX)?.committed.flatMap((each) => each.blocks) ?? [];
  }
}

/** Who was elected last, for faults that aim at leaders. */
class Leaders {
  readonly #elected = new Map<
    number | null,
    { readonly session: number; readonly round: number; readonly leader: NodeId }
  >();

  noticed(_node: NodeId, notice: Notice): void {
    if (notice.type !== "leader-elected") return;
    const scope = notice.scope === "central" ? null : notice.scope;
    const known = this.#elected.get(scope);
    if (
      known === undefined ||
      notice.session > known.session ||
      (notice.session === known.session && notice.round > known.round)
    ) {
      this.#elected.set(scope, notice);
    }
  }

  leaderOf(cluster: number | null): NodeId | undefined {
    return this.#elected.get(cluster)?.leader;
  }
}
