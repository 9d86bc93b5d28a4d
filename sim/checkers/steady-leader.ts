/**
 * Invariant 7 for leaders: one member's word that it promised a higher term stops nobody. Only a leader whose block has found
 * no majority for half of `suspectMs` stands down for it (protocol.md §5); a single liar could do it for ever.
 */
import { DEFAULT_TIMING, type Notice } from "../../sessions/index.ts";
import type { Host } from "../world/host.ts";
import { type CheckerMaker, Violation } from "./checker.ts";

const NAME = "7-steady-leader";
/** Clocks that are set right run up to so much faster than the world's. */
const FASTEST = 1.3;

export const steadyLeader: CheckerMaker = ({ contest, isHonest }) => {
  const { scenario, world } = contest;
  const patienceMs = { ...DEFAULT_TIMING, ...scenario.timing }.suspectMs / 2 / FASTEST;
  /** The block that each node asks for acknowledgements of, and since when. */
  const asking = new Map<Host, { readonly body: Uint8Array; readonly sinceMs: number }>();
  return {
    name: NAME,
    kinds: ["append", "append-refused"],
    stepped(host, event, effects) {
      if (!isHonest(host.index)) return;
      for (const effect of effects) {
        if (effect.type === "send" && effect.message.kind === "append" && effect.message.signer === host.id) {
          const { body } = effect.message;
          if (asking.get(host)?.body !== body) asking.set(host, { body, sinceMs: world.now / 1000 });
        }
      }
      if (event.type !== "message-received" || event.message.kind !== "append-refused") return;
      const isDown = effects.some(
        (effect) => effect.type === "notify" && (effect.notice as Notice).type === "stood-down",
      );
      if (!isDown) return;
      const waitedMs = world.now / 1000 - (asking.get(host)?.sinceMs ?? world.now / 1000);
      if (waitedMs >= patienceMs) return;
      const who = contest.nodeOf.get(event.message.signer);
      throw new Violation(NAME, `node ${host.index} stands down on the word of node ${who}, after ${waitedMs} ms`);
    },
  };
};
