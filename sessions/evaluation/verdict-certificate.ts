/** Checking a verdict (protocol.md §6.6): equal statements signed by more than half of the cluster, the submitter aside. */
import {
  codec,
  type NodeId,
  RESULT_KIND,
  signingDigest,
  statement,
  type VerdictCertificate,
} from "../../src/model/index.ts";
import type { CertificateCheck } from "../election/certificate.ts";
import { majorityOf } from "../quorum.ts";

export type VerdictFault =
  | "duplicate-evaluator"
  | "foreign-evaluator"
  | "own-verdict"
  | "no-majority"
  | "forged-result";

export function verdictFault(
  check: CertificateCheck,
  certificate: VerdictCertificate,
  cluster: readonly NodeId[],
  submitter: NodeId,
  /** Equal results that it takes: more than half of a cluster, more of a jury. */
  quorum = majorityOf(cluster.length),
): VerdictFault | undefined {
  const evaluators = certificate.votes.map((one) => one.evaluator);
  if (new Set(evaluators).size !== evaluators.length) return "duplicate-evaluator";
  if (evaluators.some((evaluator) => !cluster.includes(evaluator))) return "foreign-evaluator";
  if (evaluators.includes(submitter)) return "own-verdict";
  if (evaluators.length < quorum) return "no-majority";
  const digest = signingDigest(RESULT_KIND, check.contest, codec.encode(statement, certificate.statement));
  const genuine = certificate.votes.every((one) => check.verifier.verify(digest, one.signature, one.evaluator));
  return genuine ? undefined : "forged-result";
}
