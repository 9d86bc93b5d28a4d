// The library's code was compiled without exceptions and calls `__libcpp_verbose_abort` where it would throw
// (`std::stoi`, `std::string::at`, ...). This one throws what the message names.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <ios>
#include <new>
#include <stdexcept>
#include <system_error>
#include <typeinfo>

namespace {

template <class Exception>
[[noreturn]] void throwNamed(const char* message) {
  throw Exception(message);
}

template <class Exception>
[[noreturn]] void throwUnnamed(const char*) {
  throw Exception();
}

struct LibraryException {
  const char* name;
  void (*raise)(const char* message);
};

const LibraryException libraryExceptions[] = {
    {"bad_alloc", throwUnnamed<std::bad_alloc>},
    {"bad_array_new_length", throwUnnamed<std::bad_array_new_length>},
    {"bad_cast", throwUnnamed<std::bad_cast>},
    {"domain_error", throwNamed<std::domain_error>},
    {"invalid_argument", throwNamed<std::invalid_argument>},
    {"length_error", throwNamed<std::length_error>},
    {"logic_error", throwNamed<std::logic_error>},
    {"out_of_range", throwNamed<std::out_of_range>},
    {"overflow_error", throwNamed<std::overflow_error>},
    {"range_error", throwNamed<std::range_error>},
    {"runtime_error", throwNamed<std::runtime_error>},
    {"underflow_error", throwNamed<std::underflow_error>},
    {"ios_base::failure", throwNamed<std::ios_base::failure>},
};

constexpr const char* MARK = " was thrown in -fno-exceptions mode";

}  // namespace

// Declared noexcept in the library's header, which would stop what is thrown here; hence the assembler name.
[[noreturn]] void throwInstead(const char* format, ...) __asm__("_ZNSt3__222__libcpp_verbose_abortEPKcz");

void throwInstead(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char* mark = std::strstr(format, MARK);
  if (mark) {
    size_t length = mark - format;
    if (length == 12 && std::strncmp(format, "system_error", length) == 0) {
      int code = va_arg(arguments, int);
      throw std::system_error(code, std::generic_category(), va_arg(arguments, const char*));
    }
    const char* message = mark[std::strlen(MARK)] ? va_arg(arguments, const char*) : "";
    for (const LibraryException& exception : libraryExceptions) {
      if (std::strlen(exception.name) == length && std::strncmp(format, exception.name, length) == 0) {
        exception.raise(message);
      }
    }
  }
  std::vfprintf(stderr, format, arguments);
  std::fputc('\n', stderr);
  std::abort();
}
