/** A whole simulated contest: the world, its nodes, the submissions people make. */
import type { Notice, ParticipantReply, ParticipantState } from "../../sessions/index.ts";
import type { ContestId, Hash, NodeId, SignedMessage } from "../../src/model/index.ts";
import { contestIdOf } from "../../src/model/index.ts";
import { liar } from "../byzantine/liar.ts";
import type { IdealKeys } from "../crypto/ideal.ts";
import { Randomness } from "../engine/random.ts";
import type { Host } from "../world/host.ts";
import { World } from "../world/world.ts";
import { evaluatorOf, sourceOf } from "./judge.ts";
import { drawManifest, givenRoster, problemId } from "./manifest.ts";
import { type ContestMachine, contestBlueprint, sageNodes } from "./nodes.ts";
import { nodeCount, nodesFrom, type PlannedSubmission, type Scenario } from "./scenario.ts";

/** A submission that its own node has taken on: from here on it must not be lost. */
export interface TakenSubmission {
  readonly planned: PlannedSubmission;
  readonly submission: Hash;
  readonly takenMs: number;
}

/** A node that is down or not ready is asked again after so long. */
const RETRY_MICROS = 500_000;
const START_SPREAD_MICROS = 300_000;
/** How soon people dispute a verdict, how many do without reason, and how long they wait for their own node. */
const THINKING_MICROS_MAX = 3_000_000;
const QUARREL = 0.3;
const DISPUTE_TRIES = 40;

export class ContestWorld {
  readonly scenario: Scenario;
  readonly world: World;
  readonly manifest: SignedMessage;
  readonly contest: ContestId;
  readonly keys: IdealKeys;
  readonly taken: TakenSubmission[] = [];
  /** By submission: what its submitter's own node took on. */
  readonly plannedOf = new Map<Hash, PlannedSubmission>();
  readonly nodeOf = new Map<NodeId, number>();
  /** Refusals by one's own node, by code. */
  readonly failed = new Map<string, number>();
  #planned = 0;

