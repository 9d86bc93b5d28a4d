// The part of the C++ runtime that the shipped libc++abi leaves out: throwing, catching and rethrowing over WebAssembly
// exception handling. Single-threaded. Follows the Itanium C++ ABI (level II) and, for the landing pads, what clang's
// WebAssembly back end emits (llvm/lib/CodeGen/WasmEHPrepare.cpp): the pad stores its index and its table in
// `__wasm_lpad_context` and calls `_Unwind_CallPersonality`, which puts the chosen handler into `selector`.
//
// Matching a thrown object with a handler is libc++abi's own (`__shim_type_info::can_catch`).

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include "terminate.h"

using __cxxabiv1::__shim_type_info;

namespace {

struct Header {
  size_t references;
  const std::type_info* type;
  // In WebAssembly a destructor returns its argument, and a call must match that.
  void* (*destructor)(void*);
  // The object thrown; of another header when this is a second flight of it (`std::rethrow_exception`).
  Header* primary;
  // The object as the chosen handler's type sees it.
  void* adjusted;
  Header* nextCaught;
  // Negative while the exception is on its way again (`throw;`).
  int handlers;
  // What WebAssembly's `throw` carries is the address of this object.
  alignas(16) char object[0];
};

Header* headerOf(void* object) { return reinterpret_cast<Header*>(static_cast<char*>(object) - sizeof(Header)); }

Header* caught = nullptr;
unsigned uncaught = 0;
// The last one thrown and not yet caught: what `terminate` reports when nothing catches it.
Header* flying = nullptr;

[[noreturn]] void raise(Header* header) {
  flying = header;
  __builtin_wasm_throw(0, header->object);
}

void* thrownObject(Header* header) { return header->primary->object; }

Header* initialize(void* object, const std::type_info* type, void* (*destructor)(void*)) {
  Header* header = headerOf(object);
  header->type = type;
  header->destructor = destructor;
  header->primary = header;
  header->adjusted = object;
  return header;
}

void release(Header* header) {
  if (--header->references > 0) return;
  if (header->primary != header) {
    release(header->primary);
  } else if (header->destructor) {
    header->destructor(header->object);
  }
  std::free(header);
}

// Reads the pads' table.
struct Reader {
  const uint8_t* at;

  uintptr_t unsignedLeb() {
    uintptr_t value = 0;
    for (int shift = 0;; shift += 7) {
      uint8_t byte = *at++;
      value |= static_cast<uintptr_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80)) return value;
    }
  }

  intptr_t signedLeb() {
    intptr_t value = 0;
    int shift = 0;
    uint8_t byte;
    do {
      byte = *at++;
      value |= static_cast<intptr_t>(byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    if (shift < 32 && (byte & 0x40)) value |= -(static_cast<intptr_t>(1) << shift);
    return value;
  }
};

constexpr uint8_t OMITTED = 0xff;

const std::type_info* typeAt(const uint8_t* types, uintptr_t index) {
  const std::type_info* type;
  std::memcpy(&type, types - index * sizeof type, sizeof type);
  return type;
}

// The number of the first handler of this pad that takes the exception, or 0.
uintptr_t chooseHandler(const uint8_t* table, uintptr_t pad, Header* header) {
  Reader reader{table};
  if (*reader.at++ != OMITTED) reader.unsignedLeb();
  const uint8_t* types = nullptr;
  if (*reader.at++ != OMITTED) {
    uintptr_t offset = reader.unsignedLeb();
    types = reader.at + offset;
  }
  reader.at++;
  uintptr_t length = reader.unsignedLeb();
  const uint8_t* actions = reader.at + length;
  for (uintptr_t i = 0; reader.at < actions; i++) {
    reader.unsignedLeb();
    uintptr_t action = reader.unsignedLeb();
    if (i != pad) continue;
    if (action == 0) return 0;
    Reader entry{actions + action - 1};
    for (;;) {
      intptr_t filter = entry.signedLeb();
      if (filter > 0) {
        auto* type = static_cast<const __shim_type_info*>(typeAt(types, filter));
        header->adjusted = thrownObject(header);
        if (!type || type->can_catch(static_cast<const __shim_type_info*>(header->type), header->adjusted)) return filter;
      }
      const uint8_t* before = entry.at;
      intptr_t next = entry.signedLeb();
      if (next == 0) return 0;
      entry.at = before + next;
    }
  }
  std::abort();
}

}  // namespace

