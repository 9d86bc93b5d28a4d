/** Makes the read-only pictures of `views.ts`. */
import type { Board } from "../src/contest/index.ts";
import { type Hash, InvariantError, type NodeId } from "../src/model/index.ts";
import type { ParticipantState } from "./participant.ts";
import type { PeerView, Status, SubmissionView } from "./views.ts";

export function statusOf(_state: ParticipantState): Status {
  throw new InvariantError("not built yet");
}

/** Null before the roster is known. The same object until the board changes. */
export function boardOf(_state: ParticipantState): Board | null {
  throw new InvariantError("not built yet");
}

export function peersOf(_state: ParticipantState): readonly PeerView[] {
  throw new InvariantError("not built yet");
}

/** Newest first. */
export function submissionsOf(
  _state: ParticipantState,
  _of: NodeId | null,
  _countMax: number,
): readonly SubmissionView[] {
  throw new InvariantError("not built yet");
}

export function submissionOf(_state: ParticipantState, _submission: Hash): SubmissionView | undefined {
  throw new InvariantError("not built yet");
}
