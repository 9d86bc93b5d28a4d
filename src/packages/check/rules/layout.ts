/** Files and folders: what is left behind, what cannot be distributed. */
import { bundledFiles } from "../../bundle/contents.ts";
import { PathSet, pathFault } from "../../paths.ts";
import { nearestOf } from "../../yaml.ts";
import type { Report } from "../finding.ts";
import type { PackageSubject } from "../subject.ts";

/** Top-level names of both formats, and of the tools around them. */
const KNOWN = [
  "problem.yaml",
  "domjudge-problem.ini",
  ".timelimit",
  "problem.pdf",
  "submissions.json",
  "statement",
  "problem_statement",
  "attachments",
  "solution",
  "data",
  "include",
  "input_validators",
  "input_format_validators",
  "output_validator",
  "output_validators",
  "answer_validators",
  "static_validator",
  "input_visualizer",
  "output_visualizer",
  "visualizers",
  "graders",
  "submissions",
  "generators",
];
/** What authors keep beside a problem; left out in silence. */
const OWN = /^(?:README|LICENSE|CHANGELOG|COPYING|Makefile)(?:\.[a-z]+)?$|\.(?:md|txt)$/i;
const DATA_ENDINGS = /\.(?:in|ans|out|yaml|hint|desc|png|jpe?g|svg|files|interaction|args|statement)$/;
/** More takes minutes to reach everybody; protocol.md §2 is designed for 100 MB. */
const DISTRIBUTED_BYTES_MANY = 100 * 1024 * 1024;

export function checkLayout({ tree }: PackageSubject, report: Report): void {
  for (const entry of tree.list("")) {
    if (KNOWN.includes(entry.name) || (entry.type === "file" && OWN.test(entry.name))) continue;
    const nearest = nearestOf(entry.name, KNOWN);
    const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
    report("warning", "unknown-entry", { file: entry.path }, `is not part of the format and is not distributed${hint}`);
  }
  for (const entry of tree.list("data")) {
    if (entry.type === "directory" && !/^(?:sample|secret|invalid_.*|valid_.*)$/.test(entry.name))
      report(
        "warning",
        "unknown-entry",
        { file: entry.path },
        'is neither "sample" nor "secret": its tests are not judged',
      );
  }
  for (const folder of ["data/sample", "data/secret"]) {
    for (const entry of tree.below(folder)) {
      if (!DATA_ENDINGS.test(entry.name))
        report(
          "warning",
          "stray-file",
          { file: entry.path },
          "is no test file (.in, .ans); it is distributed all the same",
        );
    }
  }
  const taken = new PathSet();
  let bytes = 0;
  const sizes = new Map(tree.below("").map((entry) => [entry.path, entry.sizeBytes]));
  for (const path of bundledFiles(tree)) {
    bytes += sizes.get(path) ?? 0;
    const fault = pathFault(path) ?? taken.add(path);
    if (fault !== undefined)
      report("error", "unportable-name", { file: path }, `cannot be distributed: its name ${fault}`);
  }
  if (bytes > DISTRIBUTED_BYTES_MANY) {
    const mebibytes = Math.round(bytes / 1024 / 1024);
    report(
      "warning",
      "package-large",
      { file: "data" },
      `${mebibytes} MiB reach every node before the start: allow time, or make tests smaller`,
    );
  }
}
