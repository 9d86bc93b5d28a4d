/** What evaluators found, apart from the task they were given. */
import { codec, equalBytes, type Statement, statement as statementShape } from "../../src/model/index.ts";

/** Whether two evaluators found the same. */
export function sameFinding(one: Statement, two: Statement): boolean {
  const { submission, attempt, session, cluster, witness } = two;
  const other = { ...one, submission, attempt, session, cluster, witness };
  return equalBytes(codec.encode(statementShape, other), codec.encode(statementShape, two));
}
