/** How each language is compiled and run in the image; versions are the image's. */
import type { Language } from "../../src/model/language.ts";

export interface NativeLanguage {
  /** The command that compiles, given the names of all files, the main one first; in the folder that holds them. */
  readonly compile: (files: readonly string[]) => readonly string[];
  /** What compiling leaves that a run needs. */
  readonly isArtifact: (name: string) => boolean;
  readonly run: (main: string, memoryMiB: number) => readonly string[];
}

const PROGRAM = "program";
const shell = (script: string, ...args: readonly string[]): readonly string[] => [
  "/bin/sh",
  "-c",
  script,
  "sh",
  ...args,
];
const stem = (file: string): string => file.replace(/\.[^.]*$/, "");
const ofKind =
  (ending: RegExp) =>
  (files: readonly string[]): readonly string[] =>
    files.filter((file) => ending.test(file));
const cFiles = ofKind(/\.c$/);
const cppFiles = ofKind(/\.(?:cc|cpp|cxx|c\+\+|C)$/);
const isProgram = (name: string): boolean => name === PROGRAM;

export const NATIVE_LANGUAGES: Readonly<Record<Language, NativeLanguage>> = {
  c: {
    // Static: the program then also runs beside an interactor of another language.
    compile: (files) => ["gcc", "-std=gnu17", "-O2", "-static", "-o", PROGRAM, ...cFiles(files), "-lm"],
    isArtifact: isProgram,
    run: () => [`./${PROGRAM}`],
  },
  cpp: {
    compile: (files) => [
      "g++",
      "-std=gnu++20",
      "-O2",
      "-static",
      "-o",
      PROGRAM,
      ...cppFiles(files),
      // C beside C++ is one C++ program.
      ...cFiles(files),
    ],
    isArtifact: isProgram,
    run: () => [`./${PROGRAM}`],
  },
  python3: {
    compile: (files) => [
      "python3",
      "-c",
      "import sys\nfor name in sys.argv[1:]: compile(open(name, 'rb').read(), name, 'exec')",
      ...files.filter((file) => file.endsWith(".py")),
    ],
    isArtifact: () => true,
    run: (main) => ["python3", main],
  },
  javascript: {
    compile: (files) =>
      shell('for f; do node --check "$f" || exit 1; done', ...files.filter((file) => /\.[cm]?js$/.test(file))),
    isArtifact: () => true,
    run: (main) => ["node", "--stack-size=65500", main],
  },
  typescript: {
    compile: (files) =>
      shell('for f; do node --check "$f" || exit 1; done', ...files.filter((file) => /\.[cm]?ts$/.test(file))),
    isArtifact: () => true,
    run: (main) => ["node", "--stack-size=65500", main],
  },
  java: {
    compile: (files) => ["javac", "-encoding", "UTF-8", "-d", ".", ...files.filter((file) => file.endsWith(".java"))],
    isArtifact: (name) => name.endsWith(".class"),
    run: (main, memoryMiB) => ["java", "-XX:+UseSerialGC", "-Xss64m", `-Xmx${memoryMiB}m`, "-cp", ".", stem(main)],
  },
  kotlin: {
    compile: (files) => [
      "kotlinc",
      "-include-runtime",
      "-d",
      `${PROGRAM}.jar`,
      ...files.filter((file) => file.endsWith(".kt")),
    ],
    isArtifact: (name) => name === `${PROGRAM}.jar`,
    run: (_main, memoryMiB) => ["java", "-XX:+UseSerialGC", "-Xss64m", `-Xmx${memoryMiB}m`, "-jar", `${PROGRAM}.jar`],
  },
  go: {
    compile: (files) => ["go", "build", "-o", PROGRAM, ...files.filter((file) => file.endsWith(".go"))],
    isArtifact: isProgram,
    run: () => [`./${PROGRAM}`],
  },
  rust: {
    compile: (files) => ["rustc", "--edition", "2021", "-O", "-o", PROGRAM, files[0] ?? ""],
    isArtifact: isProgram,
    run: () => [`./${PROGRAM}`],
  },
};

/** Compilers of these need more memory than programs: the format's `compilation_memory` is taken as it is. */
export function isNativeLanguage(name: string): name is Language {
  return Object.hasOwn(NATIVE_LANGUAGES, name);
}
