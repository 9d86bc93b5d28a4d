import assert from "node:assert/strict";
import { test } from "node:test";
import { CommittedLog } from "../../../sim/checkers/committed-log.ts";
import { ContestWorld, idealKeys, plainScenario } from "../../../sim/index.ts";
import {
  BLOCK_KIND,
  block,
  codec,
  hashOf,
  type Instant,
  signMessage,
  verifyMessage,
} from "../../../src/model/index.ts";

test("simulator: a liar sends a leader's block under another name: the leader's own is what was committed", () => {
  const { contest, keys } = new ContestWorld(plainScenario(), idealKeys(1));
  const log = new CommittedLog((message) => verifyMessage(keys.verifier, contest, message));
  const committed: string[] = [];
  log.listen(({ message }) => committed.push(message.signer));
  const content = { index: 0, term: 0, previous: hashOf(new Uint8Array()), at: 0 as Instant, entries: [] };
  const genuine = signMessage(keys.signer(1), contest, BLOCK_KIND, codec.encode(block, content));
  log.commit(0, hashOf(genuine.body));
  log.see({ ...genuine, signer: keys.signer(2).id });
  assert.deepEqual(committed, []);
  log.see(genuine);
  assert.deepEqual(committed, [genuine.signer]);
});
