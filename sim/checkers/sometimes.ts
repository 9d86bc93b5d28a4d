/** "Sometimes" assertions: interesting states that a campaign must have reached, counted. */
import type { Notice } from "../../sessions/index.ts";
import type { Checker } from "./checker.ts";

/** Notices that each stand for an interesting state. */
const COUNTED: ReadonlySet<Notice["type"]> = new Set([
  "escalated",
  "dead-letter",
  "died",
  "returned",
  "suspected",
  "caught-up",
  "stood-down",
  "leading",
  "session-started",
  "submission-refused",
  "verdict-settled",
  "jury-drawn",
  "quarantined",
  "released",
]);

export class Sometimes implements Checker {
  readonly name = "sometimes";
  readonly #counts = new Map<string, number>();

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  count(state: string, by = 1): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
  }

  readonly noticed: NonNullable<Checker["noticed"]> = (_host, notice) => {
    if (notice.type === "re-election") {
      this.count(`re-election of ${notice.scope === "central" ? "central" : "cluster"} leader: ${notice.reason}`);
    } else if (notice.type === "leader-elected") {
      if (notice.round > 0) this.count(`${notice.scope === "central" ? "central" : "cluster"} leader of a later round`);
    } else if (notice.type === "assigned") {
      if (notice.attempt > 1) this.count("assigned again");
    } else if (notice.type === "excluded") {
      this.count(`excluded for ${notice.offence}`);
    } else if (notice.type === "dispute-heard") {
      this.count(`dispute ${notice.outcome}`);
    } else if (notice.type === "disputed") {
      const isLot = notice.by === null && notice.dissenters.length === 0;
      this.count(
        isLot ? "checked by lot" : notice.by === null ? "disputed by an outvoted evaluator" : "disputed by somebody",
      );
    } else if (COUNTED.has(notice.type)) {
      this.count(notice.type);
    }
  };

  readonly committed: NonNullable<Checker["committed"]> = ({ block }) => {
    this.count("blocks committed");
    for (const entry of block.entries) {
      if (entry.type === "council" || entry.type === "map" || entry.type === "term" || entry.type === "evidence")
        this.count(`${entry.type} committed`);
    }
  };
}
