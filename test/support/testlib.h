// A stand-in for testlib.h, written for these tests: the calls that packages mostly make, with testlib's arguments, exit codes, report
// file, and what it does to a program around it (https://github.com/MikeMirzayanov/testlib).
#ifndef DIKAST_TEST_TESTLIB_H
#define DIKAST_TEST_TESTLIB_H
#define random random_of_others
#include <stdlib.h>
#include <cstdlib>
#undef random
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <climits>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#ifndef PC_BASE_EXIT_CODE
#   ifdef TESTSYS
#       define PC_BASE_EXIT_CODE 50
#   else
#       define PC_BASE_EXIT_CODE 0
#   endif
#endif

enum TMode { _input, _output, _answer };
enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3, _dirt = 4, _points = 5, _unexpected_eof = 8, _partially = 16 };
enum TTestlibMode { _unknown, _checker, _validator, _interactor };
#define _pc(n) (TResult(_partially + (n)))
#define NORETURN __attribute__((noreturn))

/* As large as the original's. */
static char formatted[16777216];
#define FORMATTED(format)                             \
    va_list arguments;                                \
    va_start(arguments, format);                      \
    vsnprintf(formatted, sizeof formatted, format, arguments); \
    va_end(arguments);

__attribute__((format(printf, 1, 2))) std::string format(const char* fmt, ...) {
    FORMATTED(fmt)
    return formatted;
}

std::string resultName, checkerName = "untitled checker";
TTestlibMode testlibMode = _unknown;
double testlibPoints;
std::fstream tout;

/* Ends a program that forgot to say anything. */
struct FinalizeGuard {
    bool alive = true;
    int quits = 0, eofs = 0;
    ~FinalizeGuard();
} finalizeGuard;

struct InStream {
    std::FILE* file = nullptr;
    std::string name;
    TMode mode = _input;
    bool strict = false;
    int line = 1;
    std::vector<int> undone;

    InStream() {}

