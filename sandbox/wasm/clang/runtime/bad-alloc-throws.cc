// What the library's `operator new` calls when memory is gone; there it aborts.
#include <new>

void __throw_bad_alloc_shim() { throw std::bad_alloc(); }
