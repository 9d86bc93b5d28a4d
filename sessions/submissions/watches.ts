/** People and tools that wait for news of a submission. */
import type { Hash } from "../../src/model/index.ts";
import type { ParticipantReply } from "../commands.ts";
import type { Machine } from "../machine.ts";
import { submissionView } from "./view.ts";

export const WATCHES_MAX = 1000;

export function reply(m: Machine, request: string, body: ParticipantReply, final: boolean): void {
  m.effects.push({ type: "reply", request, body, final });
}

export function watch(m: Machine, request: string, submission: Hash): void {
  const view = submissionView(m, submission);
  if (view === undefined) {
    reply(
      m,
      request,
      { type: "failed", code: "unknown-submission", reason: "this node knows no such submission" },
      true,
    );
    return;
  }
  if (isFinal(view.phase)) {
    reply(m, request, { type: "submission", submission: view }, true);
    return;
  }
  if (m.watches.size >= WATCHES_MAX) {
    reply(m, request, { type: "failed", code: "too-many-watches", reason: `${WATCHES_MAX} are watched already` }, true);
    return;
  }
  const requests = m.watches.get(submission) ?? new Set();
  requests.add(request);
  m.watches.set(submission, requests);
  reply(m, request, { type: "submission", submission: view }, false);
}

export function tellWatchers(m: Machine, submission: Hash): void {
  const requests = m.watches.get(submission);
  const view = requests && submissionView(m, submission);
  if (requests === undefined || view === undefined) return;
  const final = isFinal(view.phase);
  for (const request of requests) reply(m, request, { type: "submission", submission: view }, final);
  if (final) m.watches.delete(submission);
}

function isFinal(phase: string): boolean {
  return phase === "settled" || phase === "dead-letter";
}
