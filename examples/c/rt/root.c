/* The square root, rounded correctly, and the length of a vector. */
#include <math.h>
#include "extended.h"

/* The root of a number of 28 bits, with its 15 bits' remainder. */
static uint32_t root28(uint32_t x, uint32_t *remainder)
{
    uint32_t root = 0;
    for (uint32_t bit = 1u << 26; bit; bit >>= 2) {
        uint32_t trial = root + bit;
        root >>= 1;
        if (x >= trial) {
            x -= trial;
            root += bit;
        }
    }
    *remainder = x;
    return root;
}

/* From a root of half as many bits and its remainder, twice (Zimmermann, Karatsuba Square Root, 1999). */
f64 __sqrt(f64 x)
{
    f64 magnitude = f64_magnitude(x);
    if (magnitude == 0)
        return x;
    if (x & F64_SIGN || f64_is_nan(x))
        return F64_NAN;
    if (x == F64_INFINITY)
        return x;
    uint64_t m;
    int exponent = f64_unpack(magnitude, &m) - 1023;
    if (exponent & 1)
        m <<= 1;
    /* 2^52 <= m < 2^54 */
    uint32_t rest, root = root28((uint32_t)(m >> 26), &rest);
    uint32_t above = rest << 13 | ((uint32_t)m >> 13 & 0x1fff), quotient = above / (2 * root);
    rest = above - quotient * 2 * root;
    root = (root << 13) + quotient;
    int64_t left = (int64_t)((uint64_t)rest << 13 | ((uint32_t)m & 0x1fff)) - (int64_t)((uint64_t)quotient * quotient);
    if (left < 0) {
        left += 2 * root - 1;
        root--;
    }
    /* root has 27 bits; 27 more, of m * 2^54. */
    uint64_t dividend = (uint64_t)left << 27, digits = dividend / (2 * root);
    uint64_t whole = ((uint64_t)root << 27) + digits;
    left = (int64_t)((dividend - digits * (2 * root)) << 27) - (int64_t)(digits * digits);
    if (left < 0) {
        left += (int64_t)(2 * whole - 1);
        whole--;
    }
    return f64_pack(0, (exponent >> 1) + 1023, whole << 9 | (left != 0));
}

/* A float's root from 62 bits of its significand. */
static f32 sqrt_single(f32 x)
{
    f32 magnitude = f32_magnitude(x);
    if (magnitude == 0)
        return x;
    if (x & F32_SIGN || f32_is_nan(x))
        return F32_NAN;
    if (x == F32_INFINITY)
        return x;
    uint32_t rest;
    int exponent = f32_unpack(magnitude, &rest) - 127;
    if (exponent & 1)
        rest <<= 1;
    exponent = exponent >> 1;
    uint32_t root = 0, bit = 1u << 24;
    rest <<= 1;
    for (; bit; bit >>= 1) {
        uint32_t trial = 2 * root + bit;
        if (rest >= trial) {
            rest -= trial;
            root += bit;
        }
        rest <<= 1;
    }
    return f32_pack(0, exponent + 127, root << 6 | (rest != 0));
}

static f64 hypot_bits(f64 x, f64 y)
{
    f64 a = f64_magnitude(x), b = f64_magnitude(y);
    if (a == F64_INFINITY || b == F64_INFINITY)
        return F64_INFINITY;
    if (f64_is_nan(x) || f64_is_nan(y))
        return F64_NAN;
    if (a < b) {
        f64 t = a;
        a = b;
        b = t;
    }
    if (b == 0)
        return a;
    /* The squares with 128 bits, scaled by the larger one's exponent. */
    struct extended p = extended_of(a), q = extended_of(b);
    int distance = p.exponent - q.exponent;
    if (distance > 54)
        return f64_of((struct extended){false, p.exponent, p.m | 1});
    struct extended sum = add_extended(multiply_extended(p, p), multiply_extended(q, q));
    int odd = sum.exponent & 1, half = (sum.exponent - odd) / 2;
    /* 1 <= sum < 4; a root of 63 bits from the 64 of the sum. */
    uint64_t rest = sum.m >> (2 - odd), root = 0, bit = (uint64_t)1 << 61;
    for (; bit; bit >>= 1) {
        uint64_t trial = 2 * root + bit;
        if (rest >= trial) {
            rest -= trial;
            root += bit;
        }
        rest <<= 1;
    }
    return f64_of(normalized(false, half + 2, root));
}

double sqrt(double x)
{
    return f64_value(__sqrt(f64_bits(x)));
}

float sqrtf(float x)
{
    return f32_value(sqrt_single(f32_bits(x)));
}

double hypot(double x, double y)
{
    return f64_value(hypot_bits(f64_bits(x), f64_bits(y)));
}

float hypotf(float x, float y)
{
    return as_float2(hypot_bits, x, y);
}
