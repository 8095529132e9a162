/* Bytes in memory. Words are moved at any alignment, which PG32 allows. */
#include <string.h>
#include "rt.h"

typedef uint32_t word __attribute__((may_alias, aligned(1)));

/* Four bytes at any address, as one load or store: GCC, which compiles for machines that cannot, would take bytes. */
#ifdef __riscv
static inline uint32_t load(const void *p)
{
    uint32_t value;
    asm("lw %0, %1" : "=r"(value) : "m"(*(const word *)p));
    return value;
}

static inline void store(void *p, uint32_t value)
{
    asm("sw %1, %0" : "=m"(*(word *)p) : "r"(value));
}
#else
static inline uint32_t load(const void *p)
{
    return *(const word *)p;
}

static inline void store(void *p, uint32_t value)
{
    *(word *)p = value;
}
#endif

void *memcpy(void *restrict target, const void *restrict source, size_t count)
{
    char *to = target;
    const char *from = source;
    for (; count >= 16; count -= 16, to += 16, from += 16) {
        uint32_t a = load(from), b = load(from + 4), c = load(from + 8), d = load(from + 12);
        store(to, a);
        store(to + 4, b);
        store(to + 8, c);
        store(to + 12, d);
    }
    for (; count >= 4; count -= 4, to += 4, from += 4)
        store(to, load(from));
    while (count--)
        *to++ = *from++;
    return target;
}

void *mempcpy(void *restrict target, const void *restrict source, size_t count)
{
    return (char *)memcpy(target, source, count) + count;
}

void *memmove(void *target, const void *source, size_t count)
{
    if ((uintptr_t)target - (uintptr_t)source >= count)
        return memcpy(target, source, count);
    char *to = (char *)target + count;
    const char *from = (const char *)source + count;
    while (count >= 4) {
        count -= 4;
        to -= 4;
        from -= 4;
        store(to, load(from));
    }
    while (count--)
        *--to = *--from;
    return target;
}

void *memset(void *target, int byte, size_t count)
{
    char *to = target;
    uint32_t four = (uint8_t)byte * 0x01010101u;
    for (; count >= 16; count -= 16, to += 16) {
        store(to, four);
        store(to + 4, four);
        store(to + 8, four);
        store(to + 12, four);
    }
    while (count--)
        *to++ = (char)byte;
    return target;
}

int memcmp(const void *a, const void *b, size_t count)
{
    const unsigned char *p = a, *q = b;
    for (; count >= 4 && load(p) == load(q); count -= 4) {
        p += 4;
        q += 4;
    }
    for (; count; count--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}

void *memchr(const void *memory, int byte, size_t count)
{
    for (const unsigned char *p = memory; count; count--, p++)
        if (*p == (unsigned char)byte)
            return (void *)p;
    return NULL;
}

void *memrchr(const void *memory, int byte, size_t count)
{
    const unsigned char *p = memory;
    while (count--)
        if (p[count] == (unsigned char)byte)
            return (void *)(p + count);
    return NULL;
}

void *memmem(const void *memory, size_t count, const void *part, size_t part_count)
{
    for (const char *p = memory; count >= part_count; p++, count--)
        if (!memcmp(p, part, part_count))
            return (void *)p;
    return NULL;
}

void *memccpy(void *restrict target, const void *restrict source, int byte, size_t count)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    while (count--)
        if ((*to++ = *from++) == (unsigned char)byte)
            return to;
    return NULL;
}
