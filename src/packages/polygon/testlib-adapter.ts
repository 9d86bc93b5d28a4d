/**
 * A C++ file that turns a testlib program into an output or input validator of our package formats. The program itself is included, unchanged:
 * its `main` is renamed, its calls of `exit` and `fopen` are caught. testlib ends every program by `std::exit(code)`.
 *
 * | testlib | here |
 * |---|---|
 * | arguments input, output, answer, report | input, answer, feedback directory; the output comes on standard input |
 * | checkers' and validators' `--group name` | the same, among the arguments that a test gives |
 * | 0 (ok) | 42; for an interactor: the checker decides |
 * | 1 (wrong answer), 2 (presentation), 4 (dirt), 8 (unexpected end) | 43 |
 * | 7 (points), 50 and more (partially) | 42 with `score_multiplier.txt` where a test gives a share of its points; else 42 for a full one, 43 for less |
 * | 3 (fail) and all else | that code: the judge's error |
 *
 * (testlib.h, "resultExitCode"; 2025-09.md "Output validators".)
 */

export type TestlibProgram =
  | { readonly type: "checker"; readonly checker: string }
  /** Talks to the submission; what it wrote is then given to the checker, if there is one. */
  | {
      readonly type: "interactor";
      readonly interactor: string;
      readonly checker: string | undefined;
    }
  | { readonly type: "validator"; readonly validator: string };

/**
 * Argument of a test group for checkers that give points: `share` and the points of one test, or `all` and the points that a test
 * needs at the least to be accepted.
 */
export const POINTS_ARGUMENT = "dikast-points";

/** Names of testlib's that the standard library has as well by now: with `using namespace std` a call of them would be ambiguous. */
const CLASHING = ["format", "println"] as const;

/** Those that a testlib.h declares. */
export function clashingNames(testlib: string): readonly string[] {
  return CLASHING.filter((name) => new RegExp(`[\\w>]\\s+${name}\\s*\\(`).test(testlib));
}

/**
 * `checker`, `interactor`, `validator`: names of files beside the adapter, as `#include` takes them. `testlib`: the text of testlib.h;
 * undefined: a checker of its own. `sources`: the texts of the programs and their headers.
 */
export function testlibAdapter(
  program: TestlibProgram,
  testlib: string | undefined,
  sources: readonly string[],
): string {
  const parts = [
    HEAD,
    systemHeaders([testlib ?? "", ...sources]),
    CATCH,
    ...(testlib === undefined ? [] : [UNNAMED_TESTLIB]),
    ...programs(program, clashingNames(testlib ?? ""), sources),
    LEAVE,
    mainOf(program),
  ];
  return `${parts.join("\n")}\n`;
}

/**
 * Included ahead of everything, because the programs that include them are in namespaces. All of C++'s own are there already, those of
 * other systems are not.
 */
function systemHeaders(sources: readonly string[]): string {
  const names = sources.flatMap((source) => [...source.matchAll(SYSTEM_INCLUDE)].map(([, name = ""]) => name));
  return [...new Set(names)]
    .filter((name) => /[./]/.test(name) && name !== "bits/stdc++.h")
    .map((name) => `#if __has_include(<${name}>)\n#include <${name}>\n#endif`)
    .join("\n");
}

const SYSTEM_INCLUDE = /^[ \t]*#[ \t]*include[ \t]*<([\w./+-]+)>/gm;
/** What of testlib.h a program does not use is then not compiled: half of the time is won. */
const UNNAMED_TESTLIB = 'namespace {\n#include "testlib.h"\n}  // namespace\n';

function programs(program: TestlibProgram, names: readonly string[], sources: readonly string[]): string[] {
  const alone = sources.some((source) => IN_STD.test(source)) ? includedAlone : included;
  switch (program.type) {
    case "checker":
      return [alone("checker", program.checker, names), runner("checker", true)];
    case "validator":
      return [alone("checker", program.validator, names), runner("checker", true)];
    case "interactor": {
      const { interactor, checker } = program;
      const second = checker === undefined ? [] : [included("checker", checker, names)];
      return [
        included("interactor", interactor, names),
        ...second,
        runner("interactor", true),
        runner("checker", checker !== undefined),
      ];
    }
  }
}

/**
 * In a namespace of its own, so that two programs may use the same names; testlib.h itself is included before, once. Only the real `main` may
 * end without a `return`, as validators mostly do: the type of this one follows from what it returns.
 */
function included(name: string, file: string, names: readonly string[]): string {
  return [
    `namespace dikast_${name} {`,
    ...names.map((clashing) => `using ::${clashing};`),
    `#define main(...) type_of_main; static auto program_main(__VA_ARGS__)`,
    `#include "${file}"`,
    "#undef main",
    `}  // namespace dikast_${name}`,
  ].join("\n");
}