    int next() {
        int c;
        if (undone.empty()) c = ::getc(file);
        else c = undone.back(), undone.pop_back();
        if (c == '\n') line++;
        return c;
    }
    void back(int c) {
        if (c == '\n') line--;
        undone.push_back(c);
    }
    int peek() {
        int c = next();
        back(c);
        return c;
    }
    static bool isBlank(int c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

    void init(std::string fileName, TMode as) {
        name = fileName, mode = as;
        undone.clear();
        std::ifstream stream;
        stream.open(fileName.c_str(), std::ios::in);
        if (stream.is_open()) {
            stream.seekg(0, std::ios::end);
            if (stream.tellg() > std::streampos(128 << 20)) quitf(_pe, "the file is too large");
            stream.close();
        }
        if (NULL == (file = std::fopen(name.c_str(), "rb"))) quit(mode == _output ? _pe : _fail, "not found: " + name);
    }
    void init(std::FILE* from, TMode as) { file = from, name = "stdin", mode = as, undone.clear(); }
    void close() {
        if (file != NULL) fclose(file);
        file = NULL;
    }

    NORETURN void quit(TResult result, const std::string& message);
    __attribute__((format(printf, 3, 4))) NORETURN void quitf(TResult result, const char* fmt, ...) {
        FORMATTED(fmt)
        quit(result, formatted);
    }
    __attribute__((format(printf, 3, 4))) void ensuref(bool condition, const char* fmt, ...) {
        if (condition) return;
        FORMATTED(fmt)
        quit(_wa, formatted);
    }

    bool eof() { return file == NULL || peek() == EOF; }
    bool eoln() { int c = peek(); return strict ? c == '\n' : c == '\n' || c == '\r' || c == EOF; }
    void skipBlanks() { while (isBlank(peek())) next(); }
    bool seekEof() {
        if (file == NULL) return true;
        skipBlanks();
        return eof();
    }
    bool seekEoln() {
        while (peek() == ' ' || peek() == '\t') next();
        return eoln();
    }
    char readChar() { return char(next()); }
    char readChar(char wanted) {
        int found = next();
        if (found != wanted) quit(_pe, std::string("unexpected character, expected '") + wanted + "'");
        return wanted;
    }
    char readSpace() { return readChar(' '); }
    void readEoln() { if (next() != '\n') quit(_pe, "expected EOLN"); }
    void readEof() {
        finalizeGuard.eofs++;
        if (!eof()) quit(_pe, "expected EOF");
    }
    void nextLine() { readString(); }

    std::string readToken() {
        if (!strict) skipBlanks();
        std::string token;
        int c = next();
        if (c == EOF) quit(_unexpected_eof, "unexpected end of file - token expected");
        if (isBlank(c)) quit(_pe, "unexpected white-space - token expected");
        for (; c != EOF && !isBlank(c); c = next()) token += char(c);
        back(c);
        return token;
    }
    std::string readWord() { return readToken(); }
    std::string readToken(const std::string& pattern, const std::string& variable = "") {
        std::string token = readToken();
        // Only "[a-z]{1,n}" here.
        for (char c : token) if (c < 'a' || c > 'z') quit(_wa, "token " + variable + " doesn't correspond to " + pattern);
        return token;
    }
    void readStringTo(std::string& result) {
        if (eof()) quit(_pe, "expected line");
        result.clear();
        for (int c = next(); c != '\n' && c != EOF; c = next()) if (c != '\r') result += char(c);
    }
    std::string readString() {
        std::string result;
        readStringTo(result);
        return result;
    }
    std::string readLine() { return readString(); }

    long long readLong() {
        std::string token = readToken();
        char* end;
        long long value = std::strtoll(token.c_str(), &end, 10);
        if (*end != 0 || token[0] == '+') quit(_pe, "expected integer, but \"" + token + "\" found");
        return value;
    }
    long long readLong(long long low, long long high, const std::string& variable = "") {
        long long value = readLong();
        if (value < low || value > high)
            quit(_wa, format("integer parameter [name=%s] equals to %lld, violates the range [%lld, %lld]", variable.c_str(), value, low, high));
        return value;
    }
    int readInt() { return int(readLong(INT_MIN, INT_MAX)); }
    int readInt(int low, int high, const std::string& variable = "") { return int(readLong(low, high, variable)); }
    int readInteger() { return readInt(); }
    std::vector<int> readInts(int size, int low, int high, const std::string& variable = "") {
        std::vector<int> result(size);
        for (int i = 0; i < size; i++) {
            result[i] = readInt(low, high, variable);
            if (strict && i + 1 < size) readSpace();
        }
        return result;
    }
    double readDouble() {
        std::string token = readToken();
        double value;
        char* suffix = new char[token.size() + 1];
        suffix[0] = 0;
        int scanned = std::sscanf(token.c_str(), "%lf%s", &value, suffix);
        bool isNumber = scanned == 1 && !std::isnan(value);
        delete[] suffix;
        if (!isNumber) quit(_pe, "expected double, but \"" + token + "\" found");
        return value;
    }
    double readReal() { return readDouble(); }
    double readDouble(double low, double high, const std::string& variable = "") {
        double value = readDouble();
        if (value < low || value > high) quit(_wa, "double " + variable + " violates the range");
        return value;
    }
};
InStream inf, ouf, ans;

void InStream::quit(TResult result, const std::string& message) {
    finalizeGuard.quits++;
    if (result == _unexpected_eof) result = _pe;
    // What is wrong with the input or the jury's answer is nobody's wrong answer.
    if (mode != _output && result != _fail) quit(_fail, message + " (" + name + ", line " + std::to_string(line) + ")");
    bool isGood = result == _ok || result == _points || result >= _partially;
    if (isGood && testlibMode != _interactor && !ouf.seekEof()) ouf.quit(_dirt, "extra information in the output file");
    if (result == _dirt) result = _pe;
    if (resultName != "") {
        // The message alone: it begins with the points where there are any.
        std::FILE* report = std::fopen(resultName.c_str(), "w");
        if (report == NULL) std::exit(_fail);
        std::fprintf(report, "%s", message.c_str());
        fclose(report);
    }
    if (isatty(2)) std::fprintf(stderr, "\033[0m");
    std::fprintf(stderr, "%s\n", message.c_str());
    inf.close();
    ouf.close();
    ans.close();
    if (tout.is_open()) tout.close();
    std::exit(result == _points ? 7 : result >= _partially ? PC_BASE_EXIT_CODE + (result - _partially) : int(result));
}

NORETURN void quit(TResult result, const std::string& message) { ouf.quit(result, message); }
__attribute__((format(printf, 2, 3))) NORETURN void quitf(TResult result, const char* fmt, ...) {
    FORMATTED(fmt)
    quit(result, formatted);
}
__attribute__((format(printf, 3, 4))) void quitif(bool condition, TResult result, const char* fmt, ...) {
    if (!condition) return;
    FORMATTED(fmt)
    quit(result, formatted);
}
NORETURN void quitp(double points, const std::string& message = "") {
    testlibPoints = points;
    quit(_points, format("%.10f", points) + (message == "" ? "" : " " + message));
}
template <typename F> __attribute__((format(printf, 2, 3))) NORETURN void quitp(F points, const char* fmt, ...) {
    FORMATTED(fmt)
    quitp(double(points), std::string(formatted));
}
#define ensure(condition) ensuref(condition, "Condition failed: %s", #condition)
__attribute__((format(printf, 2, 3))) inline void ensuref(bool condition, const char* fmt, ...) {
    if (condition) return;
    FORMATTED(fmt)
    quit(_fail, formatted);
}
__attribute__((format(printf, 1, 2))) void setName(const char* fmt, ...) {
    FORMATTED(fmt)
    checkerName = formatted;
}

FinalizeGuard::~FinalizeGuard() {
    bool wasAlive = alive;
    alive = false;
    if (wasAlive && testlibMode == _checker && quits == 0) ::quit(_fail, "a checker must end with quit or quitf");
    if (wasAlive && testlibMode == _validator && eofs == 0 && quits == 0) ::quit(_fail, "a validator must end with readEof");
}

struct random_t {
    unsigned long long state = 1;
    int next(int n) { return int((state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 33) % n; }
    int next(int low, int high) { return low + next(high - low + 1); }
} rnd;
template <typename I> void shuffle(I first, I last) {
    for (I i = first; i != last; ++i) std::iter_swap(i, first + rnd.next(int(i - first) + 1));
}
/* These take the place of the library's. */
template <typename I> void random_shuffle(I, I) { quitf(_fail, "use shuffle()"); }
int rand() { quitf(_fail, "use rnd.next()"); }
void srand(unsigned int seed) { quitf(_fail, "use registerGen() [ignored seed=%d]", seed); }
template <typename A, typename B> void println(const A& a, const B& b) { std::cout << a << " " << b << std::endl; }
void startTest(int test) { if (NULL == freopen(std::to_string(test).c_str(), "wt", stdout)) quitf(_fail, "cannot write"); }

static bool doubleCompare(double expected, double result, double error) {
    return std::abs(expected - result) <= error * std::max(1.0, std::abs(expected));
}

/* What `--group name` says. */
struct GroupOfTest {
    std::string name;
    std::string group() const { return name; }
    /* Takes it out of the arguments. */
    std::vector<char*> read(int argc, char* argv[]) {
        std::vector<char*> others;
        for (int i = 0; i < argc; i++)
            if (std::strcmp(argv[i], "--group") != 0) others.push_back(argv[i]);
            else if (i + 1 < argc) name = argv[++i];
        return others;
    }
} checker, validator;

void registerTestlibCmd(int count, char* words[]) {
    testlibMode = _checker;
    std::vector<char*> argv = checker.read(count, words);
    int argc = int(argv.size());
    if (argc < 4 || argc > 6) quit(_fail, "program must be run with input, output and answer");
    resultName = argc > 4 ? argv[4] : "";
    inf.init(argv[1], _input);
    ouf.init(argv[2], _output);
    ans.init(argv[3], _answer);
}

void registerInteraction(int argc, char* argv[]) {
    testlibMode = _interactor;
    if (argc < 3 || argc > 6) quit(_fail, "program must be run with input, output and answer");
    resultName = argc > 4 ? argv[4] : "";
    inf.init(argv[1], _input);
    tout.open(argv[2], std::ios_base::out);
    if (tout.fail() || !tout.is_open()) quit(_fail, "cannot write the output");
    ouf.init(stdin, _output);
    if (argc > 3) ans.init(argv[3], _answer);
}

void registerValidation() {
    testlibMode = _validator;
    inf.init(stdin, _input);
    inf.strict = true;
}
void registerValidation(int argc, char* argv[]) {
    registerValidation();
    validator.read(argc, argv);
}
#endif
