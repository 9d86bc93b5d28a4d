/** What one submodule did and others act upon. The order inside one happening is the order of the calls. */
import {
  type LeaderCertificate,
  type NodeId,
  type Offence,
  type RosterMember,
  sessionOfTerm,
  termOfCertificate,
  unreachable,
  type Verdict,
} from "../src/model/index.ts";
import { notify, setTimer } from "./context.ts";
import { enqueue, flushHandOver, onBodyKept, standDown, startLeading } from "./council/leading.ts";
import {
  considerOpening,
  deposeCentralLeader,
  onCentralLed,
  onStandingGained,
  tryWin,
} from "./election/central-election.ts";
import { deposeClusterLeader, onClusterLed } from "./election/cluster-election.ts";
import { onMemberDied } from "./evaluation/coordinator.ts";
import { onChange, resumePending } from "./evaluation/dispatch.ts";
import { learnAuthorities } from "./joining/joining.ts";
import { onAssignmentLogged, onSettledAtEvaluator } from "./evaluation/evaluator.ts";
import { onContradicted, onDisputed, onHeard, onJury } from "./disputes/happening.ts";
import { forget } from "./forgetting.ts";
import { askTime } from "./liveness/clock.ts";
import { greetNextCluster, ROAM_TIMER, startBeating } from "./liveness/heartbeats.ts";
import { onBackgroundBody, pumpBackground } from "./life/background.ts";
import { scheduleCollecting } from "./life/collecting.ts";
import { afterBlock, announceRevisions, onOrdered, onQuestionLogged, onTransferLogged } from "./life/happening.ts";
import { deliverLetters, deliverLettersAtOnce, dropLetter } from "./life/letters.ts";
import { logTransfers, onSeatPassed } from "./life/transfers.ts";
import type { LedgerChange, LedgerSubmission, LedgerVerdict } from "./log/ledger.ts";
import type { Happening, Live, Machine } from "./machine.ts";
import { resumeSigned, startWatching } from "./recovery/recovery.ts";
import { followClock, onMapLogged, onMapTimer } from "./session.ts";
import { deliver, deliverAtOnce } from "./submissions/outbox.ts";
import { settleDetail } from "./submissions/details.ts";
import { tellWatchers } from "./submissions/watches.ts";

export function onHappening(m: Machine, happening: Happening): void {
  const { live } = m;
  if (happening.type === "manifest-known" || live === null) return;
  switch (happening.type) {
    case "roster-known":
      onRosterKnown(m, live);
      return;
    case "block-committed":
      for (const change of happening.changes) onLedgerChange(m, live, change, happening.block.block.index);
      afterBlock(m, live, happening.changes);
      return;
    case "cluster-led":
      onClusterLed(m, live, happening.certificate, happening.won);
      logClusterLeader(m, live, happening.certificate);
      considerOpening(m, live);
      return;
    case "own-cluster-led":
      if (happening.certificate.leader === m.self) {
        startBeating(m);
        onStandingGained(m, live);
        // Those who will vote when the central leader fails.
        askTime(m, live.chain.committed.councils.flat());
      }
      return;
    case "central-led":
      if (onCentralLed(m, live, happening.certificate, happening.won)) {
        onNewCentralLeader(m, live, happening.certificate, happening.won);
      }
      return;
    case "promised":
      if (live.leading !== null && live.leading.term < happening.term) standDown(m, live);
      return;
    case "term-opened":
      resumePending(m, live);
      logKnownLeaders(m, live);
      logHeldEvidence(m, live);
      logTransfers(m, live);
      pumpBackground(m, live);
      if (isMapDue(m, live)) onMapTimer(m, live);
      return;
    case "accused":
      onAccused(m, live, happening.accused);
      return;
    case "seat-passed":
      onSeatPassed(m, live);
      return;
    case "member-died":
      onMemberDied(m, live, happening.member);
      return;
    case "tail-adopted":
      tryWin(m, live);
      return;
    case "body-kept":
      onBodyKept(m, live, happening.submission);
      onBackgroundBody(m, live, happening.submission);
      return;
    default:
      unreachable(happening);
  }
}

