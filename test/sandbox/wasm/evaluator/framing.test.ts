import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import * as fc from "fast-check";
import { FRAME_BYTES_MAX, receiveFrames, sendFrame } from "../../../../sandbox/wasm/evaluator/framing.ts";

const asSocket = (stream: PassThrough): Socket => stream as unknown as Socket;

test("framing: messages cut anywhere: arrive whole and in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.anything({ withTypedArray: true })),
      fc.integer({ min: 1, max: 50 }),
      async (values, piece) => {
        const wire = new PassThrough();
        for (const value of values) sendFrame(asSocket(wire), { value });
        const bytes = wire.read() as Buffer | null;
        const received: unknown[] = [];
        const arriving = new PassThrough();
        receiveFrames(asSocket(arriving), (value) => received.push((value as { value: unknown }).value));
        for (let at = 0; at < (bytes?.length ?? 0); at += piece) arriving.write(bytes?.subarray(at, at + piece));
        arriving.end();
        await once(arriving, "end");
        assert.deepEqual(received, values);
      },
    ),
    { numRuns: 50 },
  );
});

for (const [what, frame] of [
  ["a length beyond the bound", [0xff, 0xff, 0xff, 0xff]],
  ["bytes that are no message", [0, 0, 0, 2, 1, 2]],
] as const) {
  test(`framing: ${what}: the connection ends, nothing is allocated for it`, async () => {
    assert.ok(FRAME_BYTES_MAX < 0xffff_ffff);
    const arriving = new PassThrough();
    let received = 0;
    receiveFrames(asSocket(arriving), () => received++);
    const failed = once(arriving, "error");
    arriving.write(Uint8Array.from(frame));
    await failed;
    assert.ok(arriving.destroyed);
    assert.equal(received, 0);
  });
}
