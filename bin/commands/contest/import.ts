/** `dikast contest import POLYGON DIR` */
import type { Command } from "commander";

export function registerImport(contest: Command): void {
  contest.command("import", { hidden: true });
}