/** The contest's clocks begin to tick. */
function onRosterKnown(m: Machine, live: Live): void {
  const { epoch, members } = live.roster;
  notify(m, { type: "roster", epoch, members: members.length, startsAt: live.basis.startsAt });
  if (live.ledger.central !== null)
    m.happened.push({ type: "central-led", certificate: live.ledger.central, won: false });
  followClock(m, live, m.now > live.basis.startsAt);
  setTimer(m, ROAM_TIMER, m.timing.suspectMs);
  resumeSigned(m, live);
  startWatching(m, live);
  askTime(
    m,
    live.basis.manifest.sages.map((sage) => sage.id),
  );
  if (m.now < live.basis.startsAt) greetNextCluster(m, live, 0);
  deliver(m);
  deliverLetters(m);
  scheduleCollecting(m, live);
  announceRevisions(m, live);
}

function onNewCentralLeader(m: Machine, live: Live, certificate: LeaderCertificate, won: boolean): void {
  if (live.leading !== null && live.leading.term < termOfCertificate(certificate)) standDown(m, live);
  if (won) {
    startBeating(m);
    startLeading(m, live, certificate);
  } else flushHandOver(m, live);
  deliverAtOnce(m);
  deliverLettersAtOnce(m);
}

function onLedgerChange(m: Machine, live: Live, change: LedgerChange, index: number): void {
  switch (change.type) {
    case "term":
      m.happened.push({ type: "central-led", certificate: change.certificate, won: false });
      break;
    case "cluster-leader":
      m.happened.push({ type: "cluster-led", certificate: change.certificate, won: false });
      break;
    case "map":
      onMapLogged(m, live, change.session);
      greetNextCluster(m, live, change.session);
      break;
    case "received":
      onReceived(m, change.submission);
      break;
    case "assigned":
      onAssigned(m, change.submission, change.attempt);
      onAssignmentLogged(m, live, change.submission.id, change.attempt);
      break;
    case "settled":
      onSettled(m, live, change.submission, change.verdict, index);
      break;
    case "dead-letter":
      onDeadLetter(m, live, change.submission);
      break;
    case "excluded":
      onExcluded(m, live, change.node, change.offence);
      break;
    case "quarantined":
    case "released":
      notify(m, change);
      break;
    case "contradicted":
      onContradicted(m, change.doubt);
      break;
    case "disputed":
      onDisputed(m, change.hearing, change.doubt);
      break;
    case "jury":
      onJury(m, live, change.hearing, change.jury);
      break;
    case "heard":
      onHeard(m, live, change.submission, change.heard);
      break;
    case "rejudged":
      onRejudged(m, live, change);
      break;
    case "ordered":
      onOrdered(m, live, change);
      break;
    case "asked":
      onQuestionLogged(m, change);
      break;
    case "resealed":
      dropLetter(m, change.letter);
      break;
    case "authority":
      learnAuthorities(m, [change.message]);
      onTransferLogged(m, live, change.message);
      break;
    case "admitted":
      onAdmitted(m, change.member);
      break;
    case "recovered":
      notify(m, { type: "council-recovered", council: change.council });
      break;
    case "void":
      notify(m, { type: "refused", kind: change.entry, from: live.leader?.leader ?? m.self, code: change.fault });
      break;
    default:
      unreachable(change);
  }
  onChange(m, live, change);
}

function onAdmitted(m: Machine, { id, displayName }: RosterMember): void {
  notify(m, { type: "latecomer", node: id, displayName });
  if (id === m.self) deliver(m);
}

/** A proof is held: the central leader logs it, unless it is the accused; then it is replaced first. */
function onAccused(m: Machine, live: Live, node: NodeId): void {
  if (live.leader?.leader === node) deposeCentralLeader(m, live);
  logHeldEvidence(m, live);
}

