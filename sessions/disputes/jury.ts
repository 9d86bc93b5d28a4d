/**
 * Who hears a dispute: drawn by lot from everybody who can judge and had nothing to do with the verdict, more of them than
 * the cluster has, and by a beacon that nobody knew when the dispute was logged (protocol.md §7).
 */
import { EVALUATORS_MAX, type Hash, hashOfText, type NodeId } from "../../src/model/index.ts";
import { mapOf } from "../clusters/history.ts";
import { compareText } from "../clusters/cluster-map.ts";
import type { Ledger } from "../log/ledger.ts";
import type { Hearing } from "./state.ts";

/** Fewer would be one evaluator's word against another's. */
const JURY_MIN = 3;

type Doubt = Pick<Hearing, "submission" | "before" | "by" | "dissents">;

/** Equal results that decide: two thirds of the jury, and more than had signed the verdict in doubt. */
export function juryQuorum(size: number, votes: number): number {
  return Math.max(JURY_MIN, Math.ceil((2 * size) / 3), votes + 1);
}

/** Whether so many may be there in a session to come: who is away now may be back. */
export function mayHaveJury(ledger: Ledger, doubt: Doubt): boolean {
  const { evaluators, judgeProfile } = ledger.basis.manifest;
  const able = ledger.basis.roster.members.filter(
    ({ role, capabilities }) =>
      capabilities.judgeProfile === judgeProfile && (evaluators !== "jurors" || role === "juror"),
  );
  const others = withoutInvolved(
    ledger,
    able.map(({ id }) => id),
    doubt,
  );
  return others.length >= juryQuorum(0, doubt.before.voters.length);
}

/** Those of them who may sit in the jury; sorted. */
function withoutInvolved(ledger: Ledger, evaluators: Iterable<NodeId>, doubt: Doubt): readonly NodeId[] {
  const { submission, before, by, dissents } = doubt;
  const { statement, voters } = before;
  const judged = mapOf(ledger.maps, statement.session)?.map.clusters[statement.cluster] ?? [];
  const involved = new Set<NodeId>([submission.submitter, ...voters, ...judged, ...dissents.keys()]);
  if (by !== null) involved.add(by);
  return [...evaluators]
    .filter((node) => !involved.has(node) && !isBarred(ledger, node) && canJudge(ledger, node, submission.language))
    .sort(compareText);
}

/** Excluded, or quarantined. */
function isBarred(ledger: Ledger, node: NodeId): boolean {
  return ledger.quarantine.barred.has(node);
}

function canJudge(ledger: Ledger, node: NodeId, language: string): boolean {
  const languages: readonly string[] = ledger.maps.members.get(node)?.capabilities.languages ?? [];
  return languages.includes(language);
}

/** Undefined when too few are left to outvote the verdict's signers. */
export function drawJury(
  ledger: Ledger,
  session: number,
  beacon: Hash,
  doubt: Doubt,
): { readonly members: readonly NodeId[]; readonly quorum: number } | undefined {
  const { submission, before } = doubt;
  const { statement, voters } = before;
  const cluster = mapOf(ledger.maps, statement.session)?.map.clusters[statement.cluster]?.length ?? voters.length;
  const evaluators = mapOf(ledger.maps, session)?.map.clusterOf.keys() ?? [];
  const members = withoutInvolved(ledger, evaluators, doubt)
    .map((node) => ({
      node,
      rank: hashOfText(`${beacon}/jury/${submission.id}/${statement.attempt}/${node}`),
    }))
    .sort((a, b) => compareText(a.rank, b.rank))
    .slice(0, Math.min(EVALUATORS_MAX, 2 * cluster + 1))
    .map(({ node }) => node);
  const quorum = juryQuorum(members.length, voters.length);
  return members.length < quorum ? undefined : { members, quorum };
}