/** What adds to the standard library (a `std::hash` of its own) cannot do so from within another namespace. */
const IN_STD = /\bnamespace\s+std\s*\{|\b(?:struct|class)\s+std\s*::/;

function includedAlone(name: string, file: string): string {
  return [
    `#define main(...) type_of_main; static auto program_main(__VA_ARGS__)`,
    `#include "${file}"`,
    "#undef main",
    `namespace dikast_${name} {\nusing ::program_main;\n}  // namespace dikast_${name}`,
  ].join("\n");
}

function runner(name: string, present: boolean): string {
  const body = present
    ? `return call(dikast_${name}::program_main, count, arguments);`
    : "(void)count; (void)arguments; return 0;";
  return `namespace dikast {
static const bool has_${name} = ${present};
static inline int run_${name}(int count, char** arguments) { ${body} }
}  // namespace dikast`;
}

function mainOf({ type }: TestlibProgram): string {
  const start =
    type === "validator"
      ? "leave(run_checker(argc, argv));"
      : `if (argc < 4) return 3;
    input = argv[1], answer = argv[2], feedback = argv[3];
    read_options(argc, argv);
    ${type === "checker" ? "leave(run_program(run_checker, output_name, options));" : "leave(run_program(run_interactor, feedback + conversation_name, {}));"}`;
  return `
int main(int argc, char** argv) {
    using namespace dikast;
    phase = Phase::${type};
    ${start}
}`;
}

const HEAD = `// Made by "dikast contest import": runs a testlib program as a validator of a problem package.
#define TESTSYS  // "partially correct" gets exit codes of its own, from 50
#define PC_BASE_EXIT_CODE 50
#include <bits/stdc++.h>
#include <unistd.h>

namespace dikast {
enum class Phase { validator, interactor, checker };
static Phase phase = Phase::checker;
static bool share = false;
static double full_points = 1;
static std::string input, answer, feedback;
static std::vector<std::string> options;
static const std::string output_name = "/dikast/output", conversation_name = "interaction.txt";
[[noreturn]] void leave(int code);
std::FILE* open_file(const char* name, const char* mode);

template <class Result, class... Given> static inline int ended(Result (*program)(Given...), Given... given) {
    if constexpr (std::is_void_v<Result>) return program(given...), 0;
    else return int(program(given...));
}
template <class Result> static inline int call(Result (*program)(int, char**), int count, char** arguments) {
    return ended(program, count, arguments);
}
template <class Result> static inline int call(Result (*program)(int, const char**), int count, char** arguments) {
    return ended(program, count, const_cast<const char**>(arguments));
}
template <class Result> static inline int call(Result (*program)(), int, char**) { return ended(program); }
}  // namespace dikast
`;

/** Goes behind the system's headers, which mean themselves. */
const CATCH = `
[[noreturn]] static inline void dikast_exit(int code) { dikast::leave(code); }
static inline std::FILE* dikast_fopen(const char* name, const char* mode) { return dikast::open_file(name, mode); }
namespace std {
using ::dikast_exit;
using ::dikast_fopen;
}  // namespace std
#define exit(code) dikast_exit(code)
#define fopen(name, mode) dikast_fopen(name, mode)
`;

/** Goes behind the programs, where `exit` and `fopen` mean themselves again. */
const LEAVE = `
#undef exit
#undef fopen
namespace dikast {
static inline int run_program(int (*program)(int, char**), const std::string& output, const std::vector<std::string>& more) {
    std::vector<std::string> words{"program", input, output, answer, feedback + "judgemessage.txt"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(&word[0]);
    arguments.push_back(nullptr);
    return program(int(words.size()), arguments.data());
}

std::FILE* open_file(const char* name, const char* mode) {
    return name == output_name ? stdin : std::fopen(name, mode);
}

/** "12.5 …", as testlib reports it; some of its versions say "points" before. */
static inline bool read_points(double& points) {
    std::ifstream report(feedback + "judgemessage.txt");
    std::string word;
    if (report >> word && word == "points") report >> word;
    char* end = nullptr;
    points = std::strtod(word.c_str(), &end);
    return end != word.c_str() && *end == 0 && std::isfinite(points);
}

/** After the usual arguments: "dikast-points share 20", or "dikast-points all 0"; all else is the checker's. */
static inline void read_options(int argc, char** argv) {
    for (int i = 4; i < argc; i++) {
        if (std::strcmp(argv[i], "dikast-points") != 0 || i + 2 >= argc) {
            options.push_back(argv[i]);
            continue;
        }
        share = std::strcmp(argv[i + 1], "share") == 0;
        full_points = std::atof(argv[i + 2]);
        i += 2;
    }
}

[[noreturn]] static inline void score(double points, double full) {
    std::cout.flush();
    if (!share) std::exit(points > 0 && points >= full ? 42 : 43);
    double part = full > 0 ? std::max(0.0, std::min(1.0, points / full)) : 1;
    std::ofstream(feedback + "score_multiplier.txt") << std::fixed << std::setprecision(9) << part << "\\n";
    std::exit(42);
}

void leave(int code) {
    if (phase == Phase::validator) std::exit(code == 0 ? 42 : 43);
    if (phase == Phase::interactor && code == 0 && has_checker) {
        phase = Phase::checker;
        std::fflush(stdout);
        leave(run_program(run_checker, feedback + conversation_name, options));
    }
    std::remove((feedback + conversation_name).c_str());
    double points = 0;
    switch (code) {
        case 0: std::exit(42);
        case 1: case 2: case 4: case 8: std::exit(43);
        case 7:
            if (read_points(points)) score(points, full_points);
            std::exit(3);
    }
    if (code >= 50 && code <= 250) score(code - 50, 100);
    std::exit(code == 42 || code == 43 ? 3 : code);
}
}  // namespace dikast`;
