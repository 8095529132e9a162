/* Arithmetic beyond 32 bits for a machine that has 32 x 32 -> 64 multiplication and no count of leading zeros. */
#ifndef WIDE_H
#define WIDE_H

#include "rt.h"

/* The number of leading zeros; 32 for 0. */
static inline int zeros32(uint32_t x)
{
    if (!x)
        return 32;
    int n = 0;
    if (x < 1u << 16) {
        x <<= 16;
        n = 16;
    }
    if (x < 1u << 24) {
        x <<= 8;
        n += 8;
    }
    if (x < 1u << 28) {
        x <<= 4;
        n += 4;
    }
    /* Two bits for each value of the highest four but one: 3 2 1 1 0 0 0 0. */
    return n + (0x5b >> (x >> 29) * 2 & 3) * (x >> 29 < 4);
}

static inline int zeros64(uint64_t x)
{
    uint32_t high = (uint32_t)(x >> 32);
    return high ? zeros32(high) : 32 + zeros32((uint32_t)x);
}

struct wide {
    uint64_t high, low;
};

/* The 128 bits of a product. */
static inline struct wide multiply64(uint64_t a, uint64_t b)
{
    uint32_t a0 = (uint32_t)a, a1 = (uint32_t)(a >> 32), b0 = (uint32_t)b, b1 = (uint32_t)(b >> 32);
    uint64_t low = (uint64_t)a0 * b0, middle = (uint64_t)a1 * b0 + (low >> 32);
    uint64_t other = (uint64_t)a0 * b1 + (uint32_t)middle;
    return (struct wide){(uint64_t)a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | (uint32_t)low};
}

/* The high half of a product, at most 2 too small: carries out of the lower half are dropped. */
static inline uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint32_t a0 = (uint32_t)a, a1 = (uint32_t)(a >> 32), b0 = (uint32_t)b, b1 = (uint32_t)(b >> 32);
    return (uint64_t)a1 * b1 + ((uint64_t)a1 * b0 >> 32) + ((uint64_t)a0 * b1 >> 32);
}

/* x >> n for any n >= 0, with its lowest bit set if any bit was lost. */
static inline uint64_t shift_sticky64(uint64_t x, int n)
{
    if (n == 0)
        return x;
    if (n >= 64)
        return x != 0;
    return x >> n | (x << (64 - n) != 0);
}

static inline uint32_t shift_sticky32(uint32_t x, int n)
{
    if (n == 0)
        return x;
    if (n >= 32)
        return x != 0;
    return x >> n | (x << (32 - n) != 0);
}

#endif
