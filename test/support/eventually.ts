/** Waits for a condition with a deadline: no sleep-and-hope, a clear message when it never holds. */
import assert from "node:assert/strict";

export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (Date.now() < endMs) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`not within ${timeoutMs} ms: ${what}`);
}
