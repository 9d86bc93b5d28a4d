import assert from "node:assert/strict";
import { test } from "node:test";
import { assert as check, integer, property } from "fast-check";
import { utcText } from "../../src/model/index.ts";

test("time: an instant as text: as the engine's own calendar has it", () => {
  const ends = ["0000-01-01", "1900-02-28", "1970-01-01", "2000-02-29", "2100-03-01", "9999-12-31"];
  for (const date of ends) assert.equal(utcText(Date.parse(date)), new Date(date).toISOString());
  const instants = integer({ min: Date.parse("0000-01-01"), max: Date.parse("9999-12-31T23:59:59.999Z") });
  check(
    property(instants, (epochMs) => utcText(epochMs) === new Date(epochMs).toISOString()),
    { numRuns: 5000 },
  );
});
