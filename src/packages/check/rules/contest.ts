/** The contest as a whole. */
import type { Contest } from "../../contest-model.ts";
import type { Report } from "../finding.ts";
import type { CheckOptions } from "../subject.ts";

/** `lineOf`: of a top-level key of contest.yaml, by any of its spellings. */
export function checkContestRules(
  contest: Contest,
  lineOf: (...keys: readonly string[]) => number | undefined,
  options: CheckOptions,
  report: Report,
): void {
  const at = (...keys: readonly string[]) => ({ file: "contest.yaml", line: lineOf(...keys) });
  const { network, start, durationMs } = contest;
  if (start.type === "absolute" && options.nowMs !== undefined && start.epochMs + durationMs < options.nowMs)
    report("warning", "start-past", at("start_time", "start-time", "start"), "the contest would be over already");
  if (network.sessionLengthMs !== undefined && network.sessionLengthMs > durationMs)
    report(
      "warning",
      "session-long",
      at("session_length", "session-length"),
      "a session is longer than the contest: leaders never change",
    );
  const { clusterSize, redundancy } = network;
  if (clusterSize !== undefined && clusterSize % 2 === 0)
    report(
      "warning",
      "cluster-even",
      at("cluster_size", "cluster-size"),
      `an even cluster can split its votes evenly; ${clusterSize + 1} bears as much as ${clusterSize}`,
    );
  if (clusterSize !== undefined && clusterSize < 3)
    report(
      "warning",
      "cluster-small",
      at("cluster_size", "cluster-size"),
      "a cluster of fewer than 3 nodes cannot outvote a liar",
    );
  if (redundancy !== undefined && clusterSize !== undefined && redundancy > clusterSize)
    report("error", "redundancy-large", at("redundancy"), `"redundancy" is larger than the cluster (${clusterSize})`);
  const scoring = contest.problems.filter((problem) => problem.package.problem.type === "scoring");
  if (contest.rules === "icpc" && scoring.length > 0)
    report(
      "warning",
      "points-unused",
      at("scoreboard_type", "scoreboard-type", "rules"),
      `points do not count under ICPC rules, but ${scoring.map(({ id }) => `"${id}"`).join(", ")} give points`,
    );
  checkPairs(contest, report);
}

function checkPairs(contest: Contest, report: Report): void {
  const names = new Map<string, string>();
  const colors = new Map<string, string>();
  const ids = new Map<string, string>();
  const uuids = new Map<string, string>();
  for (const problem of contest.problems) {
    const file = { file: `${problem.id}/problem.yaml` };
    const twin = (known: Map<string, string>, key: string | undefined): string | undefined => {
      if (key === undefined) return undefined;
      const folded = key.toLowerCase();
      const other = known.get(folded);
      if (other === undefined) known.set(folded, problem.id);
      return other;
    };
    const sameId = twin(ids, problem.id);
    if (sameId !== undefined)
      report(
        "error",
        "short-name-twice",
        file,
        `the short names "${sameId}" and "${problem.id}" differ only in letter case`,
      );
    const sameName = twin(names, problem.name);
    if (sameName !== undefined)
      report("warning", "name-twice", file, `has the same name as "${sameName}": "${problem.name}"`);
    const sameUuid = twin(uuids, problem.package.uuid);
    if (sameUuid !== undefined) report("error", "uuid-twice", file, `has the same uuid as "${sameUuid}"`);
    const sameColor = twin(colors, problem.rgb ?? problem.color);
    if (sameColor !== undefined)
      report(
        "warning",
        "color-twice",
        { file: "contest.yaml" },
        `"${problem.id}" has the same colour as "${sameColor}"`,
      );
    if (contest.languages === undefined) continue;
    const { languages } = contest;
    const solved = problem.package.submissions.some(
      (each) =>
        each.expectation?.verdicts.join() === "AC" && each.language !== undefined && languages.includes(each.language),
    );
    if (!solved && problem.package.submissions.length > 0)
      report(
        "warning",
        "language-unsolved",
        { file: `${problem.id}/submissions/accepted` },
        `no accepted submission is in a language of the contest (${languages.join(", ")})`,
      );
  }
}
