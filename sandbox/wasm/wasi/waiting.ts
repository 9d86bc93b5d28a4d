/** Clocks and `poll_oneoff`: what a program can wait for, in the layout of its memory. */
import { COST_PER_VIRTUAL_MS } from "../meter/index.ts";
import type { GuestMemory } from "./guest-memory.ts";

/** 2026-01-01T00:00:00Z: what every program sees at its start. */
export const EPOCH_NS = 1_767_225_600_000_000_000n;
export const COST_PER_NS = BigInt(COST_PER_VIRTUAL_MS) / 1_000_000n;

export const SUBSCRIPTIONS_MAX = 256;
const EVENT_BYTES = 32;
const SUBSCRIPTION_BYTES = 48;

export interface Subscription {
  readonly userdata: bigint;
  /** 0: a clock; else a stream, which is always ready. */
  readonly kind: number;
  readonly ns: bigint;
}

/** @throws BadPointer; also when there is no room for the events at `events`. */
export function readSubscriptions(
  memory: GuestMemory,
  { subscriptions, events, count }: { subscriptions: number; events: number; count: number },
  nowNs: bigint,
): readonly Subscription[] {
  memory.bytes(events, count * EVENT_BYTES);
  return Array.from({ length: count }, (_, index) =>
    readSubscription(memory, subscriptions + index * SUBSCRIPTION_BYTES, nowNs),
  );
}

function readSubscription(memory: GuestMemory, at: number, nowNs: bigint): Subscription {
  const userdata = memory.u64(at);
  const kind = memory.u8(at + 8);
  if (kind !== 0) return { userdata, kind, ns: 0n };
  const timeout = memory.u64(at + 24);
  const absolute = (memory.u16(at + 40) & 1) !== 0;
  if (!absolute) return { userdata, kind, ns: timeout };
  const now = nowNs + (memory.u32(at + 16) === 0 ? EPOCH_NS : 0n);
  return { userdata, kind, ns: timeout > now ? timeout - now : 0n };
}

export function writeEvents(memory: GuestMemory, events: number, due: readonly Subscription[]): void {
  due.forEach((wait, index) => {
    const at = events + index * EVENT_BYTES;
    memory.write(at, new Uint8Array(EVENT_BYTES));
    memory.setU64(at, wait.userdata);
    memory.setU8(at + 10, wait.kind);
    if (wait.kind !== 0) memory.setU64(at + 16, 1n);
  });
}
