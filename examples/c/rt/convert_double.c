/* Double precision from integers and to integers. To integers is towards zero; what does not fit becomes the nearest integer
 * that there is, and a NaN the largest, as RISC-V's instructions have it. */
#include "soft.h"

/* The magnitude without its fraction; at most 2^64 - 1. */
static uint64_t whole(f64 magnitude)
{
    int exponent = (int)(magnitude >> 52) - 1023;
    if (exponent < 0)
        return 0;
    if (exponent > 63)
        return UINT64_MAX;
    uint64_t significand = (magnitude & (F64_ONE - 1)) | F64_ONE;
    return exponent >= 52 ? significand << (exponent - 52) : significand >> (52 - exponent);
}

/* The same up to 2^32 - 1. */
static uint32_t whole32(f64 magnitude)
{
    int exponent = (int)(magnitude >> 52) - 1023;
    if (exponent < 0)
        return 0;
    if (exponent > 31)
        return UINT32_MAX;
    return ((uint32_t)(magnitude >> 21) | 0x80000000u) >> (31 - exponent);
}

int32_t __fixdfsi(f64 a)
{
    uint32_t n = whole32(f64_magnitude(a));
    if (a & F64_SIGN && !f64_is_nan(a))
        return n > 0x80000000u ? INT32_MIN : (int32_t)-n;
    return n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

int64_t __fixdfdi(f64 a)
{
    uint64_t n = whole(f64_magnitude(a));
    if (a & F64_SIGN && !f64_is_nan(a))
        return n > (uint64_t)INT64_MAX ? INT64_MIN : (int64_t)-n;
    return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

uint32_t __fixunsdfsi(f64 a)
{
    return a & F64_SIGN && !f64_is_nan(a) ? 0 : whole32(f64_magnitude(a));
}

uint64_t __fixunsdfdi(f64 a)
{
    return a & F64_SIGN && !f64_is_nan(a) ? 0 : whole(f64_magnitude(a));
}

/* All 32 bits fit into a double. */
f64 __floatunsidf(uint32_t n)
{
    if (!n)
        return 0;
    int shift = zeros32(n);
    return ((uint64_t)(uint32_t)(1023 + 30 - shift) << 52) + ((uint64_t)(n << shift) << 21);
}

f64 __floatsidf(int32_t n)
{
    return n < 0 ? F64_SIGN | __floatunsidf(-(uint32_t)n) : __floatunsidf((uint32_t)n);
}

static f64 from64(f64 sign, uint64_t n)
{
    if (!n)
        return 0;
    int shift = zeros64(n);
    n <<= shift;
    return f64_pack(sign, 1023 + 63 - shift, n >> 1 | (n & 1));
}

f64 __floatundidf(uint64_t n)
{
    return from64(0, n);
}

f64 __floatdidf(int64_t n)
{
    return n < 0 ? from64(F64_SIGN, -(uint64_t)n) : from64(0, (uint64_t)n);
}