extern "C" {

// Shared with the code that clang emits.
struct {
  uintptr_t pad;
  const uint8_t* table;
  uintptr_t selector;
} __wasm_lpad_context;

__asm__(
    ".globl __cpp_exception\n"
    ".tagtype __cpp_exception i32\n"
    "__cpp_exception:\n");

int _Unwind_CallPersonality(void* object) {
  __wasm_lpad_context.selector = chooseHandler(__wasm_lpad_context.table, __wasm_lpad_context.pad, headerOf(object));
  return 0;
}

// Named in tables and never called: WebAssembly has no unwinder of its own.
int __gxx_wasm_personality_v0(...) { std::abort(); }

void* __cxa_allocate_exception(size_t size) noexcept {
  auto* header = static_cast<Header*>(std::calloc(1, sizeof(Header) + size));
  if (!header) std::terminate();
  return header->object;
}

void __cxa_free_exception(void* object) noexcept { std::free(headerOf(object)); }

__cxxabiv1::__cxa_exception* __cxa_init_primary_exception(void* object, std::type_info* type,
                                                           void* (*destructor)(void*)) noexcept {
  return reinterpret_cast<__cxxabiv1::__cxa_exception*>(initialize(object, type, destructor));
}

[[noreturn]] void __cxa_throw(void* object, std::type_info* type, void* (*destructor)(void*)) {
  Header* header = initialize(object, type, destructor);
  header->references = 1;
  uncaught++;
  raise(header);
}

void* __cxa_get_exception_ptr(void* object) noexcept { return headerOf(object)->adjusted; }

void* __cxa_begin_catch(void* object) noexcept {
  Header* header = headerOf(object);
  header->handlers = (header->handlers < 0 ? -header->handlers : header->handlers) + 1;
  if (header != caught) {
    header->nextCaught = caught;
    caught = header;
  }
  uncaught--;
  if (flying == header) flying = nullptr;
  return header->adjusted;
}

void __cxa_end_catch() {
  Header* header = caught;
  if (!header) return;
  if (header->handlers < 0) {
    // On its way again: it belongs to the next handler.
    if (++header->handlers == 0) caught = header->nextCaught;
    return;
  }
  if (--header->handlers == 0) {
    caught = header->nextCaught;
    release(header);
  }
}

[[noreturn]] void __cxa_rethrow() {
  if (!caught) std::terminate();
  caught->handlers = -caught->handlers;
  uncaught++;
  raise(caught);
}

std::type_info* __cxa_current_exception_type() { return caught ? const_cast<std::type_info*>(caught->type) : nullptr; }

bool __cxa_uncaught_exception() noexcept { return uncaught > 0; }
unsigned __cxa_uncaught_exceptions() noexcept { return uncaught; }

void __cxa_increment_exception_refcount(void* object) noexcept {
  if (object) headerOf(object)->references++;
}

void __cxa_decrement_exception_refcount(void* object) noexcept {
  if (object) release(headerOf(object));
}

void* __cxa_current_primary_exception() noexcept {
  if (!caught) return nullptr;
  caught->primary->references++;
  return caught->primary->object;
}

// A second flight of an object that may still be in handlers: a header of its own that holds a share of it.
void __cxa_rethrow_primary_exception(void* object) {
  if (!object) return;
  Header* primary = headerOf(object);
  auto* flight = static_cast<Header*>(std::calloc(1, sizeof(Header)));
  if (!flight) std::terminate();
  flight->references = 1;
  flight->type = primary->type;
  flight->primary = primary;
  flight->adjusted = object;
  primary->references++;
  uncaught++;
  raise(flight);
}

// The default terminate handler.
[[noreturn]] void __dikast_report_and_abort() {
  Header* header = flying ? flying : caught;
  if (header) dikast::reportUncaught(header->type, thrownObject(header));
  std::abort();
}

[[noreturn]] void __cxa_bad_cast() { throw std::bad_cast(); }
[[noreturn]] void __cxa_bad_typeid() { throw std::bad_typeid(); }
[[noreturn]] void __cxa_throw_bad_array_new_length() { throw std::bad_array_new_length(); }

}  // extern "C"
