/* Single precision from integers and to integers. To integers is towards zero; what does not fit becomes the nearest integer
 * that there is, and a NaN the largest, as RISC-V's instructions have it. */
#include "soft.h"

/* The magnitude without its fraction; at most 2^64 - 1. */
static uint64_t whole(f32 magnitude)
{
    int exponent = (int)(magnitude >> 23) - 127;
    if (exponent < 0)
        return 0;
    if (exponent > 63)
        return UINT64_MAX;
    uint64_t significand = (magnitude & (F32_ONE - 1)) | F32_ONE;
    return exponent >= 23 ? significand << (exponent - 23) : significand >> (23 - exponent);
}

/* The same up to 2^32 - 1. */
static uint32_t whole32(f32 magnitude)
{
    int exponent = (int)(magnitude >> 23) - 127;
    if (exponent < 0)
        return 0;
    if (exponent > 31)
        return UINT32_MAX;
    return ((uint32_t)(magnitude << 8) | 0x80000000u) >> (31 - exponent);
}

int32_t __fixsfsi(f32 a)
{
    uint32_t n = whole32(f32_magnitude(a));
    if (a & F32_SIGN && !f32_is_nan(a))
        return n > 0x80000000u ? INT32_MIN : (int32_t)-n;
    return n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

int64_t __fixsfdi(f32 a)
{
    uint64_t n = whole(f32_magnitude(a));
    if (a & F32_SIGN && !f32_is_nan(a))
        return n > (uint64_t)INT64_MAX ? INT64_MIN : (int64_t)-n;
    return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

uint32_t __fixunssfsi(f32 a)
{
    return a & F32_SIGN && !f32_is_nan(a) ? 0 : whole32(f32_magnitude(a));
}

uint64_t __fixunssfdi(f32 a)
{
    return a & F32_SIGN && !f32_is_nan(a) ? 0 : whole(f32_magnitude(a));
}

static f32 from32(f32 sign, uint32_t n)
{
    if (!n)
        return 0;
    int shift = zeros32(n);
    n <<= shift;
    return f32_pack(sign, 127 + 31 - shift, n >> 1 | (n & 1));
}

static f32 from64(f32 sign, uint64_t n)
{
    if (!n)
        return 0;
    int shift = zeros64(n);
    n <<= shift;
    return f32_pack(sign, 127 + 63 - shift, (uint32_t)(n >> 33) | ((n & 0x1ffffffff) != 0));
}

f32 __floatunsisf(uint32_t n)
{
    return from32(0, n);
}

f32 __floatsisf(int32_t n)
{
    return n < 0 ? from32(F32_SIGN, -(uint32_t)n) : from32(0, (uint32_t)n);
}

f32 __floatundisf(uint64_t n)
{
    return from64(0, n);
}

f32 __floatdisf(int64_t n)
{
    return n < 0 ? from64(F32_SIGN, -(uint64_t)n) : from64(0, (uint64_t)n);
}
