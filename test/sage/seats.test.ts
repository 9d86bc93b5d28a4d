import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { claimedExpiryOf, expiringToken } from "../../sage/index.ts";
import { expiryOf } from "../../sage/expiring-token.ts";
import {
  AUTHORITIES_MAX,
  AUTHORITY_KIND,
  authority,
  codec,
  type ContestId,
  type Hash,
  hashOf,
  nameKey,
  nobleSigner,
  nobleVerifier,
  REIGN_SERIALS,
  Seats,
  type SignedMessage,
  signMessage,
} from "../../src/model/index.ts";
import { secretKeyFor } from "../support/keys.ts";

const contest = hashOf(new TextEncoder().encode("seats")) as ContestId;
const signers = ["a", "b", "c", "d", "e"].map((name) => nobleSigner(secretKeyFor(`seat ${name}`)));
const [a, b, c, d, e] = signers as [
  (typeof signers)[0],
  (typeof signers)[0],
  (typeof signers)[0],
  (typeof signers)[0],
  (typeof signers)[0],
];
const manifest = { sages: [a, b, c].map(({ id }) => ({ id, addresses: [] })) };

function passed(by: typeof a, seat: typeof a, serial: number, to: typeof a): SignedMessage {
  const body = codec.encode(authority, { seat: seat.id, serial, to: to.id, addresses: [], at: 0, roster: null });
  return signMessage(by, contest, AUTHORITY_KIND, body);
}

const apply = (seats: Seats, message: SignedMessage): boolean => seats.apply(message, nobleVerifier, contest);

test("seats: handed on and back: the holder changes, what former holders signed still counts", () => {
  const seats = new Seats(manifest);
  assert.ok(apply(seats, passed(a, a, 1, d)));
  assert.deepEqual(seats.heldBy(d.id), [a.id]);
  assert.deepEqual(seats.heldBy(a.id), []);
  assert.ok(seats.wasSage(a.id) && seats.wasSage(d.id) && !seats.wasSage(e.id));
  assert.ok(apply(seats, passed(d, a, 2, e)));
  assert.ok(apply(seats, passed(e, a, 3, a)));
  assert.deepEqual(seats.holders(), [a.id, b.id, c.id].sort());
});

test("seats: a transfer that is not its seat's next, or not its holder's: refused", () => {
  const seats = new Seats(manifest);
  const stranger = passed(d, a, 1, d);
  const late = passed(a, a, 2, d);
  const toItself = passed(a, a, 1, a);
  const forged = { ...passed(a, a, 1, d), signature: passed(a, a, 1, e).signature };
  for (const message of [stranger, late, toItself, forged]) assert.equal(apply(seats, message), false);
  const first = passed(a, a, 1, d);
  assert.ok(apply(seats, first));
  assert.equal(apply(seats, first), false, "a second time");
  assert.equal(apply(seats, passed(a, a, 1, e)), false, "another one of the same number");
  assert.deepEqual(seats.chain, [first]);
});

test("seats: a majority: of seats, not of nodes", () => {
  const seats = new Seats(manifest);
  assert.ok(!seats.areMajority([a.id]) && seats.areMajority([a.id, c.id]));
  assert.ok(apply(seats, passed(a, a, 1, b)));
  assert.ok(seats.areMajority([b.id]), "b speaks for two of three");
  assert.ok(!seats.areMajority([a.id, d.id]), "a's old signature counts for its own seat only");
});

test("seats: the chain in any number of pieces: everybody comes to the same holders", () => {
  const chain = [passed(a, a, 1, d), passed(b, b, 1, e), passed(d, a, 2, b), passed(e, b, 2, b)];
  const whole = new Seats(manifest);
  for (const message of chain) apply(whole, message);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...chain), { maxLength: 20 }), (heard) => {
      const seats = new Seats(manifest);
      for (const message of [...heard, ...chain]) apply(seats, message);
      for (const message of chain) apply(seats, message);
      assert.deepEqual(seats.holders(), whole.holders());
      // Told on in its order it can be applied at once.
      const copy = new Seats(manifest);
      for (const message of seats.chain) assert.ok(apply(copy, message));
    }),
    { numRuns: 15 },
  );
});

/** Signed by the seat itself. */
function reclaimed(seat: typeof a, reign: number, named: Hash | null = null): SignedMessage {
  const value = { seat: seat.id, serial: reign * REIGN_SERIALS, to: seat.id, addresses: [], at: 0, roster: named };
  return signMessage(seat, contest, AUTHORITY_KIND, codec.encode(authority, value));
}

