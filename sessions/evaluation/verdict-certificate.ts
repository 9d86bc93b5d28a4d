/** Checking a verdict (protocol.md §6.6): equal statements signed by more than half of the cluster, the submitter aside. */
import {
  codec,
  type ContestId,
  memo,
  type NodeId,
  RESULT_KIND,
  signingDigest,
  type Statement,
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
  /** Equal results that it takes: more than half of a cluster, more of a jury; and whose results count. */
  {
    quorum = majorityOf(cluster.length),
    electors = cluster,
  }: { readonly quorum?: number; readonly electors?: readonly NodeId[] } = {},
): VerdictFault | undefined {
  const evaluators = certificate.votes.map((one) => one.evaluator);
  if (new Set(evaluators).size !== evaluators.length) return "duplicate-evaluator";
  if (evaluators.some((evaluator) => !cluster.includes(evaluator))) return "foreign-evaluator";
  if (evaluators.includes(submitter)) return "own-verdict";
  if (evaluators.filter((evaluator) => electors.includes(evaluator)).length < quorum) return "no-majority";
  const digest = digestOf(check.contest, certificate.statement);
  const genuine = certificate.votes.every((one) => check.verifier.verify(digest, one.signature, one.evaluator));
  return genuine ? undefined : "forged-result";
}

/** A leader looks at a certificate when it comes and when its block is committed. */
const digests = memo<Statement, { readonly contest: ContestId; readonly digest: Uint8Array }>();

function digestOf(contest: ContestId, said: Statement): Uint8Array {
  const known = digests.get(said);
  if (known?.contest === contest) return known.digest;
  const digest = signingDigest(RESULT_KIND, contest, codec.encode(statement, said));
  digests.set(said, { contest, digest });
  return digest;
}
