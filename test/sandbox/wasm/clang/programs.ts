/** Programs that must compile, and what they do: one line of the table per feature that contestants rely on. */
import type { CompileJob } from "./harness.ts";

export interface ProgramCase extends CompileJob {
  readonly id: string;
  /** Exact output; undefined when only the ending matters. */
  readonly stdout?: string;
  readonly stderr?: RegExp;
  /** Exit code, or the pattern of the trap's reason. Default 0. */
  readonly ends?: number | "trapped";
  readonly log?: RegExp;
}

const main = (body: string, before = ""): Record<string, string> => ({
  "main.cc": `#include <bits/stdc++.h>\nusing namespace std;\n${before}\nint main() {\n${body}\n}\n`,
});
const c = (text: string): Pick<ProgramCase, "language" | "files"> => ({ language: "c", files: { "main.c": text } });

const EXCEPTIONS: readonly ProgramCase[] = [
  {
    id: "catch by type, base class, value, order of destructors",
    files: main(
      `try { deep(2); } catch (logic_error&) { cout << "wrong"; } catch (exception& e) { cout << e.what() << "\\n"; }
       try { throw 5; } catch (double) { cout << "wrong"; } catch (int x) { cout << x << "\\n"; }
       try { throw Both(); } catch (Left& l) { cout << l.x << "\\n"; }
       try { throw Both(); } catch (Mine& m) { cout << m.what() << "\\n"; }
       try { throw "text"; } catch (const char* s) { cout << s << "\\n"; }`,
      `struct Noisy { int n; ~Noisy() { cout << "~" << n << " "; } };
       struct Mine : runtime_error { using runtime_error::runtime_error; };
       struct Left { virtual ~Left() {} int x = 3; };
       struct Both : Left, Mine { Both() : Mine("both") {} };
       void deep(int n) { Noisy noisy{n}; if (n == 0) throw Mine("deep"); deep(n - 1); }`,
    ),
    stdout: "~0 ~1 ~2 deep\n5\n3\nboth\ntext\n",
  },
  {
    id: "rethrow, throw in a handler, nested, exception_ptr",
    files: main(
      `try { try { throw runtime_error("a"); } catch (exception&) { cout << "inner "; throw; } } catch (runtime_error& e) { cout << e.what() << "\\n"; }
       try { try { throw 1; } catch (...) { throw string("b"); } } catch (string& s) { cout << s << "\\n"; }
       try { try { throw 7; } catch (int) { throw_with_nested(runtime_error("c")); } } catch (exception& e) { cout << e.what(); try { rethrow_if_nested(e); } catch (int x) { cout << x << "\\n"; } }
       exception_ptr p; try { throw runtime_error("d"); } catch (...) { p = current_exception(); }
       for (int i = 0; i < 3; i++) try { rethrow_exception(p); } catch (runtime_error& e) { cout << e.what(); try { rethrow_exception(p); } catch (exception&) {} }
       auto q = make_exception_ptr(42); try { rethrow_exception(q); } catch (int x) { cout << x << " " << uncaught_exceptions() << "\\n"; }`,
    ),
    stdout: "inner a\nb\nc7\nddd42 0\n",
  },
  {
    id: "what the library throws, from headers and from its compiled part",
    files: main(
      `#define TRY(expression, type) try { expression; cout << "none "; } catch (type&) { cout << #type << " "; } catch (...) { cout << "other "; }
       vector<int> v(3); string s = "abc"; optional<int> o; variant<int, string> w = 1; function<void()> f; Base base; istringstream in("x"); in.exceptions(ios::failbit); int n; any a = 1;
       TRY((void)v.at(5), out_of_range) TRY((void)s.at(9), out_of_range) TRY((void)s.substr(9), out_of_range) TRY((void)stoi("x"), invalid_argument) TRY((void)stoi("99999999999"), out_of_range)
       TRY(v.reserve(1u << 31), length_error) TRY(s.resize(4000000000u), length_error) TRY((void)o.value(), bad_optional_access) TRY((void)get<string>(w), bad_variant_access) TRY(f(), bad_function_call)
       TRY((void)dynamic_cast<Derived&>(base), bad_cast) TRY(in >> n, ios_base::failure) TRY((void)any_cast<string>(a), bad_any_cast) TRY(regex("(("), regex_error) TRY((void)map<int COMMA int>().at(1), out_of_range)
       volatile int length = -1; int* p = nullptr; TRY(p = new int[length], bad_alloc) cout << p;`,
      "#define COMMA ,\nstruct Base { virtual ~Base() {} }; struct Derived : Base {};",
    ),
    stdout:
      "out_of_range out_of_range out_of_range invalid_argument out_of_range length_error length_error bad_optional_access bad_variant_access bad_function_call bad_cast ios_base::failure bad_any_cast regex_error out_of_range bad_alloc 0",
  },
  {
    id: "uncaught in a program that catches: stderr names it, RE",
    files: main(`try { throw 1; } catch (int) {} cout << "x" << flush; throw out_of_range("gone");`),
    stdout: "x",
    stderr: /std::.*out_of_range[\s\S]*what\(\):  gone/,
    ends: "trapped",
  },
  {
    id: "uncaught in a program that catches nothing: the same",
    files: main(`vector<int> v(2); cout << "x" << flush; return v.at(cin.get() + 9);`),
    stdout: "x",
    stderr: /out_of_range/,
    ends: "trapped",
  },
  {
    id: "noexcept ends the program",
    files: main(`try { f(); } catch (int) { cout << "wrong"; }`, "void f() noexcept { throw 1; }"),
    stdout: "",
    ends: "trapped",
  },
  {
    id: "set_terminate",
    files: main(`set_terminate([] { cout << "handler" << flush; _Exit(9); }); throw 1;`),
    stdout: "handler",
    ends: 9,
  },
];