  constructor(scenario: Scenario, keys: IdealKeys) {
    this.scenario = scenario;
    this.keys = keys;
    this.manifest = drawManifest(scenario, keys.signer);
    this.contest = contestIdOf(this.manifest);
    const nodes = nodesFrom(0, nodeCount(scenario));
    // Which node each host is; a twin's second host comes last.
    const hosts = scenario.twin === null ? nodes : [...nodes, scenario.twin];
    const sageIds = sageNodes(scenario).map((node) => keys.signer(node).id);
    const roster = scenario.joining === "given" ? givenRoster(scenario, keys.signer) : undefined;
    const traits = new Randomness(scenario.seed);
    const spread = (node: number, purpose: string, max: number): number =>
      max === 0 ? 0 : (traits.stream(node, purpose).fraction() * 2 - 1) * max;
    this.world = new World(
      hosts.map((node, host) =>
        contestBlueprint({
          scenario,
          node,
          host,
          signer: keys.signer(node),
          verifier: keys.verifier,
          manifest: this.manifest,
          sageIds,
          roster,
          // A mute node never registers.
          openAtRegistered:
            scenario.participants +
            scenario.jurors -
            Object.values(scenario.liars).filter((role) => role === "mute").length,
        }),
      ),
      {
        seed: scenario.seed,
        degree: scenario.degree,
        network: {
          latency: scenario.latency,
          loss: scenario.loss,
          duplication: scenario.duplication,
          reordering: scenario.reordering,
          uplinkBitsPerSecond: scenario.uplinkBitsPerSecond,
          detectionMicros: scenario.detectionMicros,
        },
        clockOf: (node) => ({
          offsetMs: Math.round(spread(node, "clock-offset", scenario.clockOffsetMsMax)),
          driftPpm: spread(node, "clock-drift", scenario.clockDriftPpmMax),
        }),
        diskOf: () => ({
          syncMicros: scenario.diskMicros,
          stallEvery: scenario.diskStallEvery,
          stallMicros: scenario.diskMicros * 50,
        }),
        evaluatorOf: (node) =>
          evaluatorOf(
            scenario.evaluatorRoles[hosts[node] ?? node] ?? "honest",
            node,
            1 + 0.5 * (traits.stream(node, "speed").fraction() - 0.5),
          ),
      },
    );
    if (scenario.disputers !== "none")
      this.world.observers.push({ noticed: (host, notice) => this.#read(host, notice) });
    for (const node of nodes) this.nodeOf.set(keys.signer(node).id, node);
    const ids = nodes.map((node) => keys.signer(node).id);
    for (const [node, role] of Object.entries(scenario.liars)) {
      const host = this.world.hosts[Number(node)];
      if (host === undefined) continue;
      const others = ids.filter((id) => id !== host.id);
      const random = traits.stream(host.index, "liar");
      host.interceptors = [
        liar(role, {
          contest: this.contest,
          signer: keys.signer(host.index),
          others,
          random,
          state: () => this.stateOf(host),
        }),
      ];
    }
  }

  /** Every node comes up within a moment, in random order; the workload is scheduled. */
  begin(): void {
    const random = this.world.randomness.stream(-1, "begin");
    for (const host of this.world.hosts) {
      this.world.at(random.integer(START_SPREAD_MICROS), () => this.world.start(host.index));
    }
    for (const planned of this.scenario.workload) {
      const serial = this.#planned;
      this.#planned += 1;
      this.world.at(planned.atMs * 1000, () => this.#submit(planned, serial));
    }
  }

  stateOf(host: Host): ParticipantState | undefined {
    return (host.machine as ContestMachine | undefined)?.participant;
  }

  /** A submitter reads its verdict, and disputes it if it knows better; quarrelsome ones also if they do not. */
  #read(host: Host, given: { readonly type: string }): void {
    const notice = given as Notice;
    if (notice.type !== "verdict-settled" || notice.submitter !== host.id) return;
    const planned = this.plannedOf.get(notice.submission);
    if (planned === undefined) return;
    const random = this.world.randomness.stream(host.index, `dispute/${notice.submission}`);
    const isQuarrel = this.scenario.disputers === "quarrelsome" && random.chance(QUARREL);
    if (planned.verdict === notice.verdict && !isQuarrel) return;
    const { submission } = notice;
    this.world.after(random.between(1000, THINKING_MICROS_MAX), () => this.#dispute(host, submission, DISPUTE_TRIES));
  }

  /** Somebody may have been quicker, or too few be left to hear it: then the node says no. */
  #dispute(host: Host, submission: Hash, tries: number): void {
    if (host.status !== "up") {
      if (tries > 0) this.world.after(RETRY_MICROS, () => this.#dispute(host, submission, tries - 1));
      return;
    }
    const command = { type: "dispute", submission, reason: "wrong" } as const;
    this.world.command(host.index, command, (body) => {
      const reply = body as ParticipantReply;
      if (reply.type === "failed") this.failed.set(reply.code, (this.failed.get(reply.code) ?? 0) + 1);
    });
  }

  #submit(planned: PlannedSubmission, serial: number): void {
    const again = (): void => this.world.after(RETRY_MICROS, () => this.#submit(planned, serial));
    const host = this.world.hosts[planned.node];
    if (host?.status !== "up") return again();
    const { incarnation } = host;
    const command = {
      type: "submit",
      problem: problemId(planned.problem),
      language: "cpp",
      filename: "main.cpp",
      companions: [],
      source: sourceOf(planned.verdict, planned.costMs, serial),
    } as const;
    let isAnswered = false;
    this.world.command(planned.node, command, (body) => {
      const reply = body as ParticipantReply;
      isAnswered = true;
      if (reply.type === "submitted") {
        this.plannedOf.set(reply.submission, planned);
        this.taken.push({ planned, submission: reply.submission, takenMs: this.world.now / 1000 });
      } else if (reply.type === "failed") {
        this.failed.set(reply.code, (this.failed.get(reply.code) ?? 0) + 1);
        again();
      }
    });
    const look = (): void => {
      if (isAnswered) return;
      // The node died before it answered: whoever submitted does it again.
      if (host.incarnation !== incarnation || host.status === "down") again();
      else this.world.after(RETRY_MICROS, look);
    };
    this.world.after(RETRY_MICROS, look);
  }
}
