/** `problem.yaml` of both families of the format, read into one shape. */
import { CONSTANT_NAME, type Constants } from "../model/constants.ts";
import type { Fail, Warning } from "./errors.ts";
import { LEGACY_LIMIT_KEYS, MODERN_LIMIT_KEYS, OLD_MULTIPLIERS, readLimits, type ReadLimits } from "./limits.ts";
import type { PackageFormat, Person } from "./model.ts";
import { readFlags, words } from "./scoring.ts";
import { parseYaml, type YamlMap, type YamlValue } from "./yaml.ts";

export interface ProblemYaml {
  readonly format: PackageFormat;
  readonly scoring: boolean;
  readonly interactive: boolean;
  readonly multiPass: boolean;
  /** Types that dikast cannot judge: `submit-answer`. */
  readonly unsupportedType: string | undefined;
  /** By language; empty in the legacy format, where statements carry the name. */
  readonly names: ReadonlyMap<string, string>;
  readonly legacyName: string | undefined;
  readonly uuid: string | undefined;
  readonly license: string;
  readonly rightsOwner: string | undefined;
  readonly source: readonly { readonly name: string; readonly url?: string }[];
  readonly authors: readonly Person[];
  readonly keywords: readonly string[];
  readonly languages: readonly string[] | "all";
  readonly objective: "max" | "min";
  readonly read: ReadLimits;
  /** Legacy: `validation` names a custom validator; newer formats: decided by the folder. */
  readonly customValidation: boolean | undefined;
  readonly validatorScore: "never" | "required" | "optional";
  readonly validatorFlags: readonly string[];
  readonly constants: Constants;
}

const LEGACY_KEYS = [
  "problem_format_version",
  "type",
  "name",
  "uuid",
  "author",
  "source",
  "source_url",
  "license",
  "rights_owner",
  "limits",
  "validation",
  "validator_flags",
  "grading",
  "keywords",
];
const MODERN_KEYS = [
  "problem_format_version",
  "type",
  "name",
  "uuid",
  "version",
  "credits",
  "source",
  "license",
  "rights_owner",
  "embargo_until",
  "limits",
  "keywords",
  "languages",
  "allow_file_writing",
  "constants",
];
/** Drafts of the newer format still had these. */
const DRAFT_KEYS = [...MODERN_KEYS, "author", "source_url", "validation", "validator_flags", "grading"];
const TYPES = ["pass-fail", "scoring", "multi-pass", "interactive", "submit-answer"] as const;

const KEYS: Readonly<Record<PackageFormat, readonly string[]>> = {
  legacy: LEGACY_KEYS,
  "2023-07-draft": DRAFT_KEYS,
  "2025-09": MODERN_KEYS,
};

export function readProblemYaml(text: string, fail: Fail, warn: (warning: Warning) => void): ProblemYaml {
  const map = parseYaml(text, "problem.yaml", fail);
  const format = formatOf(map);
  const legacy = format === "legacy";
  for (const unknown of map.unknown(KEYS[format])) {
    warn({ ...unknown.position, message: unknown.message });
  }
  const limitsMap = map.get("limits")?.map();
  const limitKeys = legacy
    ? LEGACY_LIMIT_KEYS
    : [...MODERN_LIMIT_KEYS, ...(format === "2025-09" ? [] : [OLD_MULTIPLIERS])];
  for (const unknown of limitsMap?.unknown(limitKeys) ?? []) {
    warn({ ...unknown.position, message: unknown.message });
  }
  const read = readLimits(limitsMap, format);
  return legacy ? readLegacy(map, format, read) : readModern(map, format, read);
}

function formatOf(map: YamlMap): PackageFormat {
  const version = map.get("problem_format_version");
  if (version === undefined) return "legacy";
  const text = version.string();
  if (text === "legacy" || text === "legacy-icpc") return "legacy";
  if (text === "2025-09") return "2025-09";
  if (text === "2023-07-draft" || text === "2023-07" || text === "draft" || text === "2025-09-draft")
    return "2023-07-draft";
  return version.expected('one of "legacy", "legacy-icpc", "2023-07-draft", "2025-09"');
}

function readLegacy(map: YamlMap, format: PackageFormat, read: ReadLimits): ProblemYaml {
  const scoring = map.get("type")?.oneOf(["pass-fail", "scoring"]) === "scoring";
  const validation = map.get("validation");
  const [kind, ...extras] = words(validation?.string() ?? "default");
  if (kind !== "default" && kind !== "custom") validation?.expected('"default" or "custom …"');
  if (extras.some((extra) => extra !== "score" && extra !== "interactive" && extra !== "multi-pass")) {
    validation?.expected('"custom", followed by "interactive", "multi-pass" and "score" where they apply');
  }
  const url = map.get("source_url")?.string();
  // Names of one family of the format with values of the other: nothing that judging needs.
  const source = readSources(map.get("source"));
  const keywords = map.get("keywords");
  const names = map.get("name");
  return {
    format,
    scoring,
    interactive: extras.includes("interactive"),
    multiPass: extras.includes("multi-pass"),
    unsupportedType: undefined,
    names: names?.isMap === true ? namesOf(names) : new Map(),
    legacyName: names === undefined || names.isMap ? undefined : names.string(),
    uuid: map.get("uuid")?.string(),
    license: map.get("license")?.string() ?? "unknown",
    rightsOwner: map.get("rights_owner")?.string(),
    source: source.map((each) => ({ ...(url === undefined ? {} : { url }), ...each })),
    authors: readAuthorLine(map.get("author")),
    keywords: keywords === undefined ? [] : keywords.isList ? keywords.strings() : words(keywords.string()),
    languages: "all",
    objective: map.get("grading")?.map().get("objective")?.oneOf(["max", "min"]) ?? "max",
    read,
    customValidation: kind === "custom",
    validatorScore: scoring && extras.includes("score") ? "required" : "never",
    validatorFlags: readFlags(map.get("validator_flags")),
    constants: {},
  };
}

