import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  csvCell,
  type ExportedSubmission,
  escapeHtml,
  standingsCsv,
  standingsHtml,
  standingsJson,
  standingsTsv,
  submissionPlaces,
  submissionsCsv,
} from "../../../src/contest/export/index.ts";
import type { Board, BoardCell } from "../../../src/contest/index.ts";
import type { Hash, NodeId } from "../../../src/model/index.ts";

const team = (end: string): NodeId => `16Uiu2HAm${end.padStart(44, "x")}` as NodeId;
const EMPTY: BoardCell = {
  problem: "",
  attempts: 0,
  pending: 0,
  solved: false,
  first: false,
  minutes: null,
  penaltyMinutes: 0,
  pointsMicros: 0,
};

function boardWith(displayName: string, rules: Board["rules"] = "icpc"): Board {
  const points = rules === "ioi" ? { pointsMicros: 62_500_000 } : {};
  return {
    rules,
    frozen: false,
    problems: [
      { id: "sum", label: "A", name: "Sum <b>" },
      { id: "tour", label: "B", name: "Tour" },
    ],
    rows: [
      {
        rank: 1,
        team: team("one"),
        displayName,
        solved: 1,
        penaltyMinutes: 63,
        pointsMicros: points.pointsMicros ?? 0,
        cells: [
          {
            ...EMPTY,
            problem: "sum",
            attempts: 3,
            solved: true,
            first: true,
            minutes: 23,
            penaltyMinutes: 63,
            ...points,
          },
          { ...EMPTY, problem: "tour", attempts: 1, pending: 2 },
        ],
      },
      {
        rank: 2,
        team: team("two"),
        displayName: "Others",
        solved: 0,
        penaltyMinutes: 0,
        pointsMicros: 0,
        cells: [
          { ...EMPTY, problem: "sum", attempts: 4 },
          { ...EMPTY, problem: "tour" },
        ],
      },
    ],
  };
}

const standings = (name: string, rules?: Board["rules"]) => ({
  contestName: `Contest of ${name}`,
  board: boardWith(name, rules),
});

/** A reader of CSV of its own (RFC 4180). */
function parsedCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.split("\r\n").slice(0, -1)) {
    const cells: string[] = [];
    let rest = line;
    for (;;) {
      const match = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest);
      assert.ok(match !== null, `not CSV: ${line}`);
      cells.push((match[1] ?? match[2] ?? "").replaceAll('""', '"'));
      rest = rest.slice(match[0].length);
      if (match[3] === "") break;
    }
    rows.push(cells);
  }
  return rows;
}

test("export: TSV: the lines that the ICPC's tools read", () => {
  assert.equal(
    standingsTsv(standings("Us\tand\nthem")),
    `scoreboard\t1\nUs and them\t${team("one")}\t1\t1\t63\t3\t23\t3\t-1\nOthers\t${team("two")}\t2\t0\t0\t4\t-1\t0\t-1\n`,
  );
  assert.match(standingsTsv(standings("Us", "ioi")), /\tone|\t62\.5\t63\t3\t23\t/);
});

test("export: CSV: a head, a row for each team", () => {
  assert.deepEqual(parsedCsv(standingsCsv(standings('The "A", team'))), [
    ["rank", "team", "id", "solved", "penalty", "last minute", "A tries", "A minute", "B tries", "B minute"],
    ["1", 'The "A", team', team("one"), "1", "63", "23", "3", "23", "3", ""],
    ["2", "Others", team("two"), "0", "0", "", "4", "", "0", ""],
  ]);
  assert.equal(parsedCsv(standingsCsv(standings("x", "ioi")))[1]?.[3], "62.5");
});

