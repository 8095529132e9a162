/* Numbers with 64 bits of precision, in which the functions of math.h compute: integer arithmetic is what this machine has. */
#ifndef EXTENDED_H
#define EXTENDED_H

#include "soft.h"

/* m * 2^(exponent - 63), where m has its leading bit at 63, or is 0. */
struct extended {
    bool negative;
    int exponent;
    uint64_t m;
};

/* Between numbers and their bits. */
f64 __adddf3(f64 a, f64 b);
f64 __subdf3(f64 a, f64 b);
f64 __muldf3(f64 a, f64 b);
f64 __divdf3(f64 a, f64 b);
f64 __extendsfdf2(f32 a);
f32 __truncdfsf2(f64 a);

/* A function of doubles as one of floats. */
static inline float as_float(f64 function(f64), float x)
{
    return f32_value(__truncdfsf2(function(__extendsfdf2(f32_bits(x)))));
}

static inline float as_float2(f64 function(f64, f64), float x, float y)
{
    return f32_value(__truncdfsf2(function(__extendsfdf2(f32_bits(x)), __extendsfdf2(f32_bits(y)))));
}

#define F64(value) f64_bits(value)

/* Neither infinity nor NaN. */
static inline struct extended extended_of(f64 x)
{
    f64 magnitude = f64_magnitude(x);
    struct extended e = {x != magnitude, 0, 0};
    if (magnitude) {
        e.exponent = f64_unpack(magnitude, &e.m) - 1023;
        e.m <<= 11;
    }
    return e;
}

static inline f64 f64_of(struct extended e)
{
    f64 sign = e.negative ? F64_SIGN : 0;
    return e.m ? f64_pack(sign, e.exponent + 1023, e.m >> 1 | (e.m & 1)) : sign;
}

static inline struct extended normalized(bool negative, int exponent, uint64_t m)
{
    int shift = m ? zeros64(m) : 0;
    return (struct extended){negative, exponent - shift, m << shift};
}

static inline struct extended multiply_extended(struct extended a, struct extended b)
{
    return normalized(a.negative ^ b.negative, a.exponent + b.exponent + 1, multiply_high(a.m, b.m));
}

static inline struct extended add_extended(struct extended a, struct extended b)
{
    if (a.exponent < b.exponent || !a.m) {
        struct extended t = a;
        a = b;
        b = t;
    }
    int distance = a.exponent - b.exponent;
    if (!b.m || distance > 63)
        return a;
    /* One bit less, so that a sum fits. */
    uint64_t m = a.m >> 1, n = b.m >> 1 >> distance;
    if (a.negative == b.negative)
        return normalized(a.negative, a.exponent + 1, m + n);
    /* Without losing the lowest bit of a difference between neighbours. */
    if (distance == 0)
        return a.m >= b.m ? normalized(a.negative, a.exponent, a.m - b.m)
                          : normalized(b.negative, a.exponent, b.m - a.m);
    return normalized(a.negative, a.exponent, a.m - (b.m >> distance));
}

static inline struct extended negated(struct extended a)
{
    a.negative = !a.negative;
    return a;
}

/* b is not 0. The quotient has 60 bits. */
static inline struct extended divide_extended(struct extended a, struct extended b)
{
    uint64_t m = a.m >> 3, n = b.m >> 3, quotient = 0;
    uint32_t n1 = (uint32_t)(n >> 45);
    int exponent = a.exponent - b.exponent;
    if (!a.m)
        return a;
    if (m < n) {
        m <<= 1;
        exponent--;
    }
    m -= n;
    for (int i = 0; i < 4; i++) {
        uint32_t digit = (uint32_t)(m >> 29) / n1;
        m = (m << 16) - n * digit;
        while ((int64_t)m < 0) {
            digit--;
            m += n;
        }
        quotient = quotient << 16 | digit;
    }
    return (struct extended){a.negative ^ b.negative, exponent, (uint64_t)1 << 63 | quotient >> 1};
}

/* The bits of a number below 1, behind the point. */
static inline uint64_t fraction_of(struct extended a)
{
    int shift = -1 - a.exponent;
    return shift > 63 ? 0 : a.m >> shift;
}

/* High half of a product of a signed number and one without a sign. */
static inline int64_t multiply_high_signed(int64_t a, uint64_t b)
{
    return a < 0 ? -(int64_t)multiply_high(-(uint64_t)a, b) : (int64_t)multiply_high((uint64_t)a, b);
}

/* --- Between files --- */

/* 2^(whole + fraction / 2^64) */
struct extended __power_of_two(int whole, uint64_t fraction);

/* The logarithm of a positive number for base 2, of which 128 bits are correct: `*low` continues m. */
struct extended __logarithm(struct extended x, uint64_t *low);

/* The arc whose tangent is z, 0 <= z <= 1. */
struct extended __arc(struct extended z);

f64 __exp(f64 x);
f64 __expm1(f64 x);
f64 __log(f64 x);
f64 __log1p(f64 x);
f64 __sqrt(f64 x);
f64 __atan2(f64 y, f64 x);

static const struct extended HALF_PI = {false, 0, 0xc90fdaa22168c235}, PI = {false, 1, 0xc90fdaa22168c235};

#endif
