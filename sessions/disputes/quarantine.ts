/**
 * Quarantine (protocol.md §9): an evaluator that contradicted verdicts again and again, and that no jury has condemned or
 * vindicated, is asked on trial. Its results count for nothing until enough of them, committed to before anything was revealed,
 * agreed with the verdicts.
 */
import {
  type Block,
  codec,
  COMMITMENT_SET_BYTES_MAX,
  COMMITMENT_SET_KIND,
  commitmentOf,
  commitmentSet,
  type EntryOf,
  type Hash,
  type NodeId,
  RESULT_KIND,
  type SignedMessage,
  statement as statementShape,
  type Verifier,
  verifyMessage,
} from "../../src/model/index.ts";
import { mapOf } from "../clusters/history.ts";
import type { Ledger, LedgerChange } from "../log/ledger.ts";
import type { LedgerSubmission } from "../log/submission.ts";
import { majorityOf } from "../quorum.ts";
import { sameFinding } from "./finding.ts";

/** Contradicted verdicts of different submissions. One may be a liar's cluster. */
const FAULTS_MAX = 2;
/** Right results on trial that end a quarantine. */
const TRIALS_MAX = 3;

export interface QuarantineBook {
  /** Submissions whose verdict a node's signed result contradicts, while no jury has said who is right. */
  readonly faults: Map<NodeId, Set<Hash>>;
  /** Nodes whose votes do not count, with the block from which on: quarantined and excluded ones. */
  readonly barred: Map<NodeId, number>;
  /** Of quarantined nodes: submissions that they judged right on trial. */
  readonly trials: Map<NodeId, Set<Hash>>;
}

export function newQuarantineBook(): QuarantineBook {
  return { faults: new Map(), barred: new Map(), trials: new Map() };
}

export function isQuarantined({ quarantine }: Ledger, node: NodeId): boolean {
  return quarantine.trials.has(node);
}

/** A signed result that contradicts a verdict. */
export function addFault(ledger: Ledger, node: NodeId, submission: Hash, index: number): readonly LedgerChange[] {
  const { faults, trials, barred } = ledger.quarantine;
  let known = faults.get(node);
  if (known === undefined) faults.set(node, (known = new Set()));
  known.add(submission);
  // Wrong again: what it proved before proves nothing.
  trials.get(node)?.clear();
  if (known.size < FAULTS_MAX || ledger.excluded.has(node) || trials.has(node)) return [];
  trials.set(node, new Set());
  barred.set(node, index);
  return [{ type: "quarantined", node, index }];
}

/** A jury found what the node had found. */
export function clearFault(ledger: Ledger, node: NodeId, submission: Hash, index: number): readonly LedgerChange[] {
  const known = ledger.quarantine.faults.get(node);
  known?.delete(submission);
  const isFree = (known?.size ?? 0) < FAULTS_MAX;
  return isFree && isQuarantined(ledger, node) ? release(ledger, node, index) : [];
}

function release(ledger: Ledger, node: NodeId, index: number): readonly LedgerChange[] {
  const { faults, trials, barred } = ledger.quarantine;
  faults.delete(node);
  trials.delete(node);
  barred.delete(node);
  return [{ type: "released", node, index }];
}

/** Proved to have lied: for good. */
export function bar({ quarantine }: Ledger, node: NodeId, index: number): void {
  quarantine.faults.delete(node);
  quarantine.trials.delete(node);
  if (!quarantine.barred.has(node)) quarantine.barred.set(node, index);
}

/**
 * The members whose results count for a task that the block `index` assigned: not the submitter, nor who was barred before.
 * Where too few would be left for any majority all count: a verdict that is doubted is better than none.
 */
export function electorate(
  { quarantine }: Ledger,
  members: readonly NodeId[],
  submitter: NodeId,
  index: number,
): readonly NodeId[] {
  const others = members.filter((member) => member !== submitter);
  const free = others.filter((member) => !((quarantine.barred.get(member) ?? Number.POSITIVE_INFINITY) < index));
  return free.length >= majorityOf(members.length) ? free : others;
}

