/**
 * Invariant 4: no verdict without a certificate of a strict majority of the assigned cluster. Written without the
 * protocol's own checks: from the signatures and the cluster maps alone.
 */
import {
  codec,
  type EntryOf,
  type NodeId,
  JURY,
  RESULT_KIND,
  signingDigest,
  statement,
} from "../../src/model/index.ts";
import type { ContestWorld } from "../contest/contest-world.ts";
import { type CheckerMaker, Violation } from "./checker.ts";
import type { ModelSubmission } from "./log-model.ts";
import type { SeenMaps } from "./cluster-maps.ts";

const NAME = "4-certified-verdict";

/** What is wrong with a verdict's certificate; undefined when it proves its statement. */
export function certificateFault(
  contest: ContestWorld,
  maps: SeenMaps,
  { certificate }: EntryOf<"verdict">,
  { submitter, signers: before }: Pick<ModelSubmission, "submitter" | "signers">,
): string | undefined {
  const said = certificate.statement;
  const signers = new Set(certificate.votes.map((vote) => vote.evaluator));
  signers.delete(submitter);
  const isMajority =
    said.cluster === JURY
      ? isJuryVerdict(maps.juryOf(said.submission, said.attempt) ?? [], signers, before.length)
      : maps
          .clustersOf(said.session, said.cluster)
          .some((cluster) => [...signers].filter((signer) => cluster.includes(signer)).length * 2 > cluster.length);
  if (!isMajority)
    return `${signers.size} signers are no majority of cluster ${said.cluster} in session ${said.session}`;
  const digest = signingDigest(RESULT_KIND, contest.contest, codec.encode(statement, said));
  const isGenuine = certificate.votes.every((vote) =>
    contest.keys.verifier.verify(digest, vote.signature, vote.evaluator),
  );
  return isGenuine ? undefined : "a signature is forged";
}

/** Two thirds of the jury, three at least, and more than signed what it judges. */
function isJuryVerdict(jury: readonly NodeId[], signers: ReadonlySet<NodeId>, before: number): boolean {
  const count = [...signers].filter((signer) => jury.includes(signer)).length;
  return count * 3 >= jury.length * 2 && count >= 3 && count > before;
}

export const certifiedVerdict: CheckerMaker = ({ contest, isHonest, maps, model }) => ({
  name: NAME,
  noticed(host, notice) {
    // The log says which verdicts count; whoever tells of another one believed it without proof.
    if (notice.type !== "verdict-settled" || !isHonest(host.index)) return;
    const logged = model.submissions.get(notice.submission);
    const isOther = logged?.verdict?.attempt !== notice.attempt && logged?.first?.attempt !== notice.attempt;
    if (logged?.settled === "verdict" && isOther) {
      throw new Violation(NAME, `node ${host.index} believes attempt ${notice.attempt}`);
    }
  },
  committed({ index, block, message }) {
    const leader = contest.nodeOf.get(message.signer);
    if (leader === undefined || !isHonest(leader)) return;
    for (const entry of block.entries) {
      if (entry.type !== "verdict") continue;
      const submission = model.submissions.get(entry.certificate.statement.submission);
      if (submission === undefined) throw new Violation(NAME, `block ${index} judges an unknown submission`);
      // A jury's second certificate, or one of a hearing that ended, counts for nothing and is measured by nothing.
      if (entry.certificate.statement.cluster === JURY && model.isVoid(entry)) continue;
      const fault = certificateFault(contest, maps, entry, submission);
      if (fault !== undefined) throw new Violation(NAME, `block ${index}: ${fault}`);
    }
  },
});