test("export: CSV: no name becomes a formula, every name comes back", () => {
  for (const evil of [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "\r=1",
    "＝1",
    "|cmd",
    '=HYPERLINK("http://x","y")',
    "%0A=1",
  ]) {
    const cell = csvCell(evil).replace(/^"/, "");
    assert.ok(cell.startsWith("'"), `${evil} → ${cell}`);
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const [, row] = parsedCsv(standingsCsv(standings(name)));
      assert.equal(row?.length, 10);
      assert.doesNotMatch(row[1] ?? "", /^\s*[=+\-@]/);
      assert.doesNotMatch(row[1] ?? "", /[\r\n\t]/);
    }),
  );
});

function tags(html: string): string[] {
  return [...html.matchAll(/<\/?[a-z0-9]+/gi)].map((match) => match[0]);
}

test("export: HTML: whatever a team is called, the page has the same elements", () => {
  const plain = tags(standingsHtml(standings("x")));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("<script>alert(1)</script>", '"><img src=x onerror=y>', "&lt;", "'--><b>"),
      ),
      (name) => {
        const html = standingsHtml(standings(name));
        assert.deepEqual(tags(html), plain);
        assert.equal(html.includes("<script"), false);
        assert.equal(/\son[a-z]+=/i.test(html.replaceAll(/>[^<]*</g, "><").replaceAll(/"[^"]*"/g, '""')), false);
      },
    ),
  );
  assert.equal(escapeHtml(`<a href="x">'&`), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  const html = standingsHtml(standings("x"));
  assert.match(html, /default-src 'none'/);
  assert.match(html, /<td class="first" title="first to solve">\+2 \(23\) ★<\/td>/);
  assert.match(html, /<td class="pending"[^>]*>1 \+ 2 \?<\/td>/);
  assert.match(html, /<td class="tried">−4<\/td>/);
  assert.match(standingsHtml({ contestName: "c", board: { ...boardWith("x"), frozen: true } }), /The board is frozen/);
});

test("export: JSON: parses back, the same bytes every time", () => {
  const text = standingsJson(standings("</script>\u2028"));
  assert.equal(text, standingsJson(standings("</script>\u2028")));
  const parsed = JSON.parse(text) as { scoreboard_type: string; rows: { score: unknown; problems: unknown[] }[] };
  assert.deepEqual([parsed.scoreboard_type, parsed.rows[0]?.score], ["pass-fail", { num_solved: 1, total_time: 63 }]);
  assert.deepEqual(parsed.rows[0]?.problems[0], {
    problem_id: "sum",
    num_judged: 3,
    num_pending: 0,
    solved: true,
    time: 23,
    first_to_solve: true,
  });
  assert.match(standingsJson(standings("x", "ioi")), /"score": 62.5/);
});

test("export: submissions: paths that are unique and file names everywhere, whatever they are called", () => {
  const hex = fc.stringMatching(/^[0-9a-f]{64}$/) as fc.Arbitrary<Hash>;
  const name = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.constantFrom("../../etc/passwd", "CON", "nul.txt", "a".repeat(300), "...", "команда", ""),
  );
  const submission: fc.Arbitrary<ExportedSubmission> = fc.record({
    id: hex,
    submitter: fc.constantFrom(team("one"), team("two")),
    displayName: name,
    label: fc.constantFrom("A", "B"),
    problem: fc.constant("sum"),
    language: fc.constant("cpp"),
    filename: name,
    minutes: fc.integer({ min: -5, max: 10_000 }),
    verdict: fc.constantFrom("AC", "WA", undefined),
  });
  fc.assert(
    fc.property(fc.uniqueArray(submission, { selector: (each) => each.id.slice(0, 8), maxLength: 20 }), (list) => {
      const places = submissionPlaces(list);
      assert.deepEqual(submissionPlaces([...list].reverse()), places);
      assert.equal(new Set(places.map(({ path }) => path.toLowerCase())).size, list.length);
      for (const { path } of places) {
        assert.match(path, /^[AB]\/[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/);
        assert.ok(path.length < 180, path);
        for (const part of path.split("/")) assert.doesNotMatch(part, /^\.|\.$|^(?:con|nul|aux|prn)(?:\.|$)/i);
      }
      assert.equal(parsedCsv(submissionsCsv(places)).length, list.length + 1);
    }),
  );
});