function readModern(map: YamlMap, format: PackageFormat, read: ReadLimits): ProblemYaml {
  const type = map.get("type");
  const items = type === undefined ? [] : type.isList ? type.list() : [type];
  const types = items.map((item) => item.oneOf(TYPES));
  if (types.includes("pass-fail") && types.includes("scoring"))
    type?.fail('"pass-fail" and "scoring" exclude each other');
  const draft = readDraftValidation(map.get("validation"));
  const name = map.get("name");
  const languages = map.get("languages");
  const allLanguages = languages === undefined || (languages.isString && languages.string() === "all");
  const keywords = map.get("keywords");
  return {
    format,
    scoring: types.includes("scoring"),
    interactive: types.includes("interactive") || draft.interactive,
    multiPass: types.includes("multi-pass") || draft.multiPass,
    unsupportedType: types.find((each) => each === "submit-answer"),
    names: name === undefined ? new Map() : namesOf(name),
    legacyName: undefined,
    uuid: map.get("uuid")?.string(),
    license: map.get("license")?.string() ?? "unknown",
    rightsOwner: map.get("rights_owner")?.string(),
    source: readSources(map.get("source")),
    authors: [...readAuthors(map.get("credits")), ...readAuthorLine(map.get("author"))],
    keywords: keywords?.strings() ?? [],
    languages: allLanguages ? "all" : languages.strings(),
    objective: "max",
    read,
    customValidation: undefined,
    validatorScore: types.includes("scoring") ? "optional" : "never",
    validatorFlags: readFlags(map.get("validator_flags")),
    constants: readConstants(map.get("constants")),
  };
}

/** Values as they are written. Tools that add variants to a constant keep the plain one under `value`. */
function readConstants(value: YamlValue | undefined): Constants {
  if (value === undefined) return {};
  const constants: Record<string, string> = {};
  for (const { name, value: given } of value.map().entries()) {
    if (!CONSTANT_NAME.test(name)) given.fail(`"${name}" is no name of a constant: letters, digits, _`);
    const plain = given.isMap ? given.map().get("value") : given;
    constants[name] = plain === undefined || plain.isNull ? given.expected("a number or a string") : plain.string();
  }
  return constants;
}

/** Early drafts: `validation: custom interactive`, or a map of flags. */
function readDraftValidation(value: YamlValue | undefined): { interactive: boolean; multiPass: boolean } {
  if (value === undefined) return { interactive: false, multiPass: false };
  if (!value.isMap) {
    const flags = words(value.string());
    return { interactive: flags.includes("interactive"), multiPass: flags.includes("multi-pass") };
  }
  const map = value.map();
  return {
    interactive: map.get("interactive")?.boolean() === true,
    multiPass: map.get("multipass", "multi-pass")?.boolean() === true,
  };
}

function readAuthorLine(value: YamlValue | undefined): Person[] {
  if (value !== undefined && (value.isList || value.isMap)) return readAuthors(value);
  const names = (value?.string() ?? "").split(/,\s*|\s+and\s+|\s+&\s+/);
  return names.filter((name) => name.trim() !== "").map(person);
}

function namesOf(value: YamlValue): ReadonlyMap<string, string> {
  if (!value.isMap) return new Map([["en", value.string()]]);
  const entries = value.map().entries();
  return new Map(entries.filter((entry) => !entry.value.isNull).map((entry) => [entry.name, entry.value.string()]));
}

/** Skeletons of packages leave `name` and `url` empty: that is no source. */
function readSources(value: YamlValue | undefined): { name: string; url?: string }[] {
  if (value === undefined) return [];
  return listed(value).flatMap((item) => {
    if (!item.isMap) return [{ name: item.string() }];
    const map = item.map();
    const name = map.get("name")?.string();
    const url = map.get("url")?.string();
    if (name === undefined) return url === undefined ? [] : item.fail('a source needs a "name"');
    return [{ name, ...(url === undefined ? {} : { url }) }];
  });
}

/** One value or a list of them, without the empty ones. */
function listed(value: YamlValue): readonly YamlValue[] {
  return (value.isList ? value.list() : [value]).filter((item) => !item.isNull);
}

function readAuthors(credits: YamlValue | undefined): Person[] {
  if (credits === undefined) return [];
  const authors = credits.isMap ? credits.map().get("authors") : credits;
  if (authors === undefined) return [];
  return listed(authors).map((item) => {
    if (!item.isMap) return person(item.string());
    const map = item.map();
    const email = map.get("email")?.string();
    return {
      name: map.get("name")?.string() ?? item.fail('a person needs a "name"'),
      ...(email === undefined ? {} : { email }),
    };
  });
}

function person(text: string): Person {
  const match = /^(.*?)\s*<([^<>]*)>$/.exec(text.trim());
  return match === null ? { name: text.trim() } : { name: match[1] ?? "", email: match[2] ?? "" };
}
