// Calls a `main` that takes arguments. The C library's own refers to it weakly, so that a program without any `main`
// would link, and trap when run.
#include <cstdlib>
#include <wasi/api.h>

extern "C" int __main_argc_argv(int count, char** arguments);

extern "C" int __main_void() {
  size_t count, bytes;
  if (__wasi_args_sizes_get(&count, &bytes) != 0) std::abort();
  auto* text = static_cast<char*>(std::malloc(bytes + 1));
  auto** arguments = static_cast<char**>(std::calloc(count + 1, sizeof(char*)));
  if (!text || !arguments || __wasi_args_get(reinterpret_cast<uint8_t**>(arguments), reinterpret_cast<uint8_t*>(text)) != 0) {
    std::abort();
  }
  return __main_argc_argv(static_cast<int>(count), arguments);
}