test("seats: reclaimed by its own key: the holder loses it, whatever it signed meanwhile, and only the seat's key can", () => {
  const seats = new Seats(manifest);
  assert.ok(apply(seats, passed(a, a, 1, d)));
  const forged = signMessage(d, contest, AUTHORITY_KIND, reclaimed(a, 1).body);
  assert.equal(apply(seats, forged), false);
  assert.ok(apply(seats, reclaimed(a, 1)));
  assert.deepEqual([seats.heldBy(d.id), seats.heldBy(a.id)], [[], [a.id]]);
  for (const late of [passed(d, a, 2, e), passed(d, a, REIGN_SERIALS + 1, e), reclaimed(a, 1)])
    assert.equal(apply(seats, late), false);
  assert.ok(apply(seats, passed(a, a, REIGN_SERIALS + 1, e)), "it may be handed on again");
  assert.ok(apply(seats, reclaimed(a, 3)), "one reclaim was not heard of");
});

test("seats: a holder fills the chain with transfers: its seat can be taken back all the same", () => {
  const seats = new Seats(manifest);
  for (const seat of [a, b, c])
    for (let serial = 1, [by, to] = [seat, d]; apply(seats, passed(by, seat, serial, to)); serial += 1)
      [by, to] = [to, by === seat ? e : by];
  assert.ok(seats.chain.length < AUTHORITIES_MAX);
  for (const seat of [a, b, c]) assert.ok(apply(seats, reclaimed(seat, 1)));
  assert.deepEqual(seats.holders(), [a.id, b.id, c.id].sort());
});

test("seats: whatever part of the transfers and reclaims is heard, in whatever order: with the last reclaim all agree", () => {
  const chain = [passed(a, a, 1, d), passed(d, a, 2, e), passed(e, a, 3, d), reclaimed(a, 1)];
  const after = [passed(a, a, REIGN_SERIALS + 1, b), reclaimed(a, 2)];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...chain, ...after), { maxLength: 12 }), (heard) => {
      const seats = new Seats(manifest);
      for (const message of heard) apply(seats, message);
      apply(seats, reclaimed(a, 2));
      for (const message of chain) assert.equal(apply(seats, message), false);
      assert.deepEqual(seats.holders(), [a.id, b.id, c.id].sort());
    }),
  );
});

test("seats: votes for a roster: earlier holders' count until a reclaim, then only for the roster that it names", () => {
  const one = { sages: manifest.sages.slice(0, 1) };
  const [mine, theirs] = ["mine", "theirs"].map((text) => hashOf(new TextEncoder().encode(text))) as [Hash, Hash];
  const seats = new Seats(one);
  assert.ok(apply(seats, passed(a, a, 1, d)));
  assert.ok(seats.maySign(mine, [a.id]) && seats.maySign(theirs, [d.id]) && !seats.maySign(mine, [e.id]));
  assert.ok(apply(seats, reclaimed(a, 1, mine)));
  assert.deepEqual([seats.maySign(mine, [d.id]), seats.maySign(theirs, [d.id])], [true, false]);
  assert.ok(seats.maySign(theirs, [a.id]));
  assert.ok(apply(seats, passed(a, a, REIGN_SERIALS + 1, e)));
  assert.ok(seats.maySign(theirs, [e.id]));
});

test("tokens that expire: made from the token only, tell their time", () => {
  const until = Date.UTC(2027, 0, 16, 10);
  const token = expiringToken("secret", until);
  assert.equal(expiryOf("secret", token), until);
  assert.equal(claimedExpiryOf(token), until);
  assert.equal(expiryOf("other", token), undefined);
  assert.equal(expiryOf("secret", expiringToken("other", until)), undefined);
  // A later time needs another proof.
  const [, proof] = token.split(".");
  assert.equal(expiryOf("secret", `zzzzzz.${proof}`), undefined);
  for (const text of [null, "", "secret", `${token}0`]) assert.equal(expiryOf("secret", text), undefined);
});

test("display names: letter case, width and spaces make no second name", () => {
  for (const name of ["ada", "ADA", "Ａｄａ"]) assert.equal(nameKey(name), nameKey("Ada"));
  assert.equal(nameKey("Team  A"), nameKey("team\u00a0a"));
  assert.notEqual(nameKey("Ada"), nameKey("Ada 2"));
});