const LIBRARY: readonly ProgramCase[] = [
  {
    id: "arguments and exit code",
    files: {
      "a.cpp": "#include <cstdio>\nint main(int n, char** v) { for (int i = 1; i < n; i++) puts(v[i]); return 7; }",
    },
    args: ["one", "two"],
    stdout: "one\ntwo\n",
    ends: 7,
  },
  {
    id: "exit() from a function, atexit and static destructors run",
    files: main('static D d; atexit([] { puts("atexit"); }); exit(3);', 'struct D { ~D() { puts("static"); } };'),
    stdout: "atexit\nstatic\n",
    ends: 3,
  },
  {
    id: "cin, cout",
    files: main(
      "int n; long long s = 0; cin >> n; for (int i = 0, x; i < n; i++) cin >> x, s += x; cout << s << endl;",
    ),
    stdin: "3 1 2 39",
    stdout: "42\n",
  },
  {
    id: "ios::sync_with_stdio(false), tie, getline",
    files: main(
      "ios::sync_with_stdio(false); cin.tie(nullptr); string l; int n = 0; while (getline(cin, l)) n += l.size(); cout << n;",
    ),
    stdin: "ab\ncde\n\nf",
    stdout: "6",
  },
  {
    id: "scanf, printf, long long, %Lf",
    files: main(
      'int a; long long b; double c; char s[9]; scanf("%d%lld%lf%8s", &a, &b, &c, s); printf("%d %lld %.2f %s %.3Lf\\n", a, b, c, s, (long double)c);',
    ),
    stdin: "1 12345678901 2.5 word",
    stdout: "1 12345678901 2.50 word 2.500\n",
  },
  {
    id: "getchar_unlocked, fread, setvbuf",
    files: main(
      'setvbuf(stdout, nullptr, _IOFBF, 1 << 16); int c = getchar_unlocked(); char b[4] = {}; fread(b, 1, 3, stdin); putchar_unlocked(c); printf("%s", b);',
    ),
    stdin: "xabc",
    stdout: "xabc",
  },
  {
    id: "__int128, long double, popcount, builtins",
    files: main(
      'unsigned __int128 x = 1; for (int i = 0; i < 30; i++) x *= 10; cout << (unsigned long long)(x >> 64) << " " << __builtin_popcountll(255) << __builtin_ctz(8) << __builtin_clz(1) << " " << __gcd(12, 18) << __lg(1000) << " " << sizeof(long) << sizeof(void*) << sizeof(long double);',
    ),
    stdout: "54210108624 8331 69 4416",
  },
  {
    id: "chrono, clock, rand, mt19937",
    files: main(
      'auto t = chrono::steady_clock::now(); clock_t c = clock(); time_t w = time(nullptr); srand(1); mt19937 r(5489); int x = rand(); cout << (c >= 0 && w >= 0 && x >= 0 && chrono::steady_clock::now() >= t) << " " << r();',
    ),
    stdout: "1 3499211612",
  },
  {
    id: "regex",
    files: main(
      'string s = "a1b22"; regex r("[0-9]+"); for (sregex_iterator i(s.begin(), s.end(), r), e; i != e; ++i) cout << i->str() << " ";',
    ),
    stdout: "1 22 ",
  },
  {
    id: "ranges, format, print, expected, jthread's header (C++20 and 23)",
    files: main(
      'vector<int> v{3, 1, 2}; ranges::sort(v); for (int x : v | views::transform([](int x) { return x * x; }) | views::reverse) cout << x << " "; cout << format("{:05.1f}|{:>4}", 2.5, "x"); println("|{}", 7); expected<int, string> e = 4; cout << *e;',
    ),
    stdout: "9 4 1 002.5|   x|7\n4",
  },
  {
    id: "format: every type, places, formatters of one's own, what it throws; into what it was not compiled for",
    files: main(
      'cout << format("{1:*^7}|{0:+}|{2:#x}|{3:.3e}|{4}|{5}|{6:?}|{{}}", 5, "ab", 255u, 12345.678, true, (void*)0, string("q\\"")) << " " << format("{:>{}}", __int128(7), 3) << format(" {:c}{:Lf} {}", 65, 1.5L, nullptr);\n' +
        'cout << format(" [{:3}] ", P{1, 2}); string s; format_to(back_inserter(s), "{}-{}", 1, 2); char b[9] = {}; format_to_n(b, 3, "{}", 123456); cout << s << b << formatted_size("{}", 1234);\n' +
        'try { int n = 1; cout << vformat("{:d}{", make_format_args(n)); } catch (format_error& e) { cout << " format_error"; } println(" {:.2f}", 2.0 / 3);',
      'struct P { int x, y; };\ntemplate <> struct std::formatter<P> : formatter<int> { auto format(P p, auto& c) const { c.advance_to(formatter<int>::format(p.x, c)); return format_to(c.out(), ",{}", p.y); } };',
    ),
    stdout: '**ab***|+5|0xff|1.235e+04|true|0x0|"q\\""|{}   7 A1.500000 0x0 [  1,2] 1-21234 format_error 0.67\n',
  },
  {
    id: "regular expressions: matches, replacement, tokens, other grammars and iterators, characters beyond the class",
    files: main(
      'string s = "2024-05-17, 1999-12-31"; smatch m; regex r("(\\\\d{4})-(\\\\d\\\\d)-(\\\\d\\\\d)"); regex_search(s, m, r); cout << m[1] << m.position(2) << m.suffix() << "|" << regex_replace(s, r, "$3.$2.$1") << "|";\n' +
        'regex comma(", "); for (sregex_token_iterator i(s.begin(), s.end(), comma, -1), e; i != e; ++i) cout << *i << ";"; cmatch c; cout << regex_match("aXb", c, regex("A(.)B", regex::icase)) << c[1];\n' +
        'string p = "^a+$"; cout << regex_match("aaa", regex(p, regex::extended)) << regex_search("x\\ny", regex("^y", regex::multiline)) << regex_match(L"ab", wregex(L"[a-c]+")); list<char> l{\'a\', \'b\'}; cout << regex_match(l.begin(), l.end(), regex("ab")); try { regex bad("["); } catch (regex_error& e) { cout << "bad"; }',
    ),
    stdout: "20245, 1999-12-31|17.05.2024, 31.12.1999|2024-05-17;1999-12-31;1X1111bad",
  },
  {
    id: "concepts, structured bindings, spaceship, coroutines' header",
    files: main(
      "P a{1, 2}, b{1, 3}; auto [x, y] = b; cout << (a < b) << x << y << add(2, 3);",
      "struct P { int x, y; auto operator<=>(const P&) const = default; };\ntemplate <integral T> T add(T a, T b) { return a + b; }",
    ),
    stdout: "1135",
  },
  {
    id: "what C++17 removed and GCC keeps",
    files: main(
      "vector<int> v{1, 2, 3}; random_shuffle(v.begin(), v.end()); register int n = accumulate(v.begin(), v.end(), 0); cout << n << count_if(v.begin(), v.end(), bind2nd(greater<int>(), 1)) << M_PI;",
    ),
    stdout: "623.14159",
  },
  {
    id: "ordered set of ext/pb_ds",
    files: {
      "main.cc":
        '#include <bits/stdc++.h>\n#include <ext/pb_ds/assoc_container.hpp>\n#include <ext/pb_ds/tree_policy.hpp>\nusing namespace std; using namespace __gnu_pbds;\ntypedef tree<int, null_type, less<int>, rb_tree_tag, tree_order_statistics_node_update> Set;\ntypedef tree<int, null_type, less_equal<int>, rb_tree_tag, tree_order_statistics_node_update> Multi;\nint main() { Set s; std::set<int> t; unsigned x = 1; for (int i = 0; i < 20000; i++) { x = x * 1664525 + 1013904223; int k = x >> 20; if (x & 64) s.insert(k), t.insert(k); else if (s.erase(k) != t.erase(k)) return 1; } if (!equal(s.begin(), s.end(), t.begin(), t.end())) return 2; int i = 0; for (int k : t) { if (*s.find_by_order(i) != k || (int)s.order_of_key(k) != i) return 3; i++; } if (s.find_by_order(i) != s.end()) return 4; Multi m; for (int k : {2, 1, 2, 2, 3}) m.insert(k); cout << m.order_of_key(2) << m.order_of_key(3) << m.size() << *m.find_by_order(3); m.erase(m.find_by_order(m.order_of_key(2))); cout << m.size(); gp_hash_table<int, int> h; h[3] = 4; cout << h[3]; tree<string, int, less<string>, rb_tree_tag, tree_order_statistics_node_update> named; named["b"] = 2; named["a"]++; cout << named.find_by_order(1)->second; }\n',
    },
    stdout: "14524 42".replace(" ", ""),
  },
  {
    id: "pragmas and headers for another processor",
    files: {
      "main.cc":
        '#pragma GCC optimize("O3,unroll-loops")\n#pragma GCC target("avx2,bmi")\n#include <bits/stdc++.h>\n#include <immintrin.h>\nint main() { std::puts("ok"); }\n',
    },
    stdout: "ok\n",
  },
  {
    id: "UTF-8 byte order mark and CRLF",
    files: { "main.cc": '\uFEFF#include <iostream>\r\nint main() {\r\n  std::cout << "ok" \\\r\n << 1;\r\n}\r\n' },
    stdout: "ok1",
  },
  {
    id: "own names that clash with the library's, when their headers are not included",
    files: {
      "main.cc":
        "#include <iostream>\nusing namespace std;\nint rank[3], count, plus[2], merge, hash, data, prev, y1;\nstruct array { int x; };\nint gcd(int a, int b) { return b ? gcd(b, a % b) : a; }\nint main() { count = 1; merge = 2; array a{3}; data = prev = rank[0] = plus[0] = hash = y1 = 4; cout << count + merge + a.x + data + gcd(4, 6); }\n",
    },
    stdout: "12",
  },
  {
    id: "headers that GCC's library would have brought along",
    files: {
      "main.cc":
        "#include <iostream>\nint main() { std::vector<int> v{2, 1}; std::sort(v.begin(), v.end()); char b[9]; memset(b, 0, sizeof b); std::cout << v[0] << INT_MAX << strlen(b) << sqrt(4.0); }\n",
    },
    stdout: "1214748364702",
  },
  {
    id: "NDEBUG before cassert",
    files: {
      "main.cc":
        "#define NDEBUG\n#include <cassert>\n#include <iostream>\nint main() { assert(false); std::cout << 1; }\n",
    },
    stdout: "1",
  },
  {
    id: "private made public",
    files: {
      "main.cc":
        "#define private public\n#include <bits/stdc++.h>\nint main() { struct A { A() : x(4) {} private: int x; } a; std::cout << a.x; }\n",
    },
    stdout: "4",
  },
  {
    id: "assert: RE with a message",
    files: main("assert(1 + 1 == 3);"),
    stderr: /Assertion failed: 1 \+ 1 == 3 \(main\.cc/,
    ends: "trapped",
  },
  {
    id: "abort, division by zero, null function: RE",
    files: main(
      'string s; cin >> s; if (s == "a") abort(); volatile int z = 0; if (s == "z") return 100 / z; void (*volatile f)() = nullptr; f();',
    ),
    stdin: "z",
    ends: "trapped",
  },
  { id: "threads: RE", files: main("thread t([] { cout << 1; }); t.join();"), stdout: "", ends: "trapped" },
  {
    id: "async that is deferred, promises",
    files: main(
      "auto f = async(launch::deferred, [] { return 4; }); promise<int> p; p.set_value(5); cout << f.get() << p.get_future().get(); auto g = async(launch::deferred, []() -> int { throw 6; }); try { g.get(); } catch (int x) { cout << x; }",
    ),
    stdout: "456",
  },
  {
    id: "files and environment are not there",
    files: main(
      'ifstream in("/etc/passwd"); FILE* f = fopen("/proc/self/environ", "r"); FILE* g = fopen("out.txt", "w"); cout << in.good() << (f != nullptr) << (g != nullptr) << (getenv("PATH") != nullptr);',
    ),
    stdout: "0000",
  },
  {
    id: "recursion a million deep",
    files: main(
      "cout << depth(1000000);",
      "struct N { int v[4]; }; __attribute__((noinline)) int depth(int n) { volatile int local[4] = {n}; return n == 0 ? 0 : depth(n - 1) + (local[0] > 0); }",
    ),
    stdout: "1000000",
  },
  {
    id: "endless recursion: RE",
    files: main(
      "cout << f(1);",
      "__attribute__((noinline)) int f(int n) { volatile char b[1000]; b[n % 1000] = n; return f(n + 1) + b[n % 1000]; }",
    ),
    ends: "trapped",
  },
  {
    id: "10 MB on the stack",
    files: main("int a[2500000]; for (int i = 0; i < 2500000; i++) a[i] = i; cout << a[cin.get() + 100];"),
    stdout: "99",
  },
  {
    id: "several files and headers",
    files: {
      "main.cpp": '#include "part.h"\n#include <iostream>\nint main() { std::cout << twice(21); }\n',
      "part.h": "#pragma once\nint twice(int);\n",
      "part.cpp": '#include "part.h"\nint twice(int x) { return 2 * x; }\n',
      "notes.txt": "not a source",
    },
    stdout: "42",
  },
  {
    id: "a main file without an ending",
    files: { solution: "#include <cstdio>\nint main() { puts(__FILE__); }\n" },
    stdout: "solution\n",
  },
  {
    id: "warnings go to the log and harm nothing",
    files: { "w.cc": '#include <cstdio>\nint f() {}\nint main() { puts("ok"); }\n' },
    stdout: "ok\n",
    log: /^w\.cc:2:\d+: warning: non-void function/m,
  },
];

const C_LANGUAGE: readonly ProgramCase[] = [
  {
    id: "C17: stdio, qsort, VLA, designated initializers, _Generic",
    ...c(
      '#include <stdio.h>\n#include <stdlib.h>\nstatic int by(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }\nint main(void) { int n; scanf("%d", &n); int v[n]; for (int i = 0; i < n; i++) scanf("%d", v + i); qsort(v, n, sizeof *v, by); struct { int x, y; } p = {.y = 4}; printf("%d %d %d %s\\n", v[0], v[n - 1], p.y, _Generic(1.0f, float: "float", default: "?")); }',
    ),
    stdin: "3 9 -4 5",
    stdout: "-4 9 4 float\n",
  },
  {
    id: "C: math, string, ctype, assert, bool, inttypes",
    ...c(
      '#include <assert.h>\n#include <ctype.h>\n#include <inttypes.h>\n#include <math.h>\n#include <stdbool.h>\n#include <stdio.h>\n#include <string.h>\n#include <time.h>\nint main(void) { bool b = true; assert(b); char s[] = "abc"; s[0] = toupper(s[0]); printf("%.3f %s %zu %" PRId64 " %d\\n", sqrt(2) + sin(1), s, strlen(s), (int64_t)1 << 40, clock() >= 0); return 0; }',
    ),
    stdout: "2.256 Abc 3 1099511627776 1\n",
  },
  {
    id: "C: several files",
    language: "c",
    files: {
      "a.c": 'int f(void);\n#include <stdio.h>\nint main(void) { printf("%d", f()); return 5; }',
      "b.c": "int f(void) { return 9; }",
    },
    stdout: "9",
    ends: 5,
  },
  {
    id: "C: main with arguments, abort",
    ...c(
      '#include <stdio.h>\n#include <stdlib.h>\nint main(int argc, char **argv) { printf("%d %s", argc, argv[1]); fflush(stdout); abort(); }',
    ),
    args: ["x"],
    stdout: "2 x",
    ends: "trapped",
  },
];

export const PROGRAMS: readonly ProgramCase[] = [...EXCEPTIONS, ...LIBRARY, ...C_LANGUAGE];
