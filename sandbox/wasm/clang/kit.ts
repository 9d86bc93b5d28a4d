/** What is made once by the toolchain itself and then serves all compiles: the precompiled header and our runtime's objects. */
import { createHash } from "node:crypto";
import { SandboxError } from "../../sandbox.ts";
import type { DiskCache } from "../interpreter/disk-cache.ts";
import { addSharedFile, type DirectoryNode, fileAt, RunFiles, sharedDirectory } from "./filesystem.ts";
import { compileCpp, CPP_STANDARD, precompileHeader } from "./flags.ts";
import type { Installation } from "./installation.ts";
import type { Llvm } from "./llvm.ts";

/**
 * How each part of the runtime is compiled: only those that throw past frames of their own need landing pads, and those
 * that use much of the library start from its precompiled header.
 */
const RUNTIME = [
  { name: "exceptions", catches: true, precompiled: false },
  { name: "start", catches: true, precompiled: false },
  { name: "throw-terminates", catches: false, precompiled: false },
  { name: "library-throws", catches: false, precompiled: true },
  { name: "bad-alloc-throws", catches: false, precompiled: false },
  { name: "main-void", catches: false, precompiled: false },
  { name: "libc-extras", catches: false, precompiled: false },
  { name: "streams", catches: false, precompiled: true },
  { name: "wide-streams", catches: false, precompiled: true },
  { name: "library", catches: false, precompiled: true },
  { name: "text", catches: false, precompiled: true },
] as const;

const HEADER = "/usr/include/dikast/precompiled.h";
const LIMITS = { memoryPagesMax: 32_768, stepsMax: 1n << 62n, logBytesMax: 65_536 };

const HEADER_FILE = "stdc++.pch";
/** Objects of the runtime, by file name. */
export const RUNTIME_OBJECTS: readonly string[] = RUNTIME.map(({ name }) => `${name}.o`);

/** In the order in which they get their places in the tree; the header first, because others use it. */
const FILES = [HEADER_FILE, ...RUNTIME_OBJECTS];

export interface KitSources {
  readonly runtime: Installation["runtime"];
  /** Made before: the order decides the inodes, and precompiled headers name them. */
  readonly usr: DirectoryNode;
  readonly llvm: () => Llvm;
  readonly cache: DiskCache;
  readonly profile: string;
  /** Objects that need not be made, by file name. */
  readonly prebuilt: ReadonlyMap<string, Uint8Array>;
}

/** @throws SandboxError when the toolchain cannot compile its own parts: a damaged installation. */
export function kit({ runtime, usr, llvm, cache, profile, prebuilt }: KitSources): DirectoryNode {
  const directory = sharedDirectory();
  for (const name of FILES) {
    // Each file is a kind of its own: the cache keeps few of a kind.
    const key = `clang-${name}-${createHash("sha256").update(`${profile}\n${name}`).digest("hex").slice(0, 32)}`;
    const bytes = prebuilt.get(name) ?? cache.readOrMake(key, () => make({ runtime, usr }, llvm(), directory, name));
    addSharedFile(directory, name, bytes);
  }
  return directory;
}

function make(
  { runtime, usr }: Pick<KitSources, "runtime" | "usr">,
  llvm: Llvm,
  made: DirectoryNode,
  name: string,
): Uint8Array {
  const files = new RunFiles({ usr, kit: made }, 256 * 1024 * 1024);
  files.directory("build", true);
  const sources = files.directory("runtime", false);
  for (const [source, bytes] of runtime) files.addFile(sources, source, bytes);
  const output = `/build/${name}`;
  const part = RUNTIME.find((each) => `${each.name}.o` === name);
  const args =
    part === undefined
      ? precompileHeader(HEADER, output)
      : compileCpp(`/runtime/${part.name}.cc`, output, {
          standard: CPP_STANDARD,
          catches: part.catches,
          ...(part.precompiled ? { precompiled: `/kit/${HEADER_FILE}` } : {}),
        });
  const outcome = llvm.run(args, files, LIMITS);
  const bytes = fileAt(files.root, output);
  if (outcome.end.type !== "exited" || outcome.end.code !== 0 || bytes === undefined) {
    const log = new TextDecoder().decode(outcome.log.subarray(0, 2000));
    throw new SandboxError("DIKAST_SANDBOX_COMPILER", `cannot make ${name}: ${outcome.end.type}: ${log}`);
  }
  return bytes.slice();
}
