/* pow() and cbrt(): 2^(y log2 x). */
#pragma GCC optimize("Os")
#include <math.h>
#include "extended.h"

/* 0, 1, 2: y is no integer, odd, even. */
static int integer_kind(f64 y)
{
    int exponent = (int)(f64_magnitude(y) >> 52) - 1023;
    if (f64_magnitude(y) == 0 || exponent > 52)
        return 2;
    if (exponent < 0)
        return 0;
    uint64_t m = (y & (F64_ONE - 1)) | F64_ONE, unit = (uint64_t)1 << (52 - exponent);
    return m & (unit - 1) ? 0 : m & unit ? 1 : 2;
}

/* x^y for x > 0, neither of them infinite. */
static f64 positive(f64 x, f64 y, f64 sign)
{
    uint64_t low;
    struct extended e = extended_of(y), l = __logarithm(extended_of(x), &low);
    if (!e.m || !l.m)
        return sign | F64(1.0);
    bool negative = e.negative ^ l.negative;
    int exponent = e.exponent + l.exponent;
    if (exponent > 11)
        return negative ? sign : sign | F64_INFINITY;
    struct wide product = multiply64(e.m, l.m);
    uint64_t sum = product.low + multiply_high(e.m, low);
    product.high += sum < product.low;
    product.low = sum;
    int shift = 62 - exponent;
    uint64_t whole = 0, fraction = 0;
    if (shift < 64) {
        whole = product.high >> shift;
        fraction = product.high << (64 - shift) | product.low >> shift;
    } else if (shift < 128) {
        fraction = product.high >> (shift - 64);
    }
    struct extended power = negative ? __power_of_two(-(int)whole - (fraction != 0), -fraction)
                                     : __power_of_two((int)whole, fraction);
    power.negative = sign != 0;
    return f64_of(power);
}

static f64 pow_bits(f64 x, f64 y)
{
    f64 one = F64(1.0), a = f64_magnitude(x), b = f64_magnitude(y);
    if (x == one || b == 0)
        return one;
    if (f64_is_nan(x) || f64_is_nan(y))
        return F64_NAN;
    bool down = y & F64_SIGN;
    if (b == F64_INFINITY)
        return a == one ? one : (a > one) == down ? 0 : F64_INFINITY;
    int kind = integer_kind(y);
    f64 sign = kind == 1 ? x & F64_SIGN : 0;
    if (a == 0 || a == F64_INFINITY)
        return sign | ((a == 0) == down ? F64_INFINITY : 0);
    if (x & F64_SIGN && kind == 0)
        return F64_NAN;
    return positive(a, y, sign);
}

static f64 cbrt_bits(f64 x)
{
    f64 magnitude = f64_magnitude(x);
    if (magnitude == 0 || magnitude >= F64_INFINITY)
        return f64_is_nan(x) ? F64_NAN : x;
    /* x = 2^(3 n) m, and the exponent of m is 0, 1 or 2: its logarithm's third, 64 bits behind the point. */
    uint64_t low;
    struct extended e = extended_of(magnitude);
    int third = (e.exponent + 3 * 400) / 3 - 400;
    e.exponent -= 3 * third;
    struct extended l = __logarithm(e, &low);
    if (!l.m)
        return (x & F64_SIGN) | f64_of((struct extended){false, third, (uint64_t)1 << 63});
    uint64_t fraction;
    /* 62 - exponent bits are behind the point, the exponent is 1 at most; 2^64 / 3 times it. */
    uint64_t part = l.m / 3, rest = l.m % 3 << 62 | low >> 2;
    int shift = l.exponent + 1;
    rest = rest / 3;
    if (shift > 0)
        fraction = part << shift | rest >> (62 - shift);
    else
        fraction = shift > -64 ? part >> -shift : 0;
    struct extended root = __power_of_two(third, fraction);
    root.negative = x != magnitude;
    return f64_of(root);
}

double pow(double x, double y)
{
    return f64_value(pow_bits(f64_bits(x), f64_bits(y)));
}

double cbrt(double x)
{
    return f64_value(cbrt_bits(f64_bits(x)));
}

float powf(float x, float y)
{
    return as_float2(pow_bits, x, y);
}

float cbrtf(float x)
{
    return as_float(cbrt_bits, x);
}
