/** What a running interpreter asks of its surroundings; the system interface is written against this. */
import type { FileSystem } from "./file-system.ts";
import type { GuestMemory } from "../interpreter/guest-memory.ts";
import type { ProgramIo } from "../interpreter/program-io.ts";

export interface Host {
  readonly memory: GuestMemory;
  readonly files: FileSystem;
  readonly io: ProgramIo;
  /** `NAME=value`, each. */
  readonly environment: readonly string[];
  /** Charges the run for work the host does for it; ends it when that is more than it has left. */
  charge(fuel: number): void;
  /** Virtual nanoseconds since the start of the run. */
  elapsedNs(): bigint;
  fillRandom(bytes: Uint8Array): void;
  /** Makes the memory at least that large, or ends the run. */
  grow(bytes: number): boolean;
  exit(code: number): never;
}
