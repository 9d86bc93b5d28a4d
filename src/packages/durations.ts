/** Times as contest files write them. */

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A duration in milliseconds: `5:00:00`, `0:30:00.500`, `1:30:00`, `90s`, `1h`, `1h30m`, `250ms`, or a plain number of seconds. `H:MM:SS`
 * as DOMjudge and the CLICS specifications write it; `M:SS` is refused because it is read differently by different people.
 * Undefined if it is none of these.
 */
export function parseDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  const clock = /^(\d{1,5}):([0-5]\d):([0-5]\d(?:\.\d{1,3})?)$/.exec(trimmed);
  if (clock !== null) {
    const [, hours = "0", minutes = "0", seconds = "0"] = clock;
    return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1_000);
  }
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(trimmed)) return Math.round(Number(trimmed) * 1_000);
  const parts = [...trimmed.matchAll(/(\d{1,9}(?:\.\d{1,3})?)\s*(ms|min|[smhd])\s*/gy)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== trimmed) return undefined;
  return Math.round(parts.reduce((sum, [, amount = "0", unit = ""]) => sum + Number(amount) * (UNITS[unit] ?? 0), 0));
}

/** `2026-11-21T10:00:00Z`, `2026-11-21 10:00:00+01:00`, `…+0100`, `…+01`; a zone is required. Milliseconds since 1970. */
export function parseInstantMs(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)$/.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, day = "", time = "", zone = ""] = match;
  const digits = zone.replace(":", "");
  const offset = zone === "Z" ? "Z" : `${digits.slice(0, 3)}:${digits.slice(3) || "00"}`;
  const epochMs = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
