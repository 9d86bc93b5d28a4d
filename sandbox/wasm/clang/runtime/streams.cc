// The standard streams. The shipped ones pass every character through a conversion and the C library one by one; these
// have buffers of their own where the program uses no other way to standard input or output (or has said
// `ios::sync_with_stdio(false)`), and otherwise read and write through the C library's, so that `cin` and `scanf`, `cout`
// and `printf` can be mixed.
#include <cstdio>
#include <fstream>
#include <iomanip>
#include <istream>
#include <locale>
#include <new>
#include <ostream>
#include <streambuf>
#include <unistd.h>
#include "numbers.h"

// Where the C library remembers which of its files the program uses at all: null pointers for those it does not.
extern "C" {
extern FILE* volatile __stdin_used __attribute__((weak));
extern FILE* volatile __stdout_used __attribute__((weak));
}

namespace {

using dikast::END;

FILE* usedFile(FILE* volatile* file) { return file ? *file : nullptr; }

class Input final : public std::streambuf {
 public:
  /** Reads through `file`, or directly when null. What was read ahead stays. */
  void through(FILE* file) { file_ = file; }
  bool readAhead() const { return gptr() != egptr(); }

 protected:
  int_type underflow() override {
    if (file_) {
      const int c = getc_unlocked(file_);
      return c == END ? END : ungetc(c, file_);
    }
    // Some characters stay for `putback`.
    const std::ptrdiff_t kept = std::min<std::ptrdiff_t>(gptr() - eback(), KEPT);
    std::memmove(bytes_ + KEPT - kept, gptr() - kept, kept);
    const ssize_t count = read(STDIN_FILENO, bytes_ + KEPT, SIZE);
    setg(bytes_ + KEPT - kept, bytes_ + KEPT, bytes_ + KEPT + std::max<ssize_t>(count, 0));
    return count > 0 ? traits_type::to_int_type(*gptr()) : END;
  }

  int_type uflow() override {
    if (file_) return last_ = getc_unlocked(file_);
    return std::streambuf::uflow();
  }

  std::streamsize xsgetn(char* to, std::streamsize count) override {
    if (!file_) return std::streambuf::xsgetn(to, count);
    const size_t got = fread(to, 1, count, file_);
    if (got > 0) last_ = static_cast<unsigned char>(to[got - 1]);
    return got;
  }

  int_type pbackfail(int_type c) override {
    if (file_) return ungetc(c == END ? last_ : c, file_);
    if (eback() == gptr()) return END;
    gbump(-1);
    if (c != END) *gptr() = traits_type::to_char_type(c);
    return traits_type::not_eof(c);
  }

 private:
  static constexpr std::ptrdiff_t KEPT = 16;
  static constexpr size_t SIZE = 65536;
  FILE* file_ = nullptr;
  int last_ = END;
  char bytes_[KEPT + SIZE];
};

class Output final : public std::streambuf {
 public:
  void through(FILE* file) {
    sync();
    file_ = file;
    if (file) {
      setp(nullptr, nullptr);
    } else {
      setp(bytes_, bytes_ + SIZE);
    }
  }

 protected:
  int_type overflow(int_type c) override {
    if (c == END) return traits_type::not_eof(c);
    if (file_) return putc_unlocked(c, file_);
    if (sync() != 0) return END;
    return sputc(traits_type::to_char_type(c));
  }

  std::streamsize xsputn(const char* from, std::streamsize count) override {
    if (file_) return fwrite(from, 1, count, file_);
    if (count > epptr() - pptr()) {
      if (sync() != 0) return 0;
      if (count >= static_cast<std::streamsize>(SIZE)) return put(from, count) ? count : 0;
    }
    std::memcpy(pptr(), from, count);
    pbump(static_cast<int>(count));
    return count;
  }

  int sync() override {
    if (file_) return fflush(file_);
    const bool done = put(pbase(), pptr() - pbase());
    setp(bytes_, bytes_ + SIZE);
    return done ? 0 : -1;
  }

 private:
  static bool put(const char* from, size_t count) {
    while (count > 0) {
      const ssize_t written = write(STDOUT_FILENO, from, count);
      if (written <= 0) return false;
      from += written;
      count -= written;
    }
    return true;
  }

  static constexpr size_t SIZE = 65536;
  FILE* file_ = nullptr;
  char bytes_[SIZE];
};

/** Standard error has no buffer. */
class Messages final : public std::streambuf {
 protected:
  int_type overflow(int_type c) override {
    const char byte = traits_type::to_char_type(c);
    if (c != END && write(STDERR_FILENO, &byte, 1) != 1) return END;
    return traits_type::not_eof(c);
  }
  std::streamsize xsputn(const char* from, std::streamsize count) override {
    return write(STDERR_FILENO, from, count) < 0 ? 0 : count;
  }
};

/** Storage that no destructor empties: streams work until the very end. */
template <class T>
union Lasting {
  char none;
  T value;
  constexpr Lasting() : none(0) {}
  ~Lasting() {}
};

Lasting<Input> input;
Lasting<Output> output;
Lasting<Messages> messages;

}  // namespace

_LIBCPP_BEGIN_NAMESPACE_STD

// The streams themselves, as the header declares them, without its constructors.
#define DIKAST_STREAM(type, name, symbol) alignas(type) char name##Storage[sizeof(type)] __asm__(symbol)
DIKAST_STREAM(istream, cin, "_ZNSt3__23cinE");
DIKAST_STREAM(ostream, cout, "_ZNSt3__24coutE");
DIKAST_STREAM(ostream, cerr, "_ZNSt3__24cerrE");
DIKAST_STREAM(ostream, clog, "_ZNSt3__24clogE");

ios_base::Init::Init() {}
ios_base::Init::~Init() {}

_LIBCPP_END_NAMESPACE_STD

namespace {

class Start {
 public:
  Start() {
    std::locale::global(std::locale(std::locale(std::locale::classic(), new dikast::NumberReader), new dikast::NumberWriter));
    new (&input.value) Input;
    new (&output.value) Output;
    new (&messages.value) Messages;
    input.value.through(usedFile(&__stdin_used));
    output.value.through(usedFile(&__stdout_used));
    auto* cin = new (std::cinStorage) std::istream(&input.value);
    auto* cout = new (std::coutStorage) std::ostream(&output.value);
    auto* cerr = new (std::cerrStorage) std::ostream(&messages.value);
    new (std::clogStorage) std::ostream(&messages.value);
    cin->tie(cout);
    cerr->tie(cout);
    cerr->setf(std::ios_base::unitbuf);
  }
  // Runs after the program's own destructors.
  ~Start() { reinterpret_cast<std::ostream*>(std::coutStorage)->flush(); }
};

__attribute__((init_priority(101))) Start start;

bool synchronized = true;

}  // namespace

// `std::ios_base::sync_with_stdio`, which the linker is told to find here.
extern "C" bool __wrap__ZNSt3__28ios_base15sync_with_stdioEb(bool sync) {
  const bool before = synchronized;
  synchronized = sync;
  input.value.through(sync ? usedFile(&__stdin_used) : nullptr);
  output.value.through(sync ? usedFile(&__stdout_used) : nullptr);
  return before;
}
