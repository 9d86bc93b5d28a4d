/** Names, license, statement: what people see of the problem. */
import { SHORT_NAME } from "../../../model/messages/manifest.ts";
import { STATEMENT_BYTES_MAX } from "../../bounds.ts";
import type { Report } from "../finding.ts";
import type { PackageSubject } from "../subject.ts";

/** 2025-09.md "License"; the legacy format has the same list. */
const LICENSES = ["unknown", "public domain", "cc0", "cc by", "cc by-sa", "educational", "permission"];
const OWNERLESS = new Set(["unknown", "public domain"]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SHORT_NAME_MAX = 60;
const NAME_MAX = 200;
/** Shorter ones are forgotten placeholders. */
const STATEMENT_BYTES_MIN = 40;

export function checkMetadata({ package: read, lineOf }: PackageSubject, report: Report): void {
  const yaml = (key: string) => ({ file: "problem.yaml", line: lineOf(key) });
  const { id, name } = read.problem;
  if (!SHORT_NAME.test(id) || id.length > SHORT_NAME_MAX) {
    report(
      "error",
      "short-name",
      { file: "" },
      `"${id}" cannot be a short name: letters, digits, - _ . (at most ${SHORT_NAME_MAX})`,
    );
  }
  if (name.length > NAME_MAX)
    report("error", "name-length", yaml("name"), `the name is longer than ${NAME_MAX} characters`);
  if (name === id) report("warning", "name-missing", yaml("name"), "the problem has no name besides its folder's");
  if (!LICENSES.includes(read.license)) {
    report(
      "error",
      "license-unknown",
      yaml("license"),
      `"${read.license}" is no license of the format (${LICENSES.join(", ")})`,
    );
  } else if (read.license === "unknown") {
    report("warning", "license-missing", yaml("license"), "no license is stated: nobody may pass the problem on");
  }
  const owned = read.rightsOwner !== undefined || read.authors.length > 0 || read.source.length > 0;
  if (!OWNERLESS.has(read.license) && !owned)
    report("warning", "rights-owner-missing", yaml("license"), `the license "${read.license}" needs a "rights_owner"`);
  if (read.format === "2025-09") {
    if (read.uuid === undefined) report("warning", "uuid-missing", yaml("uuid"), 'the format asks for a "uuid"');
    else if (!UUID.test(read.uuid)) report("error", "uuid-malformed", yaml("uuid"), `"${read.uuid}" is no UUID`);
  }
}

export async function checkStatements({ package: read, tree }: PackageSubject, report: Report): Promise<void> {
  if (read.statements.length === 0) {
    const file = read.format === "legacy" ? "problem_statement" : "statement";
    report("error", "statement-missing", { file }, "contestants get no statement (problem.en.md, .tex or .pdf)");
  }
  for (const { file, type } of read.statements) {
    if (type === "pdf") {
      if (!(await tree.readHead(file, 5)).startsWith("%PDF-"))
        report("error", "statement-unreadable", { file }, "is no PDF file");
      continue;
    }
    const text = await tree.readHead(file, STATEMENT_BYTES_MAX);
    if (text.trim().length < STATEMENT_BYTES_MIN)
      report("warning", "statement-empty", { file }, "the statement is all but empty");
    const folder = file.slice(0, file.lastIndexOf("/"));
    for (const [index, line] of text.split("\n").entries()) {
      for (const image of imagesIn(line, type)) {
        const known = ["", ".pdf", ".png", ".jpg", ".jpeg", ".svg", ".eps"].some((ending) =>
          tree.has(`${folder}/${image}${ending}`),
        );
        if (!known)
          report(
            "warning",
            "image-missing",
            { file, line: index + 1 },
            `names the image "${image}", which is not there`,
          );
      }
    }
  }
}

function imagesIn(line: string, type: "tex" | "md"): string[] {
  const pattern =
    type === "tex" ? /^[^%]*\\includegraphics(?:\[[^\]]*\])?\{([^}\\#]+)\}/g : /!\[[^\]]*\]\(\s*<?([^)\s>]+)/g;
  return [...line.matchAll(pattern)].flatMap((match) => match[1] ?? []).filter((name) => !/^[a-z]+:/i.test(name));
}
