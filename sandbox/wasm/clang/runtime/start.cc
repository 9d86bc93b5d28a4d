// Start of programs that can catch: what nothing caught ends in `std::terminate`, not in the host.
#include <exception>
#include "terminate.h"

extern "C" void __wasm_call_ctors();
extern "C" int __main_void();
extern "C" void __wasm_call_dtors();
extern "C" [[noreturn]] void __wasi_proc_exit(unsigned code);
extern "C" void __dikast_report_and_abort();

extern "C" __attribute__((export_name("_start"))) void _start() {
  std::set_terminate(__dikast_report_and_abort);
  int code;
  try {
    __wasm_call_ctors();
    code = __main_void();
    __wasm_call_dtors();
  } catch (...) {
    std::terminate();
  }
  if (code != 0) __wasi_proc_exit(code);
}