/** Of a task as this node's log knows it; one that is not logged yet is as new as can be. */
export function electorsOf(
  ledger: Ledger,
  submission: Hash,
  attempt: number,
  members: readonly NodeId[],
  submitter: NodeId,
) {
  const index = ledger.submissions.get(submission)?.assignments[attempt - 1]?.index ?? Number.POSITIVE_INFINITY;
  return electorate(ledger, members, submitter, index);
}

type Trial = Pick<EntryOf<"trial">, "set" | "result">;

/** Why results on trial would prove nothing; signatures are not checked here. */
export function trialFault(ledger: Ledger, { set, result }: Trial): string | undefined {
  const node = result.signer;
  const passed = ledger.quarantine.trials.get(node);
  const since = ledger.quarantine.barred.get(node);
  if (passed === undefined || since === undefined) return "not-quarantined";
  const said = result.kind === RESULT_KIND ? codec.decode(statementShape, result.body, 2048) : undefined;
  const frozen =
    set.kind === COMMITMENT_SET_KIND ? codec.decode(commitmentSet, set.body, COMMITMENT_SET_BYTES_MAX) : undefined;
  if (said === undefined || frozen === undefined) return "malformed";
  const { submission: id, attempt, session, cluster } = said;
  const isOfTask =
    frozen.submission === id && frozen.attempt === attempt && frozen.session === session && frozen.cluster === cluster;
  const submission = ledger.submissions.get(id);
  const assigned = submission?.assignments[attempt - 1];
  if (!isOfTask || submission === undefined || assigned?.session !== session || assigned.cluster !== cluster) {
    return "other-task";
  }
  if (assigned.index <= since || passed.has(id)) return "known";
  return resultFault(ledger, submission, { node, said, frozen, set, result });
}

function resultFault(
  ledger: Ledger,
  { submitter, verdict }: LedgerSubmission,
  {
    node,
    said,
    frozen,
    set,
    result,
  }: Trial & {
    readonly node: NodeId;
    readonly said: codec.ShapeOf<typeof statementShape>;
    readonly frozen: codec.ShapeOf<typeof commitmentSet>;
  },
): string | undefined {
  const members = mapOf(ledger.maps, said.session)?.map.clusters[said.cluster] ?? [];
  if (!members.includes(node) || !members.includes(set.signer) || set.signer === node) return "not-a-member";
  if (node === submitter || verdict === null || verdict.voters.includes(node)) return "not-on-trial";
  if (verdict.statement.attempt !== said.attempt || !sameFinding(verdict.statement, said)) return "other-result";
  // Committed to with those whose results made the verdict: it cannot have seen them.
  const committed = new Map(frozen.commitments.map((each) => [each.evaluator, each.commitment]));
  const isInTime = verdict.voters.every((voter) => committed.has(voter));
  return isInTime && committed.get(node) === commitmentOf(result) ? undefined : "not-committed";
}

export function applyTrial(
  ledger: Ledger,
  entry: EntryOf<"trial">,
  { index }: Block,
  verifier: Verifier,
): readonly LedgerChange[] {
  const { set, result } = entry;
  const fault = trialFault(ledger, entry);
  if (fault !== undefined) return [{ type: "void", entry: "trial", fault }];
  const isGenuine = (message: SignedMessage): boolean => verifyMessage(verifier, ledger.basis.contest, message);
  if (!isGenuine(set) || !isGenuine(result)) return [{ type: "void", entry: "trial", fault: "forged" }];
  const said = codec.decode(statementShape, result.body, 2048);
  const passed = ledger.quarantine.trials.get(result.signer);
  if (said === undefined || passed === undefined) return [];
  passed.add(said.submission);
  return passed.size < TRIALS_MAX ? [] : release(ledger, result.signer, index);
}
