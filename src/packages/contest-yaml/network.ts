/** Who takes part and how the network works, in contest.yaml. */
import { parseHash, parseNodeId } from "../../model/ids.ts";
import type { ContestNetwork, SageEntry } from "../contest-model.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";
import { SPELLINGS } from "./keys.ts";
import { duration, readInstant } from "./times.ts";

/** As many as a manifest takes. */
const ALLOWED_MAX = 1000;
const OTHER_SAGES_MAX = 30;

export function readNetwork(map: YamlMap): ContestNetwork {
  const integer = (keys: readonly string[], min: number, max: number): number | undefined =>
    map.get(...keys)?.integer({ min, max });
  return {
    sessionLengthMs: duration(map.get(...SPELLINGS.sessionLength), 1_000),
    clusterSize: integer(SPELLINGS.clusterSize, 1, 101),
    redundancy: integer(SPELLINGS.redundancy, 1, 101),
    checksPercent: integer(SPELLINGS.checksPercent, 0, 100),
    councilSize: integer(SPELLINGS.councilSize, 1, 101),
    evaluators: map.get(...SPELLINGS.evaluators)?.oneOf(["all", "jurors", "jurors-first"]),
    keepRegions: map.get(...SPELLINGS.keepRegions)?.boolean(),
    registration: readPolicy(map),
    registrationOpensMs: readInstant(map.get(...SPELLINGS.registrationOpens)),
    registrationClosesMs: readInstant(map.get(...SPELLINGS.registrationCloses)),
    lateRegistration: map.get(...SPELLINGS.late)?.boolean(),
    allowed: readAllowed(map.get(...SPELLINGS.allowed)),
    sages: readSages(map.get(...SPELLINGS.sages)),
  };
}

function readPolicy(map: YamlMap): ContestNetwork["registration"] {
  const policy = map.get(...SPELLINGS.registration);
  const found = policy?.oneOf(["open", "token", "allow-list"]);
  const allowed = map.get(...SPELLINGS.allowed);
  if (found === "allow-list" && allowed === undefined)
    policy?.fail('registration is "allow-list", but there is no "allow_list" with the ids of those who may take part');
  if (found !== "allow-list" && allowed !== undefined)
    allowed.fail('"allow_list" needs the policy "registration: allow-list"');
  return found;
}

function readAllowed(value: YamlValue | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const items = value.list();
  if (items.length === 0 || items.length > ALLOWED_MAX) value.fail(`"allow_list" names 1 to ${ALLOWED_MAX} nodes`);
  return [...new Set(items.map(readNode))];
}

function readNode(item: YamlValue): string {
  return parseNodeId(item.string()) ?? item.expected("a node's id as `dikast init` prints it (16Uiu2…)");
}

function readSages(value: YamlValue | undefined): readonly SageEntry[] | undefined {
  if (value === undefined) return undefined;
  const items = value.list();
  if (items.length > OTHER_SAGES_MAX) value.fail(`"sages" names at most ${OTHER_SAGES_MAX} others`);
  const sages = items.map((item): SageEntry => {
    const map = item.map();
    const strange = map.unknown(["id", "addresses", "address", "beacon"])[0];
    if (strange !== undefined) item.fail(strange.message);
    const given = map.get("addresses", "address") ?? item.fail('a sage needs "addresses"');
    const addresses = (given.isList ? given.list() : [given]).map(readAddress);
    const beacon = map.get("beacon");
    return {
      id: readNode(map.get("id") ?? item.fail('a sage needs an "id"; `dikast sage card` prints what belongs here')),
      addresses,
      beacon:
        beacon && (parseHash(beacon.string()) ?? beacon.expected("64 hex digits, as `dikast sage card` prints them")),
    };
  });
  if (new Set(sages.map(({ id }) => id)).size !== sages.length) value.fail("a sage is named twice");
  return sages;
}

function readAddress(item: YamlValue): string {
  const text = item.string().replace(/\/p2p\/[^/]+$/, "");
  return /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}$/.test(text)
    ? text
    : item.expected("an address such as /ip4/192.0.2.7/tcp/9000");
}
