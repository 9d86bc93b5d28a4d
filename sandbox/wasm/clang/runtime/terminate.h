// Shared by both ways of throwing.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

namespace __cxxabiv1 {
// Laid out like libc++abi's class of this name: only the order of the virtual functions matters.
class __shim_type_info : public std::type_info {
 public:
  virtual ~__shim_type_info();
  virtual void noop1() const;
  virtual void noop2() const;
  virtual bool can_catch(const __shim_type_info* thrown, void*& adjusted) const = 0;
};
}  // namespace __cxxabiv1

namespace dikast {

// libc++abi's demangler is a third of a megabyte; the common names are simple.
inline void printTypeName(const char* mangled) {
  struct Builtin {
    const char* mangled;
    const char* name;
  };
  static constexpr Builtin builtins[] = {
      {"i", "int"}, {"j", "unsigned int"}, {"x", "long long"}, {"d", "double"},
      {"c", "char"}, {"b", "bool"}, {"PKc", "char const*"},
      {"NSt3__212basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEEE", "std::string"},
  };
  for (const Builtin& builtin : builtins) {
    if (std::strcmp(mangled, builtin.mangled) == 0) {
      std::fputs(builtin.name, stderr);
      return;
    }
  }
  if (std::strncmp(mangled, "St", 2) == 0) {
    std::fputs("std::", stderr);
    mangled += 2;
  }
  while (*mangled >= '0' && *mangled <= '9') mangled++;
  std::fputs(mangled, stderr);
}

inline void reportUncaught(const std::type_info* type, void* object) {
  std::fputs("terminate called after throwing an instance of '", stderr);
  printTypeName(type->name());
  std::fputs("'\n", stderr);
  auto* base = static_cast<const __cxxabiv1::__shim_type_info*>(&typeid(std::exception));
  if (base->can_catch(static_cast<const __cxxabiv1::__shim_type_info*>(type), object)) {
    std::fprintf(stderr, "  what():  %s\n", static_cast<std::exception*>(object)->what());
  }
}

}  // namespace dikast
