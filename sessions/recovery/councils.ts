/** Which councils elect and commit, once the sages have named another one (protocol.md §5). */
import {
  codec,
  type Instant,
  type NodeId,
  RECOVERY_BYTES_MAX,
  type Recovery,
  recovery as recoveryShape,
  recoveryStatement,
} from "../../src/model/index.ts";
import { send } from "../context.ts";
import type { Live, Machine } from "../machine.ts";

export const RECOVERY_KEY = "session/recovery";
export const SIGNED_KEY = "session/recovery-vote";

export function isInForce(live: Live, found: Recovery): boolean {
  return found.statement.base.hash === live.chain.committed.head.hash;
}

/** The recovery that the next term's first block has to carry, if any. */
export function pendingRecovery(live: Live): Recovery | null {
  const { known } = live.recovery;
  if (known === null || !isInForce(live, known)) return null;
  return live.chain.tail.some((each) => each.view.recovered >= known.statement.attempt) ? null : known;
}

/** Whose majorities elect and commit from the end of this node's log on. */
export function councilsInForce(live: Live): readonly (readonly NodeId[])[] {
  const recovered = pendingRecovery(live);
  if (recovered !== null) return [recovered.statement.council];
  return (live.chain.tail.at(-1)?.view ?? live.chain.committed).councils;
}

/** … and from its committed end on. */
export function committedCouncils(live: Live): readonly (readonly NodeId[])[] {
  const { known } = live.recovery;
  return known !== null && isInForce(live, known) ? [known.statement.council] : live.chain.committed.councils;
}

export function restoreRecovery(live: Live, key: string, value: Uint8Array): void {
  if (key === RECOVERY_KEY) live.recovery.known = codec.decode(recoveryShape, value, RECOVERY_BYTES_MAX) ?? null;
  if (key !== SIGNED_KEY) return;
  const statement = codec.decode(recoveryStatement, value, RECOVERY_BYTES_MAX);
  // When it was signed is forgotten: as long as this node runs, from now on.
  if (statement !== undefined) live.recovery.signed = { statement, at: Number.MAX_SAFE_INTEGER as Instant };
}

/** Whoever comes back learns it from anybody. */
export function answerRecovery(m: Machine, live: Live, to: NodeId): void {
  const { known } = live.recovery;
  if (known !== null && isInForce(live, known)) send(m, to, "recovery", recoveryShape, known);
}