function logHeldEvidence(m: Machine, live: Live): void {
  if (live.leading?.status !== "active") return;
  for (const found of live.accused.values()) {
    if (live.leading?.evidenceQueued.has(found.accused)) continue;
    live.leading?.evidenceQueued.add(found.accused);
    enqueue(m, live, { type: "entry", entry: { type: "evidence", ...found } });
  }
}

/** A proof is logged: nobody follows the accused any more. */
function onExcluded(m: Machine, live: Live, node: NodeId, offence: Offence): void {
  live.accused.delete(node);
  notify(m, { type: "excluded", node, offence });
  deposeClusterLeader(m, live, node);
  if (node === m.self) standDown(m, live);
  else if (live.leader?.leader === node) deposeCentralLeader(m, live);
}

function onReceived(m: Machine, submission: LedgerSubmission): void {
  const { id, submitter, problem, at } = submission;
  notify(m, { type: "submission-accepted", submission: id, submitter, problem, at });
  tellWatchers(m, id);
}

function onAssigned(m: Machine, submission: LedgerSubmission, attempt: number): void {
  const assigned = submission.assignments[attempt - 1];
  if (assigned === undefined) return;
  notify(m, { type: "assigned", submission: submission.id, attempt, cluster: assigned.cluster });
  tellWatchers(m, submission.id);
}

function onSettled(m: Machine, live: Live, submission: LedgerSubmission, verdict: LedgerVerdict, index: number): void {
  const { id, submitter, problem } = submission;
  const { attempt, cluster, scoreMicros } = verdict.statement;
  notify(m, {
    type: "verdict-settled",
    submission: id,
    submitter,
    problem,
    attempt,
    cluster,
    verdict: verdict.statement.verdict,
    scoreMicros,
    voters: verdict.voters,
    tookMs: verdict.at - submission.at,
  });
  notify(m, { type: "board-changed", index });
  settleDetail(m, id, verdict.voters);
  forget(m, live, submission);
  onSettledAtEvaluator(m, live, submission, verdict);
}

/** The old verdict is in force until the rejudging is applied. */
function onRejudged(m: Machine, live: Live, change: Extract<LedgerChange, { readonly type: "rejudged" }>): void {
  const { submission } = change;
  const [before, after] = [nameOf(change.before), nameOf(change.verdict)];
  notify(m, { type: "rejudged", submission: submission.id, before, after });
  forget(m, live, submission);
  onSettledAtEvaluator(m, live, submission, null);
}

function nameOf(verdict: LedgerVerdict | null): Verdict {
  return verdict?.statement.verdict ?? "JE";
}

function onDeadLetter(m: Machine, live: Live, submission: LedgerSubmission): void {
  const { id, submitter, problem } = submission;
  notify(m, { type: "dead-letter", submission: id, submitter, problem });
  forget(m, live, submission);
}

/** The central leader logs clusters' leaders as they come, so that they get work. */
function logClusterLeader(m: Machine, live: Live, certificate: LeaderCertificate): void {
  const { leading } = live;
  if (leading?.status !== "active" || certificate.cluster === null) return;
  if (certificate.session !== sessionOfTerm(leading.term)) return;
  const logged = live.ledger.leaders.get(certificate.cluster);
  if (logged !== undefined && logged.round >= certificate.round) return;
  if ((leading.leadersQueued.get(certificate.cluster) ?? -1) >= certificate.round) return;
  leading.leadersQueued.set(certificate.cluster, certificate.round);
  enqueue(m, live, { type: "entry", entry: { type: "cluster-leader", certificate } });
}

function logKnownLeaders(m: Machine, live: Live): void {
  for (const certificate of live.sessions[0]?.leaders.values() ?? []) logClusterLeader(m, live, certificate);
}

function isMapDue(m: Machine, live: Live): boolean {
  const elapsed = (m.now - live.basis.startsAt) % live.basis.manifest.sessionMs;
  const { sessionMs } = live.basis.manifest;
  return elapsed >= sessionMs - Math.min(m.timing.mapLeadMs, sessionMs / 4);
}
