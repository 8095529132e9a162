/* Between single and double precision. */
#include "soft.h"

f64 __extendsfdf2(f32 a)
{
    f32 x = f32_magnitude(a);
    f64 sign = (f64)(a & F32_SIGN) << 32;
    if (x > F32_INFINITY)
        return F64_NAN;
    if (x == F32_INFINITY)
        return sign | F64_INFINITY;
    if (x == 0)
        return sign;
    uint32_t m;
    int exponent = f32_unpack(x, &m);
    return sign | (((f64)(uint32_t)(exponent - 127 + 1023 - 1) << 52) + ((f64)m << 29));
}

f32 __truncdfsf2(f64 a)
{
    f64 x = f64_magnitude(a);
    f32 sign = (f32)(a >> 32) & F32_SIGN;
    if (x > F64_INFINITY)
        return F32_NAN;
    /* All of a double's subnormal numbers are below half of a float's smallest. */
    int exponent = (int)(x >> 52);
    if (exponent == 0)
        return sign;
    if (exponent == 2047)
        return sign | F32_INFINITY;
    uint32_t m = (uint32_t)(x >> 22) & 0x3fffffff;
    return f32_pack(sign, exponent - 1023 + 127, m | 0x40000000 | (((uint32_t)x & 0x3fffff) != 0));
}
