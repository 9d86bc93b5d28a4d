/** The sandbox's self-test: whether it is the contest's judge, and whether it judges. */
import { LANGUAGES, type Language } from "../../model/index.ts";
import type { Sandbox } from "../../../sandbox/index.ts";
import type { Check } from "./checks.ts";

/** Reads a number, prints its square; in languages that start fast first. */
const PROGRAMS: Partial<Record<Language, readonly [string, string]>> = {
  javascript: ["square.js", "const n = Number(require('fs').readFileSync(0, 'utf8'));\nconsole.log(n * n);\n"],
  python3: ["square.py", "print(int(input()) ** 2)\n"],
  cpp: ["square.cpp", "#include <iostream>\nint main() { long n; std::cin >> n; std::cout << n * n << '\\n'; }\n"],
  c: ["square.c", '#include <stdio.h>\nint main(void) { long n; scanf("%ld", &n); printf("%ld\\n", n * n); }\n'],
};
const INPUT = "46337\n";
const EXPECTED = "2147117569\n";
const TEST_MS_MAX = 60_000;

export interface SandboxExpectation {
  /** Of the contest; null: not known. */
  readonly profile: string | null;
  readonly languages: readonly Language[];
  /** 0: this node does not evaluate. */
  readonly slots: number;
}

/** Runs a program twice: the answer must be right, and the cost the same both times. */
export async function sandboxCheck(
  open: () => Promise<Sandbox>,
  { profile, languages, slots }: SandboxExpectation,
): Promise<Check> {
  if (slots === 0) return result("ok", "this node does not evaluate (--slots 0)");
  const signal = AbortSignal.timeout(TEST_MS_MAX);
  try {
    const sandbox = await open();
    const name = `${sandbox.profile.sandbox} ${sandbox.profile.hash.slice(0, 8)}`;
    if (profile !== null && sandbox.profile.hash !== profile) {
      return result(
        "warn",
        `the sandbox (${name}) is not the contest's judge (${profile.slice(0, 8)}): this node takes part without evaluating`,
        "use the same version of dikast as the organizer",
      );
    }
    const language = LANGUAGES.filter((each) => languages.includes(each) && sandbox.profile.languages.includes(each))
      .toSorted((a, b) => speedOf(a) - speedOf(b))
      .find((each) => PROGRAMS[each] !== undefined);
    const program = language === undefined ? undefined : PROGRAMS[language];
    if (language === undefined || program === undefined)
      return result("warn", `the sandbox (${name}) has none of the contest's languages`);
    const [file, source] = program;
    const task = {
      language,
      sources: [{ name: file, bytes: new TextEncoder().encode(source) }],
      stdin: new TextEncoder().encode(INPUT),
      timeLimitMs: 5_000,
      memoryLimitMiB: 256,
      outputLimitMiB: 1,
    };
    const began = performance.now();
    const first = await sandbox.run(task, { signal });
    const second = await sandbox.run(task, { signal });
    const tookMs = Math.round(performance.now() - began);
    const isFake = sandbox.profile.sandbox === "fake";
    if (!isFake && new TextDecoder().decode(first.stdout) !== EXPECTED)
      return result(
        "fail",
        `the sandbox (${name}) computes wrongly in ${language}`,
        "reinstall dikast; if it stays, report it",
      );
    if (first.cost !== second.cost)
      return result(
        "fail",
        `the sandbox (${name}) counts differently each time`,
        "reinstall dikast; if it stays, report it",
      );
    return result("ok", `the sandbox judges (${name}, ${language} twice in ${tookMs} ms)`);
  } catch (error) {
    return result(
      "fail",
      `the sandbox does not work: ${(error as Error).message}`,
      "see node.log in the data directory",
    );
  }
}

function speedOf(language: Language): number {
  const at = Object.keys(PROGRAMS).indexOf(language);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}

function result(state: Check["state"], text: string, fix = ""): Check {
  return { id: "sandbox", state, text, fix };
}
