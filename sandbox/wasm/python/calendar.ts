/** Calendar arithmetic of the system interface: UTC only, so that no machine's time zone shows. `struct tm` of musl. */
import type { GuestMemory } from "../interpreter/guest-memory.ts";

const DAY_SECONDS = 86_400;
/** The range of a JavaScript date: ±10^8 days. */
const SECONDS_MAX = 8.64e12;

/** Fills `struct tm` (44 bytes) from seconds since 1970; seconds outside the calendar count as its ends. */
export function writeCalendar(memory: GuestMemory, seconds: bigint, address: number): void {
  const bounded = Math.max(-SECONDS_MAX, Math.min(SECONDS_MAX, Number(seconds)));
  const date = new Date(bounded * 1_000);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  const fields = [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth(),
    date.getUTCFullYear() - 1_900,
    date.getUTCDay(),
    Math.floor((date.getTime() - yearStart) / (DAY_SECONDS * 1_000)),
    0,
    0,
  ];
  for (const [index, value] of fields.entries()) memory.setU32(address + index * 4, value);
}

/** Seconds since 1970 of a `struct tm`, which is normalized in place; −1 when it lies outside the calendar. */
export function readCalendar(memory: GuestMemory, address: number): bigint {
  const [second, minute, hour, day, month, year] = [0, 4, 8, 12, 16, 20].map((offset) => memory.i32(address + offset));
  const date = new Date(0);
  date.setUTCFullYear((year ?? 0) + 1_900, month ?? 0, day ?? 1);
  date.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0, 0);
  const time = date.getTime();
  if (Number.isNaN(time)) return -1n;
  const seconds = BigInt(Math.floor(time / 1_000));
  writeCalendar(memory, seconds, address);
  return seconds;
}
