import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "uqr";
import { qrCode } from "../../bin/support/qr-code.ts";

const INVITE = `dikast://${"5f".repeat(32)}?sage=/ip4/192.0.2.7/tcp/9000/p2p/16Uiu2HAm${"x".repeat(44)}&token=0123456789abcdef01234567`;

test("qr code: an invite: the drawing has the code's modules and a quiet zone", () => {
  const { lines, width } = qrCode(INVITE, false);
  const modules = lines.flatMap((line) => [
    Array.from(line).map((character) => character === "█" || character === "▀"),
    Array.from(line).map((character) => character === "█" || character === "▄"),
  ]);
  const { data, size } = encode(INVITE, { ecc: "L", border: 4 });
  assert.deepEqual(modules.slice(0, size), data);
  assert.equal(width, size);
  for (const line of lines.slice(0, 2)) assert.match(line, /^ +$/);
  for (const line of lines) assert.match(line, /^ {4}.* {4}$/);
  assert.ok(width <= 80, `${width} columns`);
});

test("qr code: with colours: black on white on every line", () => {
  for (const line of qrCode(INVITE, true).lines) {
    assert.ok(line.startsWith("\u001b[30;107m") && line.endsWith("\u001b[0m"));
  }
});
