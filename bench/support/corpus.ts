/**
 * The C++ corpus, compiled twice: by the sandbox's toolchain and by the machine's g++. Kept in a temporary folder. Each
 * program reads one number, how much it has to do; the sizes of its second line take some 10 ms, 200 ms and 2 s.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createClangToolchain } from "../../sandbox/wasm/clang/index.ts";

const CORPUS = new URL("../corpus/cpp/", import.meta.url).pathname;
export const WORK = join(tmpdir(), "dikast-bench");
const COMPILE = { timeMs: 60_000, memoryMiB: 2048 };

export interface CorpusProgram {
  readonly name: string;
  readonly wasm: Uint8Array;
  /** Executable made by `g++ -O2`. */
  readonly native: string;
  /** What to give it on standard input: small, medium, large. */
  readonly sizes: readonly [small: string, medium: string, large: string];
}

/** @param only names; all of the corpus when empty. */
export async function buildCorpus(only: readonly string[] = []): Promise<readonly CorpusProgram[]> {
  mkdirSync(WORK, { recursive: true });
  const { cpp } = createClangToolchain({ cacheDirectory: join(WORK, "cache") });
  const programs: CorpusProgram[] = [];
  for (const file of readdirSync(CORPUS)
    .filter((each) => each.endsWith(".cc"))
    .sort()) {
    const name = basename(file, ".cc");
    if (only.length > 0 && !only.includes(name)) continue;
    const source = readFileSync(join(CORPUS, file));
    const key = createHash("sha256").update(source).update(JSON.stringify(cpp.parts)).digest("hex").slice(0, 16);
    const wasmPath = join(WORK, `${name}-${key}.wasm`);
    if (!existsSync(wasmPath)) {
      const outcome = await cpp.compile([{ name: file, bytes: source }], COMPILE);
      if (outcome.type === "rejected" || outcome.program.type !== "wasi") throw new Error(`${file}: ${outcome.log}`);
      writeFileSync(wasmPath, outcome.program.module);
    }
    const native = join(WORK, `${name}-${key}`);
    if (!existsSync(native)) execFileSync("g++", ["-O2", "-std=gnu++23", "-o", native, join(CORPUS, file)]);
    programs.push({ name, wasm: readFileSync(wasmPath), native, sizes: sizesOf(source.toString()) });
  }
  return programs;
}

function sizesOf(source: string): CorpusProgram["sizes"] {
  const [small, medium, large] = /^\/\/ Sizes: (\d+) (\d+) (\d+)$/mu.exec(source)?.slice(1) ?? [];
  if (small === undefined || medium === undefined || large === undefined) throw new Error("a program without sizes");
  return [small, medium, large];
}

const TIMER = String.raw`
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/wait.h>
int main(int argc, char **argv) {
  pid_t pid = fork();
  if (pid == 0) {
    struct rlimit stack = { 1 << 30, 1 << 30 };
    setrlimit(RLIMIT_STACK, &stack);
    int out = open("/dev/null", O_WRONLY);
    dup2(out, 1);
    execl(argv[1], argv[1], (char *)0);
    _exit(127);
  }
  struct rusage usage;
  int status;
  wait4(pid, &status, 0, &usage);
  printf("%ld", (long)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  return status != 0;
}
`;

/** CPU time in ms of one run of an executable. */
export function nativeMs(executable: string, stdin: string): number {
  const timer = join(WORK, "timer-of-input");
  if (!existsSync(timer)) {
    writeFileSync(`${timer}.c`, TIMER);
    execFileSync("gcc", ["-O2", "-o", timer, `${timer}.c`]);
  }
  return Number(execFileSync(timer, [executable], { input: stdin, encoding: "utf8" })) / 1000;
}
