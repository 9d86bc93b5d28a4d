/** Which accesses are looked at: each value's once, as long as it is certain that the first one is come by. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalityAnalyzer } from "../../../../sandbox/wasm/meter/locality.ts";
import { readModuleShape, SECTION } from "../../../../sandbox/wasm/meter/module-shape.ts";
import { Reader } from "../../../../sandbox/wasm/meter/reader.ts";
import { craft, I32 } from "../support/assembler.ts";

const BLOCK = [0x02, 0x40];
const LOOP = [0x03, 0x40];
const IF = [0x20, 1, 0x04, 0x40];
const LEAVE = [0x20, 1, 0x0d, 0];
const END = 0x0b;
/** Loads through the first parameter, a pointer. */
const LOAD = [0x20, 0, 0x28, 2, 0, 0x1a];

/** How many accesses of a function of two integers are looked at. */
function looks(...code: readonly (number | readonly number[])[]): number {
  const bytes = craft({ types: [[[I32, I32], []]], functions: [{ code: code.flat() }] });
  assert.ok(WebAssembly.validate(bytes));
  const shape = readModuleShape(bytes);
  const { start, end } = shape.sections.get(SECTION.code)!;
  const reader = new Reader(bytes, start, end);
  reader.count();
  const bodyEnd = reader.u32() + reader.offset;
  // No declared locals.
  reader.byte();
  return new LocalityAnalyzer(shape).find(reader.offset, bodyEnd, 2, 2).length / 2;
}

test("locality: what follows from one pointer: looked at once where whoever comes later has come by", () => {
  assert.equal(looks(LOAD, LOAD), 1);
  assert.equal(looks(LOAD, IF, LOAD, END), 1);
  assert.equal(looks(BLOCK, LOAD, LEAVE, END, LOAD), 1, "a block that begins with it");
  assert.equal(looks(BLOCK, BLOCK, LOAD, LEAVE, END, LOAD, END, LOAD), 1, "blocks that do");
  assert.equal(looks(LOOP, LOAD, LEAVE, END), 0, "a loop in which it stays the same");
});

test("locality: what may not have been come by: looked at again", () => {
  assert.equal(looks(BLOCK, LEAVE, LOAD, END, LOAD), 2, "after a branch in the block");
  assert.equal(looks(BLOCK, BLOCK, LEAVE, END, LOAD, END, LOAD), 2, "after a branch, in a block within it");
  assert.equal(looks(IF, LOAD, END, LOAD), 2, "in an arm");
  assert.equal(looks(BLOCK, IF, BLOCK, LOAD, END, END, END, LOAD), 2, "in a block within an arm");
});

test("locality: an index of few values: not looked at", () => {
  const random = [0x20, 1, 0x41, 13, 0x74, 0x20, 1, 0x73];
  const comparison = [0x20, 1, 0x41, 5, 0x48];
  assert.equal(looks(random, 0x28, 2, 0, 0x1a), 1);
  assert.equal(looks(random, comparison, 0x71, 0x28, 2, 0, 0x1a), 0, "one that a comparison decides");
});
