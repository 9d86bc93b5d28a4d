// A small stand-in for testlib.h, written for these tests: the few calls that they need, with testlib's arguments, exit codes and
// report file (https://github.com/MikeMirzayanov/testlib).
#ifndef DIKAST_TEST_TESTLIB_H
#define DIKAST_TEST_TESTLIB_H
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#ifndef PC_BASE_EXIT_CODE
#define PC_BASE_EXIT_CODE 0
#endif

enum TResult { _ok = 0, _wa = 1, _pe = 2, _fail = 3, _dirt = 4, _points = 7, _partially = 16 };
#define _pc(n) (TResult(_partially + (n)))

static std::string resultName;
static std::fstream tout;
[[noreturn]] static void quit(TResult result, const std::string& message);

struct InStream {
    std::FILE* file = nullptr;
    bool contestant = false;
    void open(const char* name) {
        file = std::fopen(name, "rb");
        if (file == nullptr) quit(_fail, std::string("cannot open ") + name);
    }
    bool seekEof() {
        int c;
        while ((c = std::getc(file)) == ' ' || c == '\n' || c == '\r' || c == '\t') {}
        if (c == EOF) return true;
        std::ungetc(c, file);
        return false;
    }
    std::string readToken() {
        if (seekEof()) quit(contestant ? _pe : _fail, "unexpected end of file");
        std::string token;
        for (int c; (c = std::getc(file)) != EOF && c > ' ';) token += char(c);
        return token;
    }
    long long readLong() {
        std::string token = readToken();
        char* end;
        long long value = std::strtoll(token.c_str(), &end, 10);
        if (*end != 0) quit(contestant ? _pe : _fail, "expected an integer, found " + token);
        return value;
    }
    int readInt() { return int(readLong()); }
};
static InStream inf, ouf, ans;
static bool interacting;

[[noreturn]] static void quit(TResult result, const std::string& message) {
    if (result == _ok && !interacting && ouf.file != nullptr && !ouf.seekEof()) quit(_dirt, "extra information in the output");
    const char* name = result == _ok ? "ok " : result == _wa ? "wrong answer " : result == _points ? "points " : "other ";
    std::fprintf(stderr, "%s%s\n", name, message.c_str());
    if (!resultName.empty()) {
        std::FILE* report = std::fopen(resultName.c_str(), "w");
        if (report == nullptr) std::exit(_fail);
        std::fprintf(report, "%s%s\n", name, message.c_str());
        std::fclose(report);
    }
    if (tout.is_open()) tout.close();
    std::exit(result >= _partially ? PC_BASE_EXIT_CODE + (result - _partially) : int(result));
}

__attribute__((format(printf, 2, 3))) [[noreturn]] static void quitf(TResult result, const char* format, ...) {
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    quit(result, text);
}

[[noreturn]] static void quitp(double points, const std::string& message) { quit(_points, std::to_string(points) + " " + message); }

static void registerTestlibCmd(int argc, char* argv[]) {
    if (argc < 4 || argc > 6) quit(_fail, "program must be run with input, output and answer");
    resultName = argc > 4 ? argv[4] : "";
    interacting = false;
    inf.open(argv[1]);
    ouf.open(argv[2]);
    ans.open(argv[3]);
    ouf.contestant = true;
}

static void registerInteraction(int argc, char* argv[]) {
    if (argc < 3 || argc > 6) quit(_fail, "program must be run with input, output and answer");
    resultName = argc > 4 ? argv[4] : "";
    interacting = true;
    inf.open(argv[1]);
    tout.open(argv[2], std::ios_base::out);
    if (tout.fail()) quit(_fail, "cannot write the output");
    ouf.file = stdin;
    ouf.contestant = true;
    if (argc > 3) ans.open(argv[3]);
}

static void registerValidation(int, char**) { inf.file = stdin; }
#endif
