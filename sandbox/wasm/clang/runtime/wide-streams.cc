// `wcin` and its like, for the few programs that use them: through the C library.
#include <cstdio>
#include <cwchar>
#include <istream>
#include <new>
#include <ostream>
#include <streambuf>

namespace {

class WideFile final : public std::wstreambuf {
 public:
  explicit WideFile(FILE* file) : file_(file) {}

 protected:
  int_type underflow() override {
    const wint_t c = getwc(file_);
    return c == WEOF ? WEOF : ungetwc(c, file_);
  }
  int_type uflow() override { return last_ = getwc(file_); }
  int_type pbackfail(int_type c) override { return ungetwc(c == WEOF ? last_ : c, file_); }
  int_type overflow(int_type c) override { return c == WEOF ? traits_type::not_eof(c) : putwc(c, file_); }
  int sync() override { return fflush(file_); }

 private:
  FILE* file_;
  wint_t last_ = WEOF;
};

}  // namespace

_LIBCPP_BEGIN_NAMESPACE_STD
#define DIKAST_STREAM(type, name, symbol) alignas(type) char name##Storage[sizeof(type)] __asm__(symbol)
DIKAST_STREAM(wistream, wcin, "_ZNSt3__24wcinE");
DIKAST_STREAM(wostream, wcout, "_ZNSt3__25wcoutE");
DIKAST_STREAM(wostream, wcerr, "_ZNSt3__25wcerrE");
DIKAST_STREAM(wostream, wclog, "_ZNSt3__25wclogE");
_LIBCPP_END_NAMESPACE_STD

namespace {

struct Start {
  Start() {
    auto* wcin = new (std::wcinStorage) std::wistream(new WideFile(stdin));
    auto* wcout = new (std::wcoutStorage) std::wostream(new WideFile(stdout));
    auto* wcerr = new (std::wcerrStorage) std::wostream(new WideFile(stderr));
    new (std::wclogStorage) std::wostream(new WideFile(stderr));
    wcin->tie(wcout);
    wcerr->tie(wcout);
    wcerr->setf(std::ios_base::unitbuf);
  }
};

__attribute__((init_priority(101))) Start start;

}  // namespace
