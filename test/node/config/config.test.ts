import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { type ContestId, hashOf, nobleSigner } from "../../../src/model/index.ts";
import { formatInvite, loadSettings, parseInvite, SETTINGS } from "../../../src/node/config/index.ts";
import { temporaryDirectory } from "../../support/directories.ts";
import { secretKeyFor } from "../../support/keys.ts";

test("settings: flag over environment over file over default", async (context) => {
  const workingDirectory = await temporaryDirectory(context);
  const dataDirectory = path.join(workingDirectory, "data");
  await mkdir(dataDirectory);
  await writeFile(
    path.join(dataDirectory, "dikast.yaml"),
    "name: from file\nslots: 3\nregion: file\nlisten: [/ip4/1.2.3.4/tcp/1, /ip4/1.2.3.5/tcp/2]\n",
  );
  const settings = await loadSettings({
    flags: { dataDirectory: "data", name: "from flag" },
    environment: { DIKAST_NAME: "from environment", DIKAST_REGION: "environment" },
    workingDirectory,
  });
  assert.equal(settings.dataDirectory, dataDirectory);
  assert.equal(settings.name, "from flag");
  assert.equal(settings.region, "environment");
  assert.equal(settings.slots, 3);
  assert.deepEqual(settings.listen, ["/ip4/1.2.3.4/tcp/1", "/ip4/1.2.3.5/tcp/2"]);
  assert.equal(settings.logLevel, SETTINGS.logLevel.fallback);
});

test("settings: the working directory's file: used when the data directory has none", async (context) => {
  const workingDirectory = await temporaryDirectory(context);
  await writeFile(path.join(workingDirectory, "dikast.yaml"), "name: here\n");
  const settings = await loadSettings({ flags: { dataDirectory: "data" }, environment: {}, workingDirectory });
  assert.equal(settings.name, "here");
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["a value that is none", "slots: many\n", /slots in .*dikast\.yaml is "many"; expected is a number from 0 to 1024/],
  ["an unknown setting", "slotz: 1\n", /there is no setting "slotz"; there are: listen, /],
  ["a list instead of settings", "- 1\n", /is not a list of settings/],
  ["no YAML", "a: [\n", /is not YAML/],
  ["a map as value", "name: {a: 1}\n", /name is neither text nor a number/],
];
for (const [what, content, message] of WRONG) {
  test(`settings: ${what}: one sentence that names place and remedy`, async (context) => {
    const workingDirectory = await temporaryDirectory(context);
    await writeFile(path.join(workingDirectory, "dikast.yaml"), content);
    await assert.rejects(loadSettings({ flags: {}, environment: { DIKAST_DATA_DIR: "x" }, workingDirectory }), {
      code: "DIKAST_SETTINGS",
      message,
    });
  });
}

test("settings: a wrong flag and a wrong variable: each named as it was given", async () => {
  const sources = { flags: {}, environment: {}, workingDirectory: "/nowhere" };
  await assert.rejects(loadSettings({ ...sources, flags: { logLevel: "loud" } }), /--log-level is "loud"/);
  await assert.rejects(
    loadSettings({ ...sources, environment: { DIKAST_LISTEN: "1.2.3.4:5" } }),
    /DIKAST_LISTEN is "1\.2\.3\.4:5"/,
  );
});

const contest = hashOf(new Uint8Array([1])) as ContestId;
const sage = nobleSigner(secretKeyFor("sage")).id;

test("invite: formatted and parsed: the same", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const address = fc.oneof(
    port.map((number) => `/ip4/192.0.2.1/tcp/${number}`),
    port.map((number) => `/ip6/2001:db8::1/tcp/${number}`),
    port.map((number) => `/dns4/sage.example.org/tcp/${number}`),
  );
  const addresses = fc.uniqueArray(address, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(addresses, fc.option(fc.string({ minLength: 1, maxLength: 30 })), (given, token) => {
      const invite = {
        contest,
        sages: [{ id: sage, addresses: given }],
        token: token?.isWellFormed() === true ? token : null,
      };
      assert.deepEqual(parseInvite(formatInvite(invite)), invite);
    }),
  );
});

const NO_INVITES: readonly (readonly [string, string])[] = [
  ["", "does not begin"],
  ["https://example.org", "does not begin"],
  [`dikast://${"0".repeat(63)}?sage=/ip4/1.2.3.4/tcp/1/p2p/${sage}`, "not 64 hex digits"],
  [`dikast://${contest}?token=x`, "names no sage"],
  [`dikast://${contest}?sage=/ip4/1.2.3.4/tcp/1`, "is no sage's address"],
  [`dikast://${contest}?sage=/ip4/1.2.3.4/tcp/1/p2p/QmNope`, "is no sage's address"],
  [`dikast://${contest}?${"x".repeat(5_000)}`, "too long"],
];
for (const [text, reason] of NO_INVITES) {
  test(`invite: ${text.slice(0, 60)}: refused because it ${reason}`, () => {
    const parsed = parseInvite(text);
    assert.ok(typeof parsed === "string" && parsed.includes(reason), JSON.stringify(parsed));
  });
}
