import assert from "node:assert/strict";
import { test } from "node:test";
import { maybeClash } from "../../../../sandbox/wasm/clang/compile-log.ts";

const MISTAKE = "main.cpp:4:28: error: no matching function for call to 'max'\n    4 | int main() {\n";
const DECLINED =
  "/usr/include/c++/v1/__algorithm/max.h:39:1: note: candidate template ignored: deduced conflicting types for parameter '_Tp'\n";
const TWICE = "main.cpp:3:5: error: redefinition of 'f'\nmain.cpp:2:5: note: previous definition is here\n";
const AMBIGUOUS =
  "main.cpp:3:52: error: reference to 'count' is ambiguous\nmain.cpp:3:5: note: candidate found by name lookup\n";
const LIBRARY = "/usr/include/c++/v1/__algorithm/count.h:86:1: note: candidate found by name lookup is 'std::count'\n";
const PRIVATE = "/usr/include/c++/v1/tuple:5:5: error: '__x' is a private member of 'std::tuple'\n";

const CASES: readonly (readonly [string, string, boolean])[] = [
  ["an overload whose candidates are declined for conflicting types", MISTAKE + DECLINED, false],
  ["the same function twice in the source", TWICE, false],
  ["the same function twice, then a mistake with candidates", TWICE + MISTAKE + DECLINED, false],
  ["a warning of a conflict with a header", `main.cpp:1:1: warning: conflict\n${LIBRARY}`, false],
  ["a name of the source and of a header", AMBIGUOUS + LIBRARY, true],
  ["… after another error", MISTAKE + DECLINED + AMBIGUOUS + LIBRARY, true],
  ["an error in a header itself", PRIVATE, true],
  ["no messages", "", false],
];
for (const [situation, log, clash] of CASES) {
  test(`compile log: ${situation}: ${clash ? "maybe a clash of names" : "no clash"}`, () => {
    assert.equal(maybeClash(new TextEncoder().encode(log)), clash);
  });
}
