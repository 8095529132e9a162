// What C++ wants beside a C library, where there is no libstdc++: for -fno-exceptions -fno-rtti.
#include <stddef.h>
#include <stdlib.h>

void *__dso_handle;

void *operator new(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        abort();
    return memory;
}

void *operator new[](size_t size) { return operator new(size); }
void operator delete(void *memory) noexcept { free(memory); }
void operator delete[](void *memory) noexcept { free(memory); }
void operator delete(void *memory, size_t) noexcept { free(memory); }
void operator delete[](void *memory, size_t) noexcept { free(memory); }

extern "C" {

// A local static object: its first byte says whether it has been made. There is one thread.
int __cxa_guard_acquire(char *guard) { return !*guard; }
void __cxa_guard_release(char *guard) { *guard = 1; }
void __cxa_guard_abort(char *) {}

void __cxa_pure_virtual() { abort(); }
void __cxa_deleted_virtual() { abort(); }

}
