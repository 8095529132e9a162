/* 64-bit integers: what GCC does not do in line. */
#include "wide.h"

uint64_t __muldi3(uint64_t a, uint64_t b)
{
    uint32_t a0 = (uint32_t)a, a1 = (uint32_t)(a >> 32), b0 = (uint32_t)b, b1 = (uint32_t)(b >> 32);
    return (uint64_t)a0 * b0 + ((uint64_t)(a0 * b1 + a1 * b0) << 32);
}

uint64_t __negdi2(uint64_t x)
{
    uint32_t low = (uint32_t)x, high = (uint32_t)(x >> 32);
    return (uint64_t)(-high - (low != 0)) << 32 | -low;
}

static uint64_t join(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

uint64_t __ashldi3(uint64_t x, int n)
{
    uint32_t low = (uint32_t)x, high = (uint32_t)(x >> 32);
    if (n >= 32)
        return join(low << (n - 32), 0);
    return n ? join(high << n | low >> (32 - n), low << n) : x;
}

uint64_t __lshrdi3(uint64_t x, int n)
{
    uint32_t low = (uint32_t)x, high = (uint32_t)(x >> 32);
    if (n >= 32)
        return join(0, high >> (n - 32));
    return n ? join(high >> n, low >> n | high << (32 - n)) : x;
}

uint64_t __ashrdi3(uint64_t x, int n)
{
    uint32_t low = (uint32_t)x;
    int32_t high = (int32_t)(x >> 32);
    if (n >= 32)
        return join((uint32_t)(high >> 31), (uint32_t)(high >> (n - 32)));
    return n ? join((uint32_t)(high >> n), low >> n | (uint32_t)high << (32 - n)) : x;
}

/* 0, 1, 2: less, equal, greater. */
int __cmpdi2(int64_t a, int64_t b)
{
    return (a > b) - (a < b) + 1;
}

int __ucmpdi2(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b) + 1;
}

int64_t __absvdi2(int64_t x)
{
    return x < 0 ? -x : x;
}
