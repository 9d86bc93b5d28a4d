/**
 * Invariant 4: no verdict without a certificate of a strict majority of the assigned cluster. Written without the
 * protocol's own checks: from the signatures and the cluster maps alone.
 */
import {
  codec,
  type Hash,
  type NodeId,
  RESULT_KIND,
  signingDigest,
  statement,
  type VerdictCertificate,
} from "../../src/model/index.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "4-certified-verdict";

export const certifiedVerdict: CheckerMaker = ({ contest }) => {
  const maps = new Map<number, readonly (readonly NodeId[])[]>();
  const assigned = new Map<Hash, { readonly attempt: number; readonly session: number; readonly cluster: number }>();
  const submitters = new Map<Hash, NodeId>();
  const check = (certificate: VerdictCertificate, index: number): void => {
    const said = certificate.statement;
    const where = `verdict in block ${index}`;
    const task = assigned.get(said.submission);
    if (task === undefined) throw new Violation(NAME, `${where} of a submission that was never assigned`);
    if (task.attempt !== said.attempt || task.session !== said.session || task.cluster !== said.cluster) {
      throw new Violation(NAME, `${where} is of another attempt, session or cluster than the assigned one`);
    }
    const cluster = maps.get(said.session)?.[said.cluster];
    if (cluster === undefined) throw new Violation(NAME, `${where} of a cluster that nobody knows`);
    const signers = new Set(certificate.votes.map((vote) => vote.evaluator));
    signers.delete(submitters.get(said.submission) as NodeId);
    const members = [...signers].filter((signer) => cluster.includes(signer));
    if (members.length * 2 <= cluster.length)
      throw new Violation(NAME, `${where}: ${members.length} of ${cluster.length}`);
    const digest = signingDigest(RESULT_KIND, contest.contest, codec.encode(statement, said));
    for (const vote of certificate.votes) {
      if (!contest.keys.verifier.verify(digest, vote.signature, vote.evaluator)) {
        throw new Violation(NAME, `${where} has a forged signature`);
      }
    }
  };
  return {
    name: NAME,
    noticed(host, notice) {
      if (notice.type !== "session-started") return;
      const known = maps.get(notice.session);
      if (known === undefined) maps.set(notice.session, notice.clusters);
      else if (JSON.stringify(known) !== JSON.stringify(notice.clusters)) {
        throw new Violation("4-cluster-map", `node ${host.index} has another map of session ${notice.session}`);
      }
    },
    committed({ index, block }) {
      for (const entry of block.entries) {
        if (entry.type === "receipt") submitters.set(entry.submission, entry.submitter);
        else if (entry.type === "assignment") assigned.set(entry.submission, entry);
        else if (entry.type === "verdict") check(entry.certificate, index);
      }
    },
  };
};
