/**
 * Which files of a problem package leave the organizer's machine. A list of what is needed, not of what is secret: whatever else an author
 * keeps beside the problem (`submissions`, `generators`, `solution`, notes) stays at home.
 */
import type { PackageTree } from "../tree.ts";

const ROOT_FILES = new Set(["problem.yaml", "domjudge-problem.ini", ".timelimit", "problem.pdf"]);
const FOLDERS = [
  "statement",
  "problem_statement",
  "attachments",
  "include",
  "output_validator",
  "output_validators",
  "graders",
  "data/sample",
  "data/secret",
];
/** Notes of the authors about a test: they tell what it aims at. */
const NOTES = /\.(?:hint|desc|png|jpg|jpeg|svg)$/;
const SETTINGS = /^data\/(?:testdata|test_group)\.yaml$/;

/** Paths inside the package of everything that contestants and judges need, in bytewise order. */
export function bundledFiles(tree: PackageTree): string[] {
  const paths = [
    ...tree.list("").flatMap((entry) => (entry.type === "file" && ROOT_FILES.has(entry.name) ? [entry.path] : [])),
    ...tree.list("data").flatMap((entry) => (entry.type === "file" && SETTINGS.test(entry.path) ? [entry.path] : [])),
    ...FOLDERS.flatMap((folder) => tree.below(folder))
      .map((entry) => entry.path)
      .filter((path) => !(path.startsWith("data/") && NOTES.test(path))),
  ];
  return paths.sort();
}
