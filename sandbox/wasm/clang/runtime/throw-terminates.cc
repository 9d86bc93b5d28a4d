// For programs that catch nothing: `throw` reports and aborts at once. They are compiled with -fignore-exceptions, so
// that code that never throws costs neither landing pads nor lost optimizations.
#include "terminate.h"

extern "C" {

void* __cxa_allocate_exception(size_t size) noexcept {
  void* object = std::malloc(size);
  if (!object) std::abort();
  return object;
}

void __cxa_free_exception(void* object) noexcept { std::free(object); }

// `std::set_terminate` counts, as it does natively.
[[noreturn]] void __cxa_throw(void* object, std::type_info* type, void* (*)(void*)) {
  if (std::get_terminate() != std::abort) std::terminate();
  dikast::reportUncaught(type, object);
  std::abort();
}

[[noreturn]] void __cxa_rethrow() { std::terminate(); }

}  // extern "C"
