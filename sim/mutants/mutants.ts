/**
 * Mutants: the protocol with one duty left out. Each must be caught by the proving ground; a checker that catches nothing
 * is broken. A mutant is a replacement in source files, made while they are loaded, so that the production code has no
 * hooks for it; one that no longer fits its file is an error.
 */

export interface Edit {
  /** Relative to the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  readonly name: string;
  /** What is left out. */
  readonly what: string;
  readonly edits: readonly Edit[];
}

function one(name: string, what: string, file: string, find: string, replace: string): Mutant {
  return { name, what, edits: [{ file, find, replace }] };
}

const CLUSTER_ELECTION = "sessions/election/cluster-election.ts";
const CENTRAL_ELECTION = "sessions/election/central-election.ts";

export const MUTANTS: readonly Mutant[] = [
  one(
    "quorum-off-by-one",
    "half is called a majority",
    "sessions/quorum.ts",
    "return Math.floor(size / 2) + 1;",
    "return Math.max(1, Math.floor(size / 2));",
  ),
  one(
    "cluster-vote-not-stored",
    "a vote is forgotten in a crash",
    CLUSTER_ELECTION,
    "store(m, { key: VOTE_KEY, value: codec.encode(vote, ballot) });",
    "",
  ),
  one(
    "cluster-votes-twice",
    "whoever asks gets a vote, though it was given away",
    CLUSTER_ELECTION,
    'if (!mayVote(m, body.session, body.round)) return ignore("voted");',
    "",
  ),
  one(
    "promise-not-stored",
    "a central vote is forgotten in a crash",
    CENTRAL_ELECTION,
    "store(m, { key: PROMISE_KEY, value: codec.encode(vote, ballot) });",
    "",
  ),
  one(
    "central-votes-twice",
    "two candidates of one term get the same vote",
    CENTRAL_ELECTION,
    "if (term <= live.promised) return voteAgain(m, live, term, signer);",
    "if (term < live.promised) return voteAgain(m, live, term, signer);",
  ),
  one(
    "promise-not-kept",
    "blocks of a lower term than promised are acknowledged",
    "sessions/council/seat.ts",
    "if (body.term < live.promised) {",
    "if (body.term < 0) {",
  ),
  one(
    "tail-not-stored",
    "a block is acknowledged, but gone after a crash",
    "sessions/log/following.ts",
    "live.chain.tail = tail;\n  if (writes.length > 0) store(m, ...writes);",
    "live.chain.tail = tail;",
  ),
  one(
    "log-not-stored",
    "committed blocks are gone after a crash",
    "sessions/log/following.ts",
    "[{ key: logKey(end.block.index), value: encoded }]",
    "[]",
  ),
  {
    name: "commit-without-majority",
    what: "one acknowledgement commits a block, and everybody believes it",
    edits: [
      {
        file: "sessions/council/leading.ts",
        find: "!majorityOfEach(end.view.councils, new Set(flight.acks.keys()))",
        replace: "flight.acks.size === 0",
      },
      {
        file: "sessions/log/extension.ts",
        find: "if (!majorityOfEach(end.view.councils, members)) return",
        replace: "if (members.size === 0) return",
      },
    ],
  },
  {
    name: "sealed-head-ignored",
    what: "a new leader goes on without what its voters hold",
    edits: [
      {
        file: CENTRAL_ELECTION,
        find: "cast.head !== null && compareHeads(cast.head, end.head) <= 0",
        replace: "cast.head !== null",
      },
      {
        file: "sessions/log/extension.ts",
        find: "cast.head !== null && compareHeads(cast.head, view.head) > 0",
        replace: "false",
      },
    ],
  },
  {
    name: "old-council-ignored",
    what: "a council changes without the old one's consent",
    edits: [
      {
        file: "sessions/quorum.ts",
        find: "return councils.every(\n",
        replace: "return councils.slice(-1).every(\n",
      },
    ],
  },
  one(
    "outbox-not-stored",
    "a submission is forgotten in a crash of its own node",
    "sessions/submissions/outbox.ts",
    "store(m, { key: OUTBOX_KEY_PREFIX + id, value: encodeMessage(message) });",
    "",
  ),
  one(
    "submission-not-retried",
    "a submission is sent once, whatever becomes of it",
    "sessions/submissions/outbox.ts",
    "if (item.retryAt <= m.now) {",
    "if (item.attempts === 0) {",
  ),
  one(
    "sources-not-awaited",
    "receipts are acknowledged, and gone on from, without their sources",
    "sessions/council/bodies.ts",
    "const missing = receiptsIn(live, tail).filter((id) => !live.bodies.has(id));",
    "const missing: readonly Hash[] = [];",
  ),
  {
    name: "receipt-twice",
    what: "a submission that comes again gets another receipt, and the later one counts",
    edits: [
      {
        file: "sessions/log/fold.ts",
        find: 'if (ledger.submissions.has(entry.submission)) return voided("receipt", "duplicate");',
        replace: "",
      },
      { file: "sessions/submissions/intake.ts", find: "if (known !== undefined) {", replace: "if (false) {" },
      { file: "sessions/council/cut.ts", find: "if (live.ledger.submissions.has(id)) return;", replace: "" },
    ],
  },
  {
    name: "verdict-of-one",
    what: "one evaluator makes a verdict",
    edits: [
      {
        file: "sessions/evaluation/coordinator.ts",
        find: "const needed = held.quorum;",
        replace: "const needed = 1;",
      },
      {
        file: "sessions/evaluation/verdict-certificate.ts",
        find: 'if (evaluators.filter((evaluator) => electors.includes(evaluator)).length < quorum) return "no-majority";',
        replace: "",
      },
    ],
  },
  {
    name: "own-result-counts",
    what: "the submitter judges its own submission",
    edits: [
      {
        file: "sessions/evaluation/coordinator.ts",
        find: ".filter((member) => member !== message.signer)",
        replace: "",
      },
      {
        file: "sessions/evaluation/verdict-certificate.ts",
        find: 'if (evaluators.includes(submitter)) return "own-verdict";',
        replace: "",
      },
      {
        file: "sessions/disputes/quarantine.ts",
        find: "const others = members.filter((member) => member !== submitter);",
        replace: "const others = members.filter((member) => member.length > 0 || member !== submitter);",
      },
    ],
  },
  one(
    "certificate-not-checked",
    "whoever says it leads a cluster, leads it",
    "sessions/election/certificate.ts",
    'return votesHold(check, certificate) ? undefined : "forged-vote";\n}\n\n/** Undefined when votes of a majority of each council',
    "return undefined;\n}\n\n/** Undefined when votes of a majority of each council",
  ),
  one(
    "assignment-not-moved",
    "a task stays with a cluster that is gone",
    "sessions/evaluation/dispatch.ts",
    'if (live.leading === null || !live.ledger.pending.has(id)) return;\n  enqueue(m, live, { type: "assign", id });',
    "",
  ),
  one(
    "election-not-repeated",
    "a candidate that lost its round, or its requests, waits for ever",
    CLUSTER_ELECTION,
    "setTimer(m, CLUSTER_ELECTION_TIMER, Math.min(role.until - m.now, requestRetry(m, view.members, role.asks)));",
    "",
  ),
  one(
    "leader-favours",
    "a leader gives tasks to the first cluster that could do them, whatever it has to do already",
    "sessions/council/cut.ts",
    "const cluster = chooseCluster(scheduler, id, language, tried);",
    "const led = scheduler.clusters.findIndex((each) => each.led && each.languages.has(language));\n  const cluster = led < 0 ? undefined : led;",
  ),
  one(
    "jury-of-its-own-case",
    "whoever made a verdict sits in the jury that hears of it",
    "sessions/disputes/jury.ts",
    "[submission.submitter, ...voters, ...judged, ...dissents.keys()]",
    "[submission.submitter]",
  ),
  one(
    "jury-of-few",
    "two jurors decide, however many there are",
    "sessions/disputes/jury.ts",
    "return Math.max(JURY_MIN, Math.ceil((2 * size) / 3), votes + 1);",
    "return 2;",
  ),
  one(
    "overturned-stands",
    "a verdict stays in force though a jury found another one",
    "sessions/disputes/fold.ts",
    "submission.verdict = after;",
    "",
  ),
  one(
    "liar-stays",
    "whoever signed a wrong verdict goes on judging",
    "sessions/disputes/fold.ts",
    "ledger.excluded.add(node);",
    "",
  ),
  one(
    "barred-counts",
    "results of quarantined and excluded evaluators count",
    "sessions/disputes/quarantine.ts",
    "return free.length >= majorityOf(members.length) ? free : others;",
    "return free.length < 0 ? free : others;",
  ),
  one(
    "outvoted-unheard",
    "nobody says that an evaluator was outvoted",
    "sessions/disputes/doubt.ts",
    "sendLetter(m, result.message);",
    "{}",
  ),
  one(
    "refusals-obeyed",
    "one member's word that it promised a higher term stops a leader",
    "sessions/council/leading.ts",
    'if (roundOfTerm(body.promised) > roundBound(m, sinceMs)) return ignore("unheard-of-round");\n  leading.refusals.set(signer, body.promised);',
    "leading.refusals.set(signer, body.promised);\n  yieldToPromises(m, live);",
  ),
];

/** @throws RangeError unless the edit fits exactly once. */
export function applyEdit(name: string, edit: Edit, source: string): string {
  const parts = source.split(edit.find);
  if (parts.length !== 2) throw new RangeError(`mutant ${name} fits ${parts.length - 1} times into ${edit.file}`);
  return parts.join(edit.replace);
}
