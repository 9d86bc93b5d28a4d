/** What a node does with commands that only a sage can carry out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeMachine } from "../../../src/node/runtime/index.ts";
import { contestIdOf, nobleVerifier, signManifest } from "../../../src/model/index.ts";
import { manifestOf, PROFILE, signerOf, STARTS_AT } from "../../sessions/support/contest.ts";

for (const type of ["open-contest", "registrations", "ban", "transfer", "give-back", "reclaim"])
  test(`node: a participant's node is asked for "${type}": it says whom to ask, and runs on`, () => {
    const signer = signerOf(1);
    const manifest = signManifest(signerOf(2), manifestOf({}));
    const machine = nodeMachine(
      {
        contest: contestIdOf(manifest),
        signer,
        verifier: nobleVerifier,
        seed: 1n,
        secretBytes: (length) => new Uint8Array(length),
        role: "participant",
        displayName: "Ada",
        token: null,
        region: "",
        addresses: [],
        capabilities: { languages: ["cpp"], judgeProfile: PROFILE, slots: 1 },
        sages: [],
      },
      null,
      [],
    );
    const command = { type } as { readonly type: string };
    const effects = machine.step({ type: "command-received", at: STARTS_AT, request: "r", command });
    const replies = effects.flatMap((effect) => (effect.type === "reply" ? [effect.body] : []));
    assert.equal((replies[0] as { readonly code?: string } | undefined)?.code, "not-a-sage");
  });
