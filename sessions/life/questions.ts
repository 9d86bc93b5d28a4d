/** Folding participants' questions. */
import {
  type Block,
  codec,
  type EntryOf,
  type Hash,
  type Instant,
  letterIdOf,
  ORDER_BYTES_MAX,
  QUESTION_KIND,
  type Question,
  question as questionShape,
  type NodeId,
  type SignedMessage,
  type Verifier,
  verifyMessage,
} from "../../src/model/index.ts";
import type { Ledger, LedgerChange } from "../log/ledger.ts";
import { LETTERS_MAX, type LoggedQuestion, QUESTIONS_OPEN_MAX } from "./state.ts";

export type QuestionFault =
  | "not-in-roster"
  | "unknown-question"
  | "unknown-problem"
  | "finalized"
  | "too-many"
  | "disqualified";

export function openQuestion(message: SignedMessage): Question | undefined {
  return message.kind === QUESTION_KIND ? codec.decode(questionShape, message.body, ORDER_BYTES_MAX) : undefined;
}

export function questionFault(
  ledger: Ledger,
  asker: NodeId,
  question: Pick<Question, "problem" | "again">,
): QuestionFault | undefined {
  const { life, basis, maps } = ledger;
  if (!maps.members.has(asker)) return "not-in-roster";
  if (life.disqualified.has(asker)) return "disqualified";
  if (life.finalized !== null) return "finalized";
  const { problem } = question;
  if (problem !== null && !basis.manifest.problems.some((each) => each.id === problem)) return "unknown-problem";
  if (life.letters.size >= LETTERS_MAX) return "too-many";
  if (question.again !== null) return isToBeResealed(ledger, asker, question.again) ? undefined : "unknown-question";
  const open = [...life.questions.values()].filter((each) => each.asker === asker && each.answers.length === 0).length;
  return open >= QUESTIONS_OPEN_MAX ? "too-many" : undefined;
}

/** Once for each transfer: nobody fills the log with one question. */
function isToBeResealed({ life }: Ledger, asker: NodeId, id: Hash): boolean {
  const known = life.questions.get(id);
  return known?.asker === asker && known.answers.length === 0 && known.resealed < life.seats.chain.length;
}

export function applyQuestion(
  ledger: Ledger,
  { message }: EntryOf<"question">,
  block: Block,
  verifier: Verifier,
): LedgerChange {
  const body = openQuestion(message);
  if (body === undefined) return { type: "void", entry: "question", fault: "malformed" };
  const id = letterIdOf(message);
  if (ledger.life.letters.has(id)) return { type: "void", entry: "question", fault: "duplicate" };
  const fault = questionFault(ledger, message.signer, body);
  if (fault !== undefined) return { type: "void", entry: "question", fault };
  if (!verifyMessage(verifier, ledger.basis.contest, message))
    return { type: "void", entry: "question", fault: "forged" };
  const { problem, content, again } = body;
  const known = again === null ? undefined : ledger.life.questions.get(again);
  ledger.life.letters.add(id);
  if (known !== undefined) {
    known.content = content;
    known.resealed = ledger.life.seats.chain.length;
    return { type: "resealed", letter: id };
  }
  const question: LoggedQuestion = {
    id,
    asker: message.signer,
    at: block.at as Instant,
    problem,
    content,
    resealed: ledger.life.seats.chain.length,
    answers: [],
  };
  ledger.life.questions.set(id, question);
  return { type: "asked", question };
}
