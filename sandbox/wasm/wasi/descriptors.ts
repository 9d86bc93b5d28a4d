/** What a number stands for that a program opened, and how WASI describes it (`fdstat`, `filestat`). */
import { ERRNO, type Errno } from "./errno.ts";
import type { OpenDirectory, OpenFile } from "./files.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { FILETYPE } from "./paths.ts";
import { EPOCH_NS } from "./waiting.ts";

export type Stream = { readonly type: "stream"; readonly fd: 0 | 1 | 2 };
export type Descriptor = Stream | OpenFile | OpenDirectory;

export const FDFLAGS_APPEND = 1;
const ALL_RIGHTS = 0x1fff_ffffn;
/** Neither seek nor tell: a stream has no position. */
const SEEK_RIGHTS = 0x24n;

export function filetypeOf(descriptor: Descriptor): number {
  switch (descriptor.type) {
    case "stream":
      return FILETYPE.unknown;
    case "file":
      return FILETYPE.regularFile;
    case "directory":
      return FILETYPE.directory;
  }
}

export function writeFdstat(memory: GuestMemory, result: number, descriptor: Descriptor): Errno {
  memory.write(result, new Uint8Array(24));
  memory.setU8(result, filetypeOf(descriptor));
  memory.setU16(result + 2, descriptor.type === "file" && descriptor.append ? FDFLAGS_APPEND : 0);
  memory.setU64(result + 8, descriptor.type === "stream" ? ALL_RIGHTS & ~SEEK_RIGHTS : ALL_RIGHTS);
  memory.setU64(result + 16, ALL_RIGHTS);
  return ERRNO.success;
}

export function writeFilestat(memory: GuestMemory, result: number, filetype: number, size: number): Errno {
  memory.write(result, new Uint8Array(64));
  memory.setU8(result + 16, filetype);
  memory.setU64(result + 24, 1n);
  memory.setU64(result + 32, BigInt(size));
  for (const at of [40, 48, 56]) memory.setU64(result + at, EPOCH_NS);
  return ERRNO.success;
}
