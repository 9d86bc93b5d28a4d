/**
 * Sources of the fake sandbox: lines with `@FAKE@` in any comment syntax, one instruction each, carried out in order.
 *
 * | instruction | what the fake does |
 * |---|---|
 * | `print TEXT` | writes TEXT and a line end |
 * | `cat` | copies standard input |
 * | `sum` | writes the sum of all integers of standard input |
 * | `cost N`, `memory N` | spends cost units, holds bytes (both add to the base) |
 * | `loop`, `allocate`, `flood` | runs into the cost, memory, output limit |
 * | `crash`, `exit N` | traps, ends with a code |
 * | `abstain` | behaves like a machine that cannot judge |
 * | `reject` | does not compile |
 * | `when TEXT: INSTRUCTION` | only if standard input contains TEXT |
 * | `compare`, `feedback NAME TEXT` | as a validator: 42 if standard input equals the answer, else 43; writes a feedback file |
 * | `guess` / `answer-guesses` | binary search for a number in 1..1000, and its interactor (`higher`, `lower`, `correct`) |
 */
export type Instruction =
  | { readonly type: "print"; readonly text: string }
  | {
      readonly type:
        | "cat"
        | "sum"
        | "loop"
        | "allocate"
        | "flood"
        | "crash"
        | "abstain"
        | "reject"
        | "compare"
        | "guess"
        | "answer-guesses";
    }
  | { readonly type: "cost" | "memory" | "exit"; readonly amount: number }
  | { readonly type: "feedback"; readonly name: string; readonly text: string }
  | { readonly type: "when"; readonly text: string; readonly instruction: Instruction };

const BARE = [
  "cat",
  "sum",
  "loop",
  "allocate",
  "flood",
  "crash",
  "abstain",
  "reject",
  "compare",
  "guess",
  "answer-guesses",
] as const;

/** @throws RangeError for an instruction that the fake does not know: a fault of the test that wrote it. */
export function parseScript(source: string): Instruction[] {
  return [...source.matchAll(/@FAKE@[ \t]+([^\r\n]*)/g)].map((match) => parseInstruction((match[1] ?? "").trim()));
}

function parseInstruction(text: string): Instruction {
  const space = text.indexOf(" ");
  const name = space < 0 ? text : text.slice(0, space);
  const rest = space < 0 ? "" : text.slice(space + 1);
  const bare = BARE.find((candidate) => candidate === name);
  if (bare !== undefined) return { type: bare };
  switch (name) {
    case "print":
      return { type: "print", text: rest };
    case "cost":
    case "memory":
    case "exit":
      return { type: name, amount: Number(rest) };
    case "feedback": {
      const [file = "", ...words] = rest.split(" ");
      return { type: "feedback", name: file, text: words.join(" ") };
    }
    case "when": {
      const colon = rest.indexOf(": ");
      return { type: "when", text: rest.slice(0, colon), instruction: parseInstruction(rest.slice(colon + 2)) };
    }
    default:
      throw new RangeError(`the fake sandbox does not know "@FAKE@ ${text}"`);
  }
}
