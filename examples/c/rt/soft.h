/* Software floating point: IEEE 754's binary32 and binary64 as integers. Rounding is to nearest, ties to even; there are
 * no flags and no traps. A result that is not a number is always the same one, as RISC-V's are. */
#ifndef SOFT_H
#define SOFT_H

#include "wide.h"

typedef uint32_t f32;
typedef uint64_t f64;

#define F32_SIGN 0x80000000u
#define F32_INFINITY 0x7f800000u
#define F32_NAN 0x7fc00000u
#define F32_ONE 0x00800000u /* the lowest bit of the exponent; the leading bit of a normal number's significand */
#define F64_SIGN 0x8000000000000000u
#define F64_INFINITY 0x7ff0000000000000u
#define F64_NAN 0x7ff8000000000000u
#define F64_ONE 0x0010000000000000u

static inline f32 f32_magnitude(f32 x)
{
    return x & ~F32_SIGN;
}

static inline f64 f64_magnitude(f64 x)
{
    return x & ~F64_SIGN;
}

static inline bool f32_is_nan(f32 x)
{
    return f32_magnitude(x) > F32_INFINITY;
}

static inline bool f64_is_nan(f64 x)
{
    return f64_magnitude(x) > F64_INFINITY;
}

/* A magnitude other than 0, infinity and NaN, taken apart: significand * 2^(exponent - bias - 23 or 52), where the
 * significand has its leading bit at 23 or 52. */
static inline int f32_unpack(f32 magnitude, uint32_t *significand)
{
    int exponent = (int)(magnitude >> 23);
    *significand = (magnitude & (F32_ONE - 1)) | F32_ONE;
    if (!exponent) {
        int shift = zeros32(magnitude) - 8;
        *significand = magnitude << shift;
        exponent = 1 - shift;
    }
    return exponent;
}

static inline int f64_unpack(f64 magnitude, uint64_t *significand)
{
    int exponent = (int)(magnitude >> 52);
    *significand = (magnitude & (F64_ONE - 1)) | F64_ONE;
    if (!exponent) {
        int shift = zeros64(magnitude) - 11;
        *significand = magnitude << shift;
        exponent = 1 - shift;
    }
    return exponent;
}

/* The nearest number to m * 2^(exponent - bias - 30), where m has its leading bit at 30, and the lowest bit of m is set
 * if there is more below it. */
static inline f32 f32_pack(f32 sign, int exponent, uint32_t m)
{
    if (exponent >= 255)
        return sign | F32_INFINITY;
    if (exponent <= 0) {
        m = shift_sticky32(m, 1 - exponent);
        exponent = 1;
    }
    /* The leading bit adds 1 to the exponent; rounding may carry into it, up to infinity. */
    return sign | (((uint32_t)(exponent - 1) << 23) + ((m + 0x3f + (m >> 7 & 1)) >> 7));
}

/* The same for a leading bit at 62. */
static inline f64 f64_pack(f64 sign, int exponent, uint64_t m)
{
    if (exponent >= 2047)
        return sign | F64_INFINITY;
    if (exponent <= 0) {
        m = shift_sticky64(m, 1 - exponent);
        exponent = 1;
    }
    return sign | (((uint64_t)(uint32_t)(exponent - 1) << 52) + ((m + 0x1ff + ((uint32_t)m >> 10 & 1)) >> 10));
}

/* For C code that computes with double: its bits, and back. */
static inline f64 f64_bits(double x)
{
    union { double value; f64 bits; } u = {x};
    return u.bits;
}

static inline double f64_value(f64 x)
{
    union { f64 bits; double value; } u = {x};
    return u.value;
}

static inline f32 f32_bits(float x)
{
    union { float value; f32 bits; } u = {x};
    return u.bits;
}

static inline float f32_value(f32 x)
{
    union { f32 bits; float value; } u = {x};
    return u.value;
}

#endif
