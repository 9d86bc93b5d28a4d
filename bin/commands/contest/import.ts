/** `dikast contest import POLYGON DIR` */
import type { Command } from "commander";
import { counted, print, printJson, printable, styled } from "../../support/output.ts";
import { withPackageFolder } from "../../support/package-source.ts";

export function registerImport(contest: Command): void {
  contest
    .command("import")
    .summary("add a problem from Polygon")
    .description(
      `Convert a full package of Polygon (problem.xml, tests, testlib checker and interactor, solutions, statements) into a problem package
in a folder of its short name. Checkers stay what they are and run in the sandbox. Check it afterwards: dikast contest check`,
    )
    .argument("<polygon>", "the package from Polygon: a .zip or an unpacked folder")
    .argument("<dir>", "the folder of the contest")
    .option("--json", "JSON Lines")
    .action(async (source: string, directory: string, options: { readonly json?: true }) => {
      const { importPolygon } = await import("../../../src/packages/polygon/index.ts");
      await withPackageFolder(source, async (folder) => {
        const imported = await importPolygon(folder, directory);
        if (options.json === true) {
          printJson({ type: "problem-imported", ...imported });
          return;
        }
        for (const warning of imported.warnings) print(styled("yellow", `warning: ${printable(warning)}`));
        const made = `${counted(imported.tests, "test")}, ${counted(imported.submissions, "submission")}`;
        print(`${imported.id}: ${made}, in ${imported.directory}`);
        print(
          `Next: add "${imported.id}" to the problems of contest.yaml, then  dikast contest check ${directory} --verify`,
        );
      });
    });
}
